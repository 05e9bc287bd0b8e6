import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest({ WEBHOOKS__ALLOW_PRIVATE: 'true' });

/** Until a real call has come to it, or the wait after a failure, which is 5 s at most after the first, is over. */
const PATIENT = { timeout: 40_000 };

/** Ids of what was told, in order. */
const told: string[] = [];
/** Until the page has shown that it was. */
let isRefused = true;
const receiver = createServer((asked, answer) => {
  told.push(String(asked.headers['webhook-id']));
  asked.resume();
  answer.writeHead(isRefused ? 503 : 204).end();
});
afterAll(() => receiver.close());

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  await dashboard.server.api.send('POST', '/v1/webhooks', { url, events: ['call.ended'] });
});

describe('the callbacks of a call', () => {
  it('show a delivery that failed, that it arrived at last, and can be sent again', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await dashboard.call('--from', '+15551110001', '--say', 'thank you goodbye').finished;
    const { api } = dashboard.server;
    const [call] = (await api.get<{ data: readonly { id: string }[] }>('/v1/calls?limit=1')).data;
    await viewer.open(`/calls/${call?.id}?tab=deliveries`);
    const row = page.getByRole('row').filter({ hasText: 'call.ended' });
    await row.getByText('Waiting').waitFor();
    await row.getByText('HTTP 503').waitFor();
    isRefused = false;
    // It looks by itself until what waits was delivered.
    await expect.poll(() => row.getByText('Delivered').count(), PATIENT).toBe(1);
    await row.getByText('HTTP 204').waitFor();
    const tries = told.length;
    expect(tries).toBeGreaterThan(1);
    expect(await row.getByRole('cell', { name: String(tries), exact: true }).count()).toBe(1);
    await viewer.expectAccessible();
    await row.getByRole('button', { name: 'Re-send call.ended' }).click();
    await page.getByText('It is sent once more.').waitFor();
    await expect.poll(() => told.length, PATIENT).toBe(tries + 1);
    await expect.poll(() => row.getByText('Delivered').count(), PATIENT).toBe(1);
    expect(new Set(told).size).toBe(1);
    viewer.expectQuiet();
  });
});

describe('the page of a call that is held', () => {
  it('has what was said as it is said, and completes by itself when the call ends', async () => {
    await dashboard.changeAssistant({ recording: { enabled: true } });
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110002', '--say', 'when are you open', '--wait', '60000');
    await page.getByRole('link', { name: '+15551110002' }).click();
    const rows = page.getByRole('list', { name: 'Transcript' }).locator('> li');
    await expect.poll(() => rows.count(), PATIENT).toBeGreaterThanOrEqual(3);
    expect(await page.locator('audio').count()).toBe(0);
    expect(await page.getByText('There is no recording of this call.').count()).toBe(0);
    await viewer.expectAccessible();
    call.child.kill('SIGTERM');
    await call.finished;
    await page.locator('canvas').waitFor();
    expect(await page.getByRole('button', { name: 'Hang up' }).count()).toBe(0);
    expect(await page.getByRole('log', { name: 'Being said now' }).count()).toBe(0);
    // The sound came after the page: it is heard, and followed in the words, all the same.
    await page.locator('audio').evaluate((audio) => void Object.assign(audio, { play: async () => {} }));
    await rows.last().getByRole('button').first().click();
    await rows.last().locator('[aria-current]').first().waitFor();
    viewer.expectQuiet();
  });

  it('says that there is no recording, and that nothing was said, where it is so', async () => {
    await dashboard.changeAssistant({ recording: { enabled: false }, greeting: '' });
    const { page, ...viewer } = await dashboard.signedIn();
    const call = dashboard.call('--from', '+15551110003', '--wait', '60000');
    await page.getByRole('link', { name: '+15551110003' }).click();
    await page.getByText('Connected', { exact: true }).first().waitFor();
    call.child.kill('SIGTERM');
    await call.finished;
    await page.getByText('There is no recording of this call.').waitFor();
    await page.getByText('Nothing was said in this call.').waitFor();
    await page.getByRole('link', { name: 'See what happened' }).click();
    await page.getByText('call.connected').waitFor();
    viewer.expectQuiet();
  });
});
