import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { asteriskCredential, callingAssistant } from '../server/support/outbound.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest();

/** Of each request, which places as many as one can. */
const ORDERS = 1_000;
const WAITING = 3 * ORDERS;
/** A window of 860 px has about 20 rows; some more are held ready above and below. */
const ROWS_MAX = 60;
/** Until a real call has come to it. */
const PATIENT = { timeout: 40_000 };
const OLDEST = '+15550000001';

interface CallJson {
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly direction: string;
  readonly createdAt: string;
}

/** One call that was held, and before it in the list thousands that wait to be placed. */
beforeAll(async () => {
  const { api } = dashboard.server;
  await dashboard.call('--from', OLDEST, '--say', 'thank you goodbye').finished;
  const nobody = { url: 'http://127.0.0.1:9/', password: 'not-asked-for' };
  const assistantId = await callingAssistant(api, await asteriskCredential(api, 'pbx', nobody));
  const notBefore = new Date(Date.now() + 24 * 60 * 60_000).toISOString();
  for (let placed = 0; placed < WAITING; placed += ORDERS) {
    const phoneCalls = Array.from({ length: ORDERS }, (_, index) => ({
      assistant: { assistantId, version: 'latest' },
      toNumber: `+4930${String(1_000_000 + placed + index)}`,
      options: { notBefore },
    }));
    await api.send('POST', '/v1/talk/create-bulk-phone-call', { phoneCalls });
  }
}, 60_000);

