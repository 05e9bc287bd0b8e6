import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Somebody before the dashboard: one browser profile, one page, and all that its console complains of. */
export interface Viewer {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything above a notice, and errors that nobody caught. */
  readonly complaints: readonly string[];
  /** Goes to a path of the application and waits for its title. */
  open(path: string): Promise<void>;
  signIn(apiKey: string): Promise<void>;
  /** The page as it is has no violation that axe-core knows. */
  expectAccessible(): Promise<void>;
  /** The console has said nothing so far. */
  expectQuiet(): void;
}

export async function openViewer(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Viewer> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    ...{ page, context, complaints },
    async open(path) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    async signIn(apiKey) {
      await page.goto(`${url}/calls`);
      const withKey = page.getByRole('button', { name: 'Sign in with an API key' });
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      if (await withKey.isVisible()) await withKey.click();
      await page.getByLabel('API key').fill(apiKey);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    },
    async expectAccessible() {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
      expect(told).toEqual([]);
    },
    expectQuiet() {
      expect(complaints).toEqual([]);
    },
  };
}

interface AxeWindow {
  readonly axe: { run(): Promise<AxeResults> };
}
