import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallStore } from '../call-store.js';
import type { FiguresStore } from '../figures-store.js';
import { aCall, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';

export interface FiguresStoreUnderTest {
  readonly store: FiguresStore;
  /** Of the same database. */
  readonly calls: CallStore;
  close(): Promise<void>;
}

const SINCE_MS = 1_790_000_000_000;
const UNTIL_MS = SINCE_MS + 1_000;

/** The promises of {@link FiguresStore}. `make` gives an empty one. */
export function figuresStoreConformance(name: string, make: () => Promise<FiguresStoreUnderTest>): void {
  describe(`${name} as a FiguresStore`, () => {
    let test: FiguresStoreUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(() => test.close());

    const figures = (detailedMax = 100) => test.store.ofCalls(PROJECT, SINCE_MS, UNTIL_MS, detailedMax);
    async function created(createdAtMs: number, changes: Parameters<typeof aCall>[0] = {}): Promise<string> {
      const call = aCall({ createdAtMs, state: 'completed', ...changes });
      await test.calls.create(call);
      return call.id;
    }
    const turn = (id: string, metrics: Record<string, number>, interrupted = false) =>
      test.calls.addTurn(id, { role: 'assistant', text: 'x', startMs: 0, endMs: 1, interrupted, metrics });
    const failed = (id: string, provider: string, kind: string) =>
      test.calls.appendEvent(id, { type: 'provider.failed', atMs: 5, data: { provider, kind, next: null } });

    it('are none where there are no calls', async () => {
      const none = { outcomes: {}, detailed: 0, turns: [], interruptions: 0, providerErrors: [] };
      expect(await figures()).toEqual(none);
    });

    it('count the calls of this project that were made in the stretch, by state', async () => {
      await created(SINCE_MS - 1);
      await created(SINCE_MS);
      await created(SINCE_MS + 999, { state: 'busy' });
      await created(SINCE_MS + 5);
      await created(UNTIL_MS);
      await created(SINCE_MS + 5, { projectId: OTHER_PROJECT });
      expect(await figures()).toMatchObject({ outcomes: { completed: 2, busy: 1 }, detailed: 3 });
    });

    it('have what was measured in their turns, and how many were interrupted', async () => {
      const id = await created(SINCE_MS);
      await turn(id, { response_latency_ms: 800, llm_ttft_ms: 300.5 });
      await turn(id, {}, true);
      await turn(id, {});
      await turn(id, { response_latency_ms: 900 }, true);
      await turn(await created(UNTIL_MS), { response_latency_ms: 1 }, true);
      const { turns, interruptions } = await figures();
      expect(interruptions).toBe(2);
      expect(turns).toHaveLength(2);
      expect(turns).toContainEqual({ response_latency_ms: 800, llm_ttft_ms: 300.5 });
      expect(turns).toContainEqual({ response_latency_ms: 900 });
    });

    it('count which engines failed, those that failed most first', async () => {
      const id = await created(SINCE_MS);
      await failed(id, 'openai', 'llm');
      for (let n = 0; n < 2; n++) await failed(await created(SINCE_MS + 1), 'deepgram', 'stt');
      await test.calls.appendEvent(id, { type: 'tool.called', atMs: 6, data: { provider: 'openai', kind: 'llm' } });
      expect((await figures()).providerErrors).toEqual([
        { provider: 'deepgram', kind: 'stt', errors: 2 },
        { provider: 'openai', kind: 'llm', errors: 1 },
      ]);
    });

    it('look into so many calls, the newest ones, and count all of them', async () => {
      for (const n of [2, 0, 1]) await turn(await created(SINCE_MS + n), { response_latency_ms: n });
      const { outcomes, detailed, turns } = await figures(2);
      expect([outcomes, detailed]).toEqual([{ completed: 3 }, 2]);
      expect(turns.map((one) => one.response_latency_ms).sort()).toEqual([1, 2]);
    });
  });
}