/** All calls, newest first, as the API has them. */
async function allCalls(): Promise<readonly CallJson[]> {
  const calls: CallJson[] = [];
  for (let cursor = ''; ; ) {
    const path = `/v1/calls?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = await dashboard.server.api.get<{ data: readonly CallJson[]; nextCursor: string | null }>(path);
    calls.push(...page.data);
    if (page.nextCursor === null) return calls;
    cursor = page.nextCursor;
  }
}

/** Scrolls down until the row of this place was in the page: what stood in each place, and the most rows at once. */
function scrollTo(page: Page, last: number) {
  return page.evaluate(async (place) => {
    // Less than what is held ready beyond the window.
    const STEP_PX = 360;
    const FRAMES_MAX = 20_000;
    const seen: Record<number, string> = {};
    let rowsMax = 0;
    for (let frames = 0; frames < FRAMES_MAX && !(place in seen); frames++) {
      const rows = [...document.querySelectorAll<HTMLElement>('tbody tr[aria-rowindex]')];
      // The head of the table is the first row.
      for (const row of rows) seen[Number(row.ariaRowIndex) - 1] = row.querySelector('a')?.lastChild?.textContent ?? '';
      rowsMax = Math.max(rowsMax, rows.length);
      window.scrollBy(0, STEP_PX);
      await new Promise(requestAnimationFrame);
    }
    return { seen, rowsMax };
  }, last);
}

describe('thousands of calls', () => {
  it('are scrolled through to the last one, in their order, with a few rows in the page at a time', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls?view=history');
    const calls = await allCalls();
    expect(calls).toHaveLength(WAITING + 1);
    await page.getByText('100 newest calls').waitFor();
    const { seen, rowsMax } = await scrollTo(page, calls.length);
    expect(Object.values(seen)).toEqual(calls.map(({ direction, from, to }) => (direction === 'inbound' ? from : to)));
    expect(rowsMax).toBeLessThan(ROWS_MAX);
    await page.getByText(`${calls.length} calls`).waitFor();
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it('are not read anew under whoever is deep in them: the page says that there is more, and shows it when asked', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls?view=history');
    await page.getByText('100 newest calls').waitFor();
    await scrollTo(page, 150);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const call = dashboard.call('--from', '+15550000002', '--say', 'thank you goodbye');
    await page.getByText('Calls have come or ended since this was read.').waitFor();
    expect(asked.filter((url) => /\/v1\/calls\?/.test(url))).toEqual([]);
    await call.finished;
    await page.getByRole('button', { name: 'Read it anew' }).click();
    await page.getByRole('link', { name: '+15550000002' }).waitFor();
    expect(await page.getByText('Calls have come or ended').count()).toBe(0);
    viewer.expectQuiet();
  });

  it('that wait do not hide the one that is held', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await page.getByText('1000 calls now: 1000 waiting').waitFor();
    await page.getByText('More calls wait than are shown here.').waitFor();
    const call = dashboard.call('--from', '+15550000003', '--wait', '60000');
    await page.getByRole('row').nth(1).filter({ hasText: '+15550000003' }).getByText('Connected').waitFor();
    await viewer.expectAccessible();
    call.child.kill('SIGTERM');
    await call.finished;
    await page.getByText('1000 calls now: 1000 waiting').waitFor();
    viewer.expectQuiet();
  });
});

describe('a search in what was said', () => {
  it('says how far it has looked where it finds nothing, and goes on when it is asked to', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open(`/calls?view=history&from=${encodeURIComponent(OLDEST)}`);
    await page.getByText('1 call', { exact: true }).waitFor();
    await page.getByText('Clear', { exact: true }).click();
    await page.getByText('Look into what was said and what happened').click();
    await page.getByLabel('Words in it').fill('FRONT desk');
    await page.getByText('Nothing found so far.').waitFor();
    await page.getByText(/The calls after .* were looked into/).waitFor();
    await viewer.expectAccessible();
    await page.getByRole('button', { name: 'Look further' }).click();
    await page.getByText(/call(s)? found\. All calls were looked into\./).waitFor();
    await page.getByRole('link', { name: OLDEST }).waitFor();
    // It is in the address: it can be sent to somebody.
    await page.reload();
    await page.getByText('Nothing found so far.').waitFor();
    expect(await page.getByLabel('Words in it').inputValue()).toBe('FRONT desk');
    viewer.expectQuiet();
  });
});

describe('a link to the history', () => {
  it('shows the calls behind a figure, and in the fields what it asks for', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const [oldest] = (await allCalls()).slice(-1);
    const at = Date.parse(oldest?.createdAt ?? '');
    const params = new URLSearchParams({
      since: new Date(at - 1_000).toISOString(),
      until: new Date(at + 1_000).toISOString(),
      state: 'completed',
      text: 'front desk',
    });
    await viewer.open(`/calls?${params.toString()}`);
    await page.getByText('1 call found. All calls were looked into.').waitFor();
    await page.getByRole('link', { name: OLDEST }).waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('completed');
    expect(await page.getByLabel('Began from').inputValue()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
    // Whether it is one of these is up to the call; the page says what the server does.
    for (const more of ['slowerThanMs=1', 'interrupted=true', 'event=call.ended', 'event=provider.failed']) {
      const address = `/calls?${params.toString()}&${more}`;
      const { data } = await dashboard.server.api.get<{ data: readonly CallJson[] }>(`/v1${address}`);
      await viewer.open(address);
      const isFound = data.length === 1;
      await page.getByText(isFound ? '1 call found. All calls were looked into.' : 'No call is like that.').waitFor();
    }
    expect(await page.getByLabel('Event').inputValue()).toBe('provider.failed');
    await page.getByRole('button', { name: 'Show all calls' }).click();
    await page.getByText('100 newest calls').waitFor();
    viewer.expectQuiet();
  });

  it('is followed by what the viewer chooses, and the way back leads to it again', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls?view=history');
    await page.getByLabel('Direction').selectOption('inbound');
    await page.getByRole('link', { name: OLDEST }).click();
    await page.getByRole('heading', { name: `Call from ${OLDEST}` }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: OLDEST }).waitFor();
    expect(await page.getByLabel('Direction').inputValue()).toBe('inbound');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Called').fill('+49301000007');
    await page.getByText('1 call', { exact: true }).waitFor();
    await page.getByRole('link', { name: '+49301000007' }).waitFor();
    viewer.expectQuiet();
  });

  it('that asks for something that there is not says so, and how to go on', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls?state=asleep');
    await page.getByRole('alert').getByText(/state/i).waitFor();
    await viewer.expectAccessible();
    await page.getByRole('button', { name: 'Show all calls' }).click();
    await page.getByText('100 newest calls').waitFor();
  });
});

describe('the history', () => {
  it('shows a call that ends while it is looked at', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/calls?direction=inbound');
    const call = dashboard.call('--from', '+15550000004', '--say', 'thank you goodbye');
    const row = page.getByRole('row').filter({ hasText: '+15550000004' });
    await row.getByText('Connected').waitFor();
    await call.finished;
    await expect.poll(() => row.getByText('Completed').count(), PATIENT).toBe(1);
    viewer.expectQuiet();
  });
});
