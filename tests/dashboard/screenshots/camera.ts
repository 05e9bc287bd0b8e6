import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import type { Installation } from './installation.js';
import { drawn, Quiet } from './quiet.js';
import { fileName, type Look, type Shot } from './shots.js';

const WIDTHS = { wide: 1_280, narrow: 390 } as const;
const HEIGHTS = { wide: 800, narrow: 844 } as const;
/** Of a page that is longer the beginning is shown. */
const HEIGHT_MAX = 1_400;
const QUALITY = 72;
/** Of a page that is not as it should be. */
const TOLD_CHARS_MAX = 2_000;

export interface Picture {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One browser before one installation; each look has a profile of its own. */
export class Camera {
  readonly #browser: Browser;
  readonly #installation: Installation;
  readonly #contexts = new Map<string, Promise<BrowserContext>>();

  private constructor(browser: Browser, installation: Installation) {
    this.#browser = browser;
    this.#installation = installation;
  }

  static async open(installation: Installation): Promise<Camera> {
    return new Camera(await launchChromium(), installation);
  }

  async take(shot: Shot, look: Look): Promise<Picture> {
    const context = await this.#contextOf(shot, look);
    const page = await context.newPage();
    try {
      const quiet = new Quiet(page);
      await page.goto(`${this.#installation.url}${this.#pathOf(shot)}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await quiet.reached();
      await shot.act?.(page, this.#installation.liveCall);
      await quiet.reached();
      return { name: fileName(shot, look), bytes: await picture(page, look) };
    } catch (error) {
      const shown = await page
        .locator('body')
        .innerText({ timeout: 1_000 })
        .catch(() => 'nothing');
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${fileName(shot, look)}: ${why}\nThe page shows:\n${shown.slice(0, TOLD_CHARS_MAX)}`);
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  #pathOf({ path }: Shot): string {
    const { filled } = this.#installation;
    return path.replace(/:(assistant|call|live|token)\b/g, (_, part: keyof typeof filled) => filled[part]);
  }

  #contextOf({ viewer }: Shot, look: Look): Promise<BrowserContext> {
    const name = `${viewer} ${look.colours} ${look.width}`;
    const known = this.#contexts.get(name);
    if (known !== undefined) return known;
    const context = this.#newContext(viewer, look);
    this.#contexts.set(name, context);
    return context;
  }

  async #newContext(viewer: Shot['viewer'], { colours, width }: Look): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      ...{ colorScheme: colours, viewport: { width: WIDTHS[width], height: HEIGHTS[width] } },
      ...{ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' },
    });
    if (viewer === 'signed in') {
      const { url, key } = this.#installation;
      const answer = await context.request.post(`${url}/v1/session`, { data: { apiKey: key } });
      if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
    }
    return context;
  }
}

/** As much of the page as there is, up to a limit, in a format that Playwright itself does not write. */
async function picture(page: Page, { width }: Look): Promise<Buffer> {
  const wanted = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(HEIGHT_MAX, Math.max(HEIGHTS[width], wanted));
  await page.setViewportSize({ width: WIDTHS[width], height });
  await drawn(page);
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  return Buffer.from(data, 'base64');
}
