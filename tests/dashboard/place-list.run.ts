import { readFile } from 'node:fs/promises';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARI_USER, asteriskCredential, callingAssistant } from '../server/support/outbound.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const PASSWORD = 'only-the-server-knows';
/** Two requests, the second of which is not full. */
const ROWS = 120;

const dashboard = new DashboardUnderTest();
let pbx: FakeAri;
beforeAll(async () => {
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  for (const number of numbers())
    pbx.phone(number, { outcome: number.endsWith('7') ? 'reject' : 'busy', rings: false });
  const { api } = dashboard.server;
  const credentialId = await asteriskCredential(api, 'office', { url: pbx.url, password: PASSWORD });
  await callingAssistant(api, credentialId, { phone: '+15550001111', context: 'bot' });
});
afterAll(() => pbx?.close());

function numbers(): string[] {
  return Array.from({ length: ROWS }, (_, row) => `+1555200${String(1_000 + row)}`);
}

describe('a list of calls', () => {
  it('is placed in portions, dialled once each, and watched to its end', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls/place-list');
    const lines = numbers().map((number, row) => `${number},Customer ${row}`);
    await page.getByLabel('A file').setInputFiles({
      ...{ name: 'list.csv', mimeType: 'text/csv' },
      buffer: Buffer.from(['to,customer', ...lines].join('\n')),
    });
    await page.getByText(`${ROWS} calls, all of them as they should be.`).waitFor();
    await page.getByRole('button', { name: `Place ${ROWS} calls` }).click();
    await page.getByText('All of them are in the queue, or further.').waitFor();
    await page.getByLabel('Placed').and(page.locator('progress')).waitFor();
    await page.locator('label', { hasText: 'Over' }).getByText(`${ROWS} of ${ROWS}`).waitFor();

    const tally = page.getByRole('table', { name: 'Calls by state' });
    await tally.getByRole('row').filter({ hasText: 'Busy' }).getByText('108', { exact: true }).waitFor();
    await tally.getByRole('row').filter({ hasText: 'Rejected' }).getByText('12', { exact: true }).waitFor();
    const dialled = pbx.requests.filter(({ method, path }) => method === 'POST' && path === '/channels');
    expect(dialled.map(({ query }) => query.endpoint).sort()).toEqual(
      numbers().map((number) => `PJSIP/${number}@trunk`),
    );
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).click();
    const results = await linesOf(await downloading);
    expect(results[0]).toBe('to,from,customer,call_id,state');
    expect(results).toHaveLength(ROWS + 1);
    expect(results.slice(1).filter((line) => line.endsWith(',busy'))).toHaveLength(108);
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it('keeps what else stands in it with its call', async () => {
    const { data } = await dashboard.server.api.get<{ data: readonly { metadata: object }[] }>(
      `/v1/calls?to=${encodeURIComponent(numbers()[3] ?? '')}`,
    );
    expect(data.map(({ metadata }) => metadata)).toEqual([{ customer: 'Customer 3' }]);
  });

  it('whose answers were lost is placed once, though the page was loaded again', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const again = ['+15553000001', '+15553000002'];
    for (const number of again) pbx.phone(number, { outcome: 'busy', rings: false });
    await viewer.open('/calls/place-list');
    // Taken by the server each time, and told to nobody.
    await page.route('**/create-bulk-phone-call', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await placeAsText(page, again);
    await page.getByText('The rest was not placed; what was placed stays placed.').waitFor();
    await page.unroute('**/create-bulk-phone-call');
    await page.reload();
    await placeAsText(page, again);
    await page.locator('label', { hasText: 'Over' }).getByText('2 of 2').waitFor();
    const dialled = pbx.requests.filter(({ query }) => query.endpoint?.startsWith('PJSIP/+15553'));
    expect(dialled.map(({ query }) => query.endpoint).sort()).toEqual(again.map((number) => `PJSIP/${number}@trunk`));
  });

  it('is cancelled as far as it waits; what rings goes on', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const { api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/assistants');
    const { data: credentials } = await api.get<{ data: readonly { id: string }[] }>('/v1/credentials');
    for (const { id } of data) {
      const options = { phone: '+15550001111', context: 'bot' };
      const deployment = { enabled: true, credentialId: credentials[0]?.id, options, limits: { concurrentCalls: 1 } };
      await api.send('PUT', `/v1/assistants/${id}/phone-deployment`, deployment);
    }
    const waiting = ['+15554000001', '+15554000002', '+15554000003'];
    for (const number of waiting) pbx.phone(number, { outcome: 'nothing', rings: true });
    await viewer.open('/calls/place-list');
    await placeAsText(page, waiting);
    const tally = page.getByRole('table', { name: 'Calls by state' });
    await tally.getByRole('row').filter({ hasText: 'Ringing' }).getByText('1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel what waits' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel what waits' }).click();
    await tally.getByRole('row').filter({ hasText: 'Cancelled' }).getByText('2', { exact: true }).waitFor();
    await tally.getByRole('row').filter({ hasText: 'Ringing' }).getByText('1', { exact: true }).waitFor();
    const dialled = pbx.requests.filter(({ query }) => query.endpoint?.startsWith('PJSIP/+15554'));
    expect(dialled).toHaveLength(1);
  });
});

async function placeAsText(page: Page, numbers: readonly string[]): Promise<void> {
  await page.getByLabel('The list as text').fill(['to', ...numbers].join('\n'));
  await page.getByRole('button', { name: `Place ${numbers.length} calls` }).click();
}

async function linesOf(download: Download): Promise<readonly string[]> {
  return (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
}
