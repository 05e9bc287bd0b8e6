import { describe, expect, it } from 'vitest';
import type { CallFilter } from '../call-record.js';
import { type CallStoreTest, ids, PROJECT } from './call-store-fixtures.js';

/** What {@link CallStore.list} promises of the parts of calls. */
export function describeSearching(test: CallStoreTest): void {
  const turn = (id: string, text: string, changes: { interrupted?: boolean; metrics?: Record<string, number> } = {}) =>
    test.store.addTurn(id, {
      ...{ role: 'user', text, startMs: 0, endMs: 1, interrupted: false, metrics: {} },
      ...changes,
    });

  /** Every call that is found, page by page. */
  async function found(filter: CallFilter, limit = 10): Promise<string[]> {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof test.store.list>> = await test.store.list(PROJECT, filter, limit, cursor);
      expect(page.data.length).toBeLessThanOrEqual(limit);
      all.push(...ids(page.data));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  }

  describe('list of calls whose parts are asked about', () => {
    it('finds what was said, in small and capital letters of any alphabet, and takes nothing as a pattern', async () => {
      const [first, second, third] = [await test.created(), await test.created(), await test.created()];
      await turn(first.id, 'Grüße aus KÖLN, 100% sicher');
      await turn(second.id, 'something else');
      await turn(second.id, 'bitte nach köln');
      await turn(third.id, '100 sicher');
      expect(await found({ parts: { text: 'KÖln' } })).toEqual([second.id, first.id]);
      expect(await found({ parts: { text: '100%' } })).toEqual([first.id]);
      for (const text of ['köl_', '%', 'bitte grüße']) {
        expect(await found({ parts: { text } }), text).toEqual(text === '%' ? [first.id] : []);
      }
    });

    it('finds calls with an interruption, with an event, or with an answer that was slow', async () => {
      const [first, second, third] = [await test.created(), await test.created(), await test.created()];
      await turn(first.id, 'a', { interrupted: true, metrics: { response_latency_ms: 900 } });
      await turn(second.id, 'b', { metrics: { response_latency_ms: 1_000, llm_ttft_ms: 5_000 } });
      await turn(third.id, 'c');
      await test.store.appendEvent(third.id, { type: 'provider.failed', atMs: 5, data: {} });
      expect(await found({ parts: { interrupted: true } })).toEqual([first.id]);
      expect(await found({ parts: { event: 'provider.failed' } })).toEqual([third.id]);
      expect(await found({ parts: { slowerThanMs: 900 } })).toEqual([second.id, first.id]);
      expect(await found({ parts: { slowerThanMs: 1_001 } })).toEqual([]);
      expect(await found({ parts: { slowerThanMs: 900, interrupted: true } })).toEqual([first.id]);
    });

    it('asks only what the rest of the filter leaves', async () => {
      const [first, second] = [await test.created({ state: 'busy' }), await test.created({ state: 'completed' })];
      for (const { id } of [first, second]) await turn(id, 'the same');
      expect(await found({ state: 'busy', parts: { text: 'same' } })).toEqual([first.id]);
      expect(await found({ sinceMs: second.createdAtMs, parts: { text: 'same' } })).toEqual([second.id]);
    });

    it('finds every call once, however small the pages are', async () => {
      const made: string[] = [];
      for (let n = 0; n < 7; n++) {
        const { id } = await test.created();
        await turn(id, n === 3 ? 'no' : 'yes');
        if (n !== 3) made.unshift(id);
      }
      for (const limit of [1, 2, 3, 6, 7]) expect(await found({ parts: { text: 'yes' } }, limit)).toEqual(made);
    });

    it('looks into a few hundred calls for a page, and goes on from there', async () => {
      const wanted = await test.created();
      await turn(wanted.id, 'needle');
      for (let n = 0; n < 600; n++) await test.created();
      const first = await test.store.list(PROJECT, { parts: { text: 'needle' } }, 10, null);
      expect(first.data).toEqual([]);
      expect(first.nextCursor).not.toBeNull();
      expect(await found({ parts: { text: 'needle' } })).toEqual([wanted.id]);
    });
  });

  describe('list of calls that have not ended', () => {
    it('has all of them and no other', async () => {
      const states = [
        'queued',
        'completed',
        'dialing',
        'failed',
        'ringing',
        'registered',
        'connected',
        'busy',
      ] as const;
      const made = [];
      for (const state of states) made.push(await test.created({ state, direction: 'outbound' }));
      const live = made.filter(({ state }) => !['completed', 'failed', 'busy'].includes(state)).reverse();
      expect(await found({ live: true })).toEqual(ids(live));
      expect(await found({ live: true, direction: 'inbound' })).toEqual([]);
      expect(await found({ live: true, direction: 'outbound' }, 2)).toEqual(ids(live));
    });
  });
}
