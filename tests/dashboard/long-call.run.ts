import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RATE_HZ, systemClock, type TranscriptTurn } from '@rapida/core';
import { createSqlStores, openEmbedded } from '@rapida/stores';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest();

const TURNS = 2_000;
const EVENTS = 1_000;
const CALL_MS = 2 * 60 * 60_000;
const TURN_MS = 3_600;
/** A window of 860 px has about 10 turns; some more are held ready above and below. */
const ROWS_MAX = 150;
/** A header, then two sides of 16 bit. */
const HEADER_BYTES = 44;
const BLOCK_BYTES = 4;
const LOUD = 20_000;

let callId = '';

/** A call that was held, to which the hours of a very long one are written. */
beforeAll(async () => {
  await dashboard.changeAssistant({ recording: { enabled: true } });
  await dashboard.call('--say', 'thank you goodbye').finished;
  const { data } = await dashboard.server.api.get<{ data: readonly { id: string }[] }>('/v1/calls?limit=1');
  callId = data[0]?.id ?? '';
  await dashboard.restart(async (folder) => {
    await lengthenRecord(join(folder, 'rapida.db'));
    await lengthenRecording(join(folder, 'recordings'));
  });
}, 90_000);

function turnAt(index: number): TranscriptTurn {
  const startMs = index * TURN_MS;
  const span = { startMs, endMs: startMs + 2_000, interrupted: false };
  if (index % 2 === 0) return { role: 'user', text: `question ${index}`, ...span, metrics: { eos_latency_ms: 500 } };
  const metrics = { llm_ttft_ms: 300, tts_ttfb_ms: 200, response_latency_ms: 1_000 + index };
  return { role: 'assistant', text: `answer ${index}`, ...span, metrics };
}

async function lengthenRecord(file: string): Promise<void> {
  const database = await openEmbedded({ file, clock: systemClock });
  const { calls } = createSqlStores(database, () => '1', { feed: { publish() {} }, clock: systemClock });
  const before = (await calls.turns(callId)).length;
  for (let index = before; index < TURNS; index++) await calls.addTurn(callId, turnAt(index));
  const { call_id } = await database.kysely.selectFrom('call_events').select('call_id').executeTakeFirstOrThrow();
  for (let seq = 1_000; seq < 1_000 + EVENTS; seq++) {
    const event = { call_id, seq, type: 'tool.called', at_ms: systemClock.wallMs(), data: '{"tool":"find_order"}' };
    await database.kysely.insertInto('call_events').values(event).execute();
  }
  await database.close();
}

/** Silence, which takes no room on the disk, and a loud last second of the assistant. */
async function lengthenRecording(folder: string): Promise<void> {
  const [name] = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.wav'));
  const file = await open(join(folder, name ?? ''), 'r+');
  const bytes = (CALL_MS / 1_000) * RATE_HZ * BLOCK_BYTES;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes + HEADER_BYTES - 8);
  await file.write(length, 0, 4, 4);
  length.writeUInt32LE(bytes);
  await file.write(length, 0, 4, HEADER_BYTES - 4);
  const loud = Buffer.alloc(RATE_HZ * BLOCK_BYTES);
  for (let at = 2; at < loud.length; at += BLOCK_BYTES) loud.writeInt16LE(LOUD, at);
  await file.write(loud, 0, loud.length, HEADER_BYTES + bytes - loud.length);
  await file.close();
}

const rowsOf = (page: Page) => page.getByRole('list', { name: 'Transcript' }).locator('> li');

describe('a call of two hours and thousands of turns', () => {
  it('is read to its end, with a part of its turns in the page at a time', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open(`/calls/${callId}`);
    const rows = rowsOf(page);
    await rows.first().waitFor();
    expect(await rows.first().getAttribute('aria-setsize')).toBe(String(TURNS));
    expect(await rows.count()).toBeLessThan(ROWS_MAX);
    const last = page.locator(`li[aria-posinset="${TURNS}"]`);
    await vi.waitFor(
      async () => {
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        expect(await last.count()).toBe(1);
      },
      { timeout: 20_000 },
    );
    expect((await last.innerText()).replaceAll(/\s+/g, ' ')).toContain(`answer ${TURNS - 1}`);
    expect(await last.locator('[data-figure="response"]').innerText()).toBe(`${1_000 + TURNS - 1} ms`);
    expect(await rows.count()).toBeLessThan(ROWS_MAX);
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it('is heard at its end, and its waveform reaches until there', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    const answered = page.waitForResponse((response) => response.url().includes(`/v1/calls/${callId}/waveform`));
    await viewer.open(`/calls/${callId}`);
    const waveform = (await (await answered).json()) as { durationMs: number; assistant: readonly number[] };
    expect(waveform.durationMs).toBe(CALL_MS);
    expect(waveform.assistant.length).toBeLessThanOrEqual(4_000);
    expect(waveform.assistant.at(-1)).toBe(Math.round((100 * LOUD) / 32_768));
    const picture = page.locator('canvas');
    const { width = 0 } = (await picture.boundingBox()) ?? {};
    await picture.click({ position: { x: width - 2, y: 20 } });
    const atMs = () => page.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime * 1_000);
    await expect.poll(atMs, { timeout: 20_000 }).toBeGreaterThan(CALL_MS * 0.99);
    viewer.expectQuiet();
  });

  it('has its events in portions, and the whole record in the file', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open(`/calls/${callId}?tab=events`);
    const rows = page.getByRole('table', { name: 'Events of the call' }).locator('tbody tr');
    const more = page.getByRole('button', { name: /Show more of \d+ events/ });
    await more.waitFor();
    const shown = await rows.count();
    expect(shown).toBeLessThan(EVENTS);
    await more.click();
    await expect.poll(() => rows.count()).toBeGreaterThan(shown);
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByText('This is the beginning.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    const record = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(record.transcript).toHaveLength(TURNS);
    expect(record.events.length).toBeGreaterThan(EVENTS);
    viewer.expectQuiet();
  });
});
