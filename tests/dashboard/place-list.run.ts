import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
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
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it('keeps what else stands in it with its call', async () => {
    const { data } = await dashboard.server.api.get<{ data: readonly { metadata: object }[] }>(
      `/v1/calls?to=${encodeURIComponent(numbers()[3] ?? '')}`,
    );
    expect(data.map(({ metadata }) => metadata)).toEqual([{ customer: 'Customer 3' }]);
  });
});
