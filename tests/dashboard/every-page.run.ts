import { beforeAll, describe, expect, it } from 'vitest';
import { filledPath, PAGES } from './pages.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest();
const filled = { assistant: '', call: '' };

beforeAll(async () => {
  filled.assistant = await dashboard.changeAssistant({ recording: { enabled: true } });
  await dashboard.call('--say', 'when are you open', '--say', 'thank you goodbye').finished;
  const { data } = await dashboard.server.api.get<{ data: readonly { id: string }[] }>('/v1/calls?limit=1');
  filled.call = data[0]?.id ?? '';
}, 60_000);

const LOOKS = [
  { look: 'light and wide', options: { colorScheme: 'light' as const } },
  { look: 'dark and narrow', options: { colorScheme: 'dark' as const, viewport: { width: 390, height: 844 } } },
];

describe.each(LOOKS)('every page, $look', ({ options }) => {
  it('has no violation that axe-core knows, and no console error, and is no wider than the window', async () => {
    const { page, ...viewer } = await dashboard.signedIn(options);
    for (const { name, path } of PAGES) {
      await viewer.open(filledPath(path, filled));
      await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => {});
      await viewer.expectAccessible();
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond, name).toBeLessThanOrEqual(0);
      expect(viewer.complaints, name).toEqual([]);
    }
  });
});

describe('the keyboard alone', () => {
  it('reaches the page past the navigation, and everything in it', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/keys');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New API key');
    await page.getByRole('link', { name: 'Nodes' }).press('Enter');
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Nodes');
  });

  it('opens a window, stays in it, and comes back to where it was', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/keys');
    await page.getByRole('button', { name: 'New API key' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.waitFor();
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab');
      const isInside = await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement === document.body || activeElement?.closest('dialog') !== null;
      });
      expect(isInside).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New API key');
  });

  it('moves between the parts of a call with the arrows', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open(filledPath('/calls/:call', filled));
    await page.getByRole('tab', { name: 'Conversation' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Events' }).waitFor();
    viewer.expectQuiet();
  });
});

describe('the colours', () => {
  it('are those of the system until others are chosen, which stay', async () => {
    const { page, ...viewer } = await dashboard.signedIn({ colorScheme: 'light' });
    const colour = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await colour();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await colour();
    expect(dark).not.toBe(light);
    await page.getByLabel('Colours').selectOption('light');
    expect(await colour()).toBe(light);
    await viewer.open('/nodes');
    expect(await colour()).toBe(light);
  });
});

describe('the first load', () => {
  const BYTES_MAX = 300_000;

  it('is small, and brings neither charts nor waveform', async () => {
    const { page } = await dashboard.viewer();
    const sizes = new Map<string, number>();
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/v1/')) return;
      const size = (await response.request().sizes()).responseBodySize;
      sizes.set(pathname, size);
    });
    await page.goto(`${dashboard.server.url}/calls`);
    await page.getByLabel('API key').fill(dashboard.server.api.key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('No calls at this moment.').waitFor();
    const names = [...sizes.keys()];
    expect(names.filter((name) => /chart|waveform/.test(name))).toEqual([]);
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});
