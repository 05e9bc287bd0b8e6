import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeWav, peak } from '@rapida/audio';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../server/support/command.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import { openLine } from './support/line.js';

const dashboard = new DashboardUnderTest();
let assistantId: string;

beforeAll(async () => {
  assistantId = await dashboard.changeAssistant({ silence: { promptAfterMs: 120_000 } });
  await dashboard.server.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, {
    transferTargets: ['sales,100,1'],
  });
});

/** Until a real call has come to it. */
const PATIENT = { timeout: 40_000 };

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly startMs: number;
}

/** The newest call, and what was said in it after the greeting. */
async function heardAfterGreeting(): Promise<readonly Turn[]> {
  const { api } = dashboard.server;
  const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/calls?limit=1');
  return (await api.get<{ data: readonly Turn[] }>(`/v1/calls/${data[0]?.id}/transcript`)).data.slice(1);
}

describe('a live call', () => {
  it('is listed while it is held, with the words as they are spoken', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await page.getByText('No calls at this moment.').waitFor();
    const call = dashboard.call('--from', '+15551110001', '--say', 'when are you open', '--wait', '60000');
    const row = page.getByRole('row').filter({ hasText: '+15551110001' });
    await row.getByText('Connected').waitFor();
    for (const name of ['Front desk', 'single']) await row.getByRole('cell', { name, exact: true }).waitFor();
    await page.getByText('1 call now: 1 connected').waitFor();
    const [question, answer] = await vi.waitFor(async () => {
      const turns = await heardAfterGreeting();
      expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant']);
      return turns;
    }, PATIENT);
    // Both are there, and the question still is: what was understood of it is up to the recogniser.
    const spoken = { caller: question?.text || 'not understood', assistant: answer?.text ?? '' };
    for (const [who, text] of Object.entries(spoken))
      await row.locator(`[data-who="${who}"]`, { hasText: text }).waitFor();
    await viewer.expectAccessible();
    call.child.kill('SIGTERM');
    await page.getByText('No calls at this moment.').waitFor();
    await call.finished;
    viewer.expectQuiet();
  });

  it('is listed on a telephone too, with the last words under the number', async () => {
    const { page, ...viewer } = await dashboard.signedIn({ viewport: { width: 390, height: 844 } });
    const call = dashboard.call('--from', '+15551110007', '--wait', '60000');
    const row = page.getByRole('row').filter({ hasText: '+15551110007' });
    await row.getByText('How can I help you?').waitFor();
    expect(await row.getByRole('cell').count()).toBe(3);
    await viewer.expectAccessible();
    call.child.kill('SIGTERM');
    await call.finished;
    viewer.expectQuiet();
  });

  it('is listened to: both sides are heard', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110006', ...Array(4).fill(['--say', 'when are you open']).flat());
    await page.getByRole('link', { name: '+15551110006' }).click();
    await page.getByRole('button', { name: 'Listen' }).click();
    await page.getByRole('button', { name: 'Stop listening' }).waitFor();
    await viewer.expectAccessible();
    for (const side of ['caller', 'assistant']) {
      const meter = page.getByRole('meter', { name: `Loudness of the ${side}` });
      await expect
        .poll(() => meter.evaluate((one) => (one as HTMLMeterElement).value), { timeout: 40_000 })
        .toBeGreaterThan(40);
    }
    await page.getByRole('button', { name: 'Stop listening' }).click();
    await page.getByRole('button', { name: 'Listen' }).waitFor();
    expect(await page.getByRole('meter').count()).toBe(0);
    call.child.kill('SIGTERM');
    await call.finished;
    viewer.expectQuiet();
  });

  it('is spoken into, and the caller hears it', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const folder = await temporaryFolder();
    const file = join(folder.path, 'heard.wav');
    const call = dashboard.call('--from', '+15551110002', '--wait', '60000', '--record', file);
    await page.getByRole('link', { name: '+15551110002' }).click();
    await page.getByRole('button', { name: 'Say this...' }).click();
    await page.getByLabel('What the assistant shall say').fill('A colleague is on the way');
    await viewer.expectAccessible();
    await page.getByRole('button', { name: 'Say it' }).click();
    await page.getByRole('list', { name: 'Transcript' }).getByText('A colleague is on the way').waitFor();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('Completed').first().waitFor();
    expect((await call.finished).code).toBe(0);
    const [turn] = await heardAfterGreeting();
    expect(turn?.text).toBe('A colleague is on the way');
    const { channels, rateHz } = decodeWav(await readFile(file));
    const heard = channels[1]?.subarray((turn?.startMs ?? 0) * (rateHz / 1_000)) ?? new Int16Array();
    expect(peak(heard)).toBeGreaterThan(1_000);
    await folder.remove();
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

  it('is not missed while the way to the server was cut: the page says so, and then shows what is', async () => {
    const { url, api } = dashboard.server;
    const line = await openLine(url);
    const { page } = await dashboard.signedIn({}, line.url);
    const before = dashboard.call('--from', '+15551110005', '--wait', '60000');
    await page.getByRole('link', { name: '+15551110005' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await line.cut();
    await page.getByText('The live connection was lost; it is being made again.').waitFor();
    await page.getByText('Not live: connecting again...').waitFor();
    // What was known stays to be read.
    expect(await page.getByRole('link', { name: '+15551110005' }).count()).toBe(1);
    before.child.kill('SIGTERM');
    await before.finished;
    const meanwhile = dashboard.call('--from', '+15551110008', '--wait', '60000');
    const heldNow = async () =>
      (await api.get<{ data: readonly { from: string }[] }>('/v1/calls?live=true')).data.map(({ from }) => from);
    await expect.poll(heldNow, PATIENT).toEqual(['+15551110008']);
    line.mend();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: '+15551110008' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: '+15551110005' }).count(), PATIENT).toBe(0);
    expect(await page.getByText('The live connection was lost').count()).toBe(0);
    meanwhile.child.kill('SIGTERM');
    await page.getByText('No calls at this moment.').waitFor();
    await meanwhile.finished;
    await line.close();
  });
});
