import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import type { Viewer } from './support/viewer.js';

interface Figures {
  readonly calls: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly responseMs: { readonly p50: number; readonly p95: number } | null;
  readonly interruptions: number;
}

/** Midnight there is not the server's. */
const ZONE = { timezoneId: 'Asia/Kathmandu' };

const dashboard = new DashboardUnderTest();
let viewer: Viewer;
let page: Page;
let totals: Figures;

/** Two calls, in one of which the assistant is interrupted. */
beforeAll(async () => {
  await dashboard.call('--say', 'when are you open', '--interrupt', 'where are you', '--say', 'thank you goodbye')
    .finished;
  await dashboard.call('--from', '+15551110002', '--say', 'thank you goodbye').finished;
  ({ totals } = await dashboard.server.api.get<{ totals: Figures }>('/v1/overview?bucket=hour'));
  viewer = await dashboard.signedIn(ZONE);
  page = viewer.page;
}, 90_000);

/** As the page writes a latency. */
const shown = (ms: number | undefined) =>
  ms === undefined ? '-' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;

describe('the overview', () => {
  it('has the figures of the API', async () => {
    await viewer.open('/');
    const figure = (label: string) => page.locator(`[data-figure="${label}"]`).innerText();
    await page.locator('[data-figure="Calls"]').waitFor();
    expect(totals.calls).toBe(2);
    expect(await figure('Calls')).toBe('2');
    expect(await figure('Completed')).toBe(`${totals.outcomes.completed} (100 %)`);
    expect(await figure('Failed')).toBe('0');
    expect(await figure('Interruptions')).toBe(String(totals.interruptions));
    expect(await figure('First sound, half within')).toBe(shown(totals.responseMs?.p50));
    expect(await figure('First sound, 95 % within')).toBe(shown(totals.responseMs?.p95));
    await page.getByRole('img', { name: 'Calls by outcome over time' }).waitFor();
    await page.getByRole('img', { name: 'Time to the first sound of an answer, over time' }).waitFor();
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it.each([
    ['Calls', ['+15551110002', '+15551230000']],
    ['Completed', ['+15551110002', '+15551230000']],
    ['Interruptions', ['+15551230000']],
  ])('leads from "%s" to the calls behind it', async (label, callers) => {
    await viewer.open('/');
    await page.locator(`[data-figure="${label}"]`).click();
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    for (const caller of callers) await page.getByRole('link', { name: caller }).waitFor();
    expect(await page.getByRole('link', { name: /\+1555/ }).count()).toBe(callers.length);
    viewer.expectQuiet();
  });

  it('begins its days at the midnight of the viewer', async () => {
    const asked = page.waitForRequest((request) => request.url().includes('/v1/overview?'));
    await viewer.open('/?range=week');
    const since = new URL((await asked).url()).searchParams.get('since') ?? '';
    // 5:45 h before that of the server.
    expect(new Date(since).toISOString().slice(11)).toBe('18:15:00.000Z');
    await page.locator('[data-figure="Calls"]').waitFor();
    expect(await page.locator('[data-figure="Calls"]').innerText()).toBe('2');
  });
});
