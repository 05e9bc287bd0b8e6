import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import type { Viewer } from './support/viewer.js';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly startMs: number;
  readonly interrupted: boolean;
  readonly unheard?: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const dashboard = new DashboardUnderTest();
let callId: string;
let turns: readonly Turn[];
let viewer: Viewer;
let page: Page;

/** One call that is over, with a recording, in which the assistant was interrupted. */
beforeAll(async () => {
  await dashboard.changeAssistant({ recording: { enabled: true } });
  const { api } = dashboard.server;
  await dashboard.call('--say', 'when are you open', '--interrupt', 'where are you', '--say', 'thank you goodbye')
    .finished;
  const { data } = await api.get<{ data: readonly { id: string; state: string }[] }>('/v1/calls?limit=1');
  expect(data[0]?.state).toBe('completed');
  callId = data[0]?.id ?? '';
  turns = (await api.get<{ data: readonly Turn[] }>(`/v1/calls/${callId}/transcript`)).data;
  viewer = await dashboard.signedIn();
  page = viewer.page;
  await viewer.open(`/calls/${callId}`);
}, 90_000);

const shown = (ms: number) => `${ms} ms`;

describe('one call', () => {
  it('has every turn of the transcript, in order', async () => {
    const rows = page.getByRole('list', { name: 'Transcript' }).locator('> li');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts).toHaveLength(turns.length);
    turns.forEach(({ text }, index) => {
      expect(texts[index]?.replaceAll(/\s+/g, ' ')).toContain(text);
    });
  });

  it('tells what was interrupted', async () => {
    const index = turns.findIndex(({ interrupted }) => interrupted);
    expect(index).toBeGreaterThan(0);
    const row = page.getByRole('list', { name: 'Transcript' }).locator('> li').nth(index);
    expect(await row.innerText()).toContain('interrupted: the rest was not heard');
    const { unheard = '' } = turns[index] as Turn;
    expect(unheard).not.toBe('');
    expect(await row.locator('s').innerText()).toBe(unheard);
    // Whoever does not see that it is struck through is told so.
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toContain(`not heard: ${unheard}`);
  });

  it('shows in each waterfall the figures that the API has', async () => {
    const rows = page.getByRole('list', { name: 'Transcript' }).locator('> li');
    for (const [index, { role, metrics }] of turns.entries()) {
      if (role !== 'assistant' || metrics.response_latency_ms === undefined) continue;
      const row = rows.nth(index);
      await row.locator('summary').click();
      const asked = turns.slice(0, index).findLast((turn) => turn.metrics.eos_latency_ms !== undefined);
      const figures = {
        response: metrics.response_latency_ms,
        silence: asked?.metrics.eos_latency_ms,
        recognition: asked?.metrics.stt_latency_ms,
        tools: metrics.tools_ms,
        model: metrics.llm_ttft_ms,
        sentence: metrics.llm_piece_ms,
        voice: metrics.tts_ttfb_ms,
      };
      for (const [name, ms] of Object.entries(figures)) {
        const figure = row.locator(`[data-figure="${name}"]`);
        if (ms === undefined) expect(await figure.count(), name).toBe(0);
        else expect(await figure.innerText(), name).toBe(shown(ms));
      }
    }
  });

  it('lets a word be heard where it was said', async () => {
    // What was understood of it is up to the recogniser, the same word may stand elsewhere too.
    const index = turns.findIndex(({ role, text }) => role === 'user' && text !== '');
    const { startMs = 0 } = turns[index] ?? {};
    const row = page.getByRole('list', { name: 'Transcript' }).locator('> li').nth(index);
    const player = page.locator('audio');
    await row.getByRole('button').first().click();
    await expect.poll(() => player.evaluate((audio) => (audio as HTMLAudioElement).paused)).toBe(false);
    // It stays where the word leads, however long this test takes to look.
    await player.evaluate((audio) => {
      Object.assign(audio as HTMLAudioElement, { play: async () => {} }).pause();
    });
    await row.getByRole('button').first().click();
    const at = await player.evaluate((audio) => (audio as HTMLAudioElement).currentTime * 1_000);
    expect(Math.round(at)).toBe(startMs);
    await row.locator('[aria-current]').first().waitFor();
  });

  it('has its sound as a file', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the sound' }).click(),
    ]);
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
  });

  it('has its transcript as a file, with what nobody heard told apart', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the transcript' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(turns.length);
    turns.forEach(({ text, unheard }, index) => {
      expect(lines[index]).toContain(text);
      expect(lines[index]?.includes('not heard: ')).toBe(unheard !== undefined);
    });
  });

  it('has its events, its figures and its record as JSON', async () => {
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('call.connected').waitFor();
    await page.getByRole('tab', { name: 'Metrics' }).click();
    const table = page.getByRole('table', { name: 'Metrics of the call' });
    await table.getByText('call.talk_duration').waitFor();
    const { data } = await dashboard.server.api.get<{ data: readonly { name: string; value: unknown }[] }>(
      `/v1/calls/${callId}/metrics`,
    );
    const told = data.map(({ name, value }) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    const rows = await table.locator('tbody tr').all();
    expect(await Promise.all(rows.map((row) => row.locator('td').allInnerTexts()))).toEqual(told);
    await page.getByRole('tab', { name: 'JSON' }).click();
    const text = await page.locator('figure pre').innerText();
    expect(JSON.parse(text)).toMatchObject({ call: { id: callId }, transcript: turns });
  });

  it('has what webhooks were told of it', async () => {
    await page.getByRole('tab', { name: 'Callbacks' }).click();
    await page.getByText('Nothing was delivered.').waitFor();
  });

  it('is one of the history, found by its caller', async () => {
    await viewer.open('/calls?view=history');
    await page.getByLabel('Caller').fill('+15551230000');
    await page.getByText('1 call', { exact: true }).waitFor();
    await page.getByLabel('Caller').fill('+4930');
    await page.getByText('No call is like that.').waitFor();
    await page.getByRole('button', { name: 'Show all calls' }).click();
    await page.getByRole('link', { name: '+15551230000' }).waitFor();
    viewer.expectQuiet();
  });

  it('says so where there is none, and where to go', async () => {
    const other = await dashboard.signedIn();
    await other.page.goto(`${dashboard.server.url}/calls/12`);
    await other.page.getByText('Go back to the list of calls').waitFor();
  });
});
