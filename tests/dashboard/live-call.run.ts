import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest();
let assistantId: string;

beforeAll(async () => {
  assistantId = await dashboard.changeAssistant({ silence: { promptAfterMs: 120_000 } });
  await dashboard.server.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, {
    transferTargets: ['sales,100,1'],
  });
});

/** What the page of a call that is held shows of its state. */
const ENDED = /Completed|Failed/;

describe('a live call', () => {
  it('is listed while it is held, with the words as they are spoken', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await page.getByText('No calls at this moment.').waitFor();
    const call = dashboard.call('--from', '+15551110001', '--say', 'when are you open', '--say', 'thank you goodbye');
    const row = page.getByRole('row').filter({ hasText: '+15551110001' });
    await row.getByText('Connected').waitFor();
    await row.getByText('when are you open').waitFor();
    await viewer.expectAccessible();
    await page.getByText('No calls at this moment.').waitFor();
    expect((await call.finished).code).toBe(0);
    viewer.expectQuiet();
  });

  it('is listened to', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110006', '--wait', '12000');
    await page.getByRole('link', { name: '+15551110006' }).click();
    await page.getByRole('button', { name: 'Listen' }).click();
    await page.getByRole('button', { name: 'Stop listening' }).waitFor();
    await page.getByRole('button', { name: 'Stop listening' }).click();
    await page.getByRole('button', { name: 'Listen' }).waitFor();
    call.child.kill('SIGTERM');
    await call.finished;
    viewer.expectQuiet();
  });

  it('is spoken into', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110002', '--wait', '12000');
    await page.getByRole('link', { name: '+15551110002' }).click();
    await page.getByRole('button', { name: 'Say this...' }).click();
    await page.getByLabel('What the assistant shall say').fill('A colleague is on the way');
    await viewer.expectAccessible();
    await page.getByRole('button', { name: 'Say it' }).click();
    await page.getByRole('list', { name: 'Transcript' }).getByText('A colleague is on the way').waitFor();
    call.child.kill('SIGTERM');
    await page.getByText(ENDED).first().waitFor();
    viewer.expectQuiet();
  });

  it('is handed over to a target that is allowed', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110003', '--wait', '15000');
    await page.getByRole('link', { name: '+15551110003' }).click();
    await page.getByRole('button', { name: 'Transfer...' }).click();
    await page.getByLabel('To', { exact: true }).selectOption('sales,100,1');
    await page.getByRole('button', { name: 'Transfer', exact: true }).click();
    await page.getByText('goto:sales,100,1').waitFor();
    await call.finished;
    // What the dialplan asks when the sound is over.
    const { url, api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { contextId: string }[] }>('/v1/calls?limit=1');
    const next = await fetch(`${url}/v1/talk/asterisk/ctx/${data[0]?.contextId}/next`);
    expect(await next.text()).toBe('goto:sales,100,1');
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('call.transferred').waitFor();
    viewer.expectQuiet();
  });

  it('is hung up, after being asked whether that is meant', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110004', '--wait', '15000');
    await page.getByRole('link', { name: '+15551110004' }).click();
    await page.getByRole('button', { name: 'Hang up' }).click();
    const question = page.getByRole('dialog', { name: 'Hang up this call?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => question.count()).toBe(0);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await question.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('Completed').first().waitFor();
    await call.finished;
    expect(await page.getByRole('button', { name: 'Hang up' }).count()).toBe(0);
    viewer.expectQuiet();
  });

  it('is shown again when the line to the server was gone for a while', async () => {
    const { page, context } = await dashboard.signedIn();
    await page.getByText('Live', { exact: true }).waitFor();
    await context.setOffline(true);
    await context.setOffline(false);
    const call = dashboard.call('--from', '+15551110005', '--say', 'thank you goodbye');
    await vi.waitFor(async () => expect(await page.getByRole('link', { name: '+15551110005' }).count()).toBe(1), {
      timeout: 20_000,
    });
    await call.finished;
  });
});
