import { describe, expect, it } from 'vitest';
import type { CallAnalysis } from '../call-record.js';
import { type CallStoreTest, ids, PROJECT } from './call-store-fixtures.js';

const PENDING: CallAnalysis = { state: 'pending', attempts: 0 };
const DONE: CallAnalysis = {
  state: 'done',
  summary: 'Grüße 👋',
  extraction: { deep: [{ n: 1.5 }] },
  success: { outcome: 'unknown', reason: '“so”' },
};
const told = { type: 'call.analysed', atMs: 9, data: { summary: 'Grüße 👋' } };

/** What {@link CallStore} promises about what is to be made of calls that have ended. */
export function describeAnalysis(test: CallStoreTest): void {
  describe('the analysis of a call', () => {
    it('is promised with its end: both or none', async () => {
      const call = await test.created({ state: 'connected', analysis: null });
      const end = { type: 'call.ended', atMs: 5, data: {} };
      const patch = { endedAtMs: 5, analysis: PENDING };
      expect(await test.store.transition(call.id, ['connected'], 'completed', patch, end)).toBe(true);
      expect((await test.store.get(PROJECT, call.id))?.analysis).toEqual(PENDING);
      expect(ids(await test.store.unanalysed(call.nodeId, 10))).toEqual([call.id]);
    });

    it('is written once, with its event', async () => {
      const call = await test.created({ state: 'completed', analysis: PENDING });
      expect(await test.store.analysed(call.id, DONE, told)).toBe(true);
      expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, analysis: DONE });
      const failed: CallAnalysis = { state: 'failed', error: 'provider_timeout' };
      expect(await test.store.analysed(call.id, failed, told)).toBe(false);
      expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, analysis: DONE });
      expect(await test.store.events(call.id)).toEqual([{ seq: 1, ...told }]);
      expect(await test.store.unanalysed(call.nodeId, 10)).toEqual([]);
    });

    it('is written by one of many at once', async () => {
      const call = await test.created({ state: 'completed', analysis: PENDING });
      const writing = Array.from({ length: 10 }, () => test.store.analysed(call.id, DONE, told));
      expect((await Promise.all(writing)).filter(Boolean)).toHaveLength(1);
      expect(await test.store.events(call.id)).toHaveLength(1);
    });

    it('is not written where none was promised, nor for no call', async () => {
      const call = await test.created({ analysis: null });
      expect(await test.store.analysed(call.id, DONE, told)).toBe(false);
      expect(await test.store.analysed('1', DONE, told)).toBe(false);
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      expect(await test.store.events(call.id)).toEqual([]);
    });

    it('is not written without its event', async () => {
      const call = await test.created({ state: 'completed', analysis: PENDING });
      const unstorable = { ...told, data: { n: 1n as never } };
      await expect(test.store.analysed(call.id, DONE, unstorable)).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
    });
  });

  describe('unanalysed', () => {
    it('has what is pending of this node, the first that ended first, as many as were asked for', async () => {
      const nodeId = 'node-x';
      const late = await test.created({ nodeId, analysis: { state: 'pending', attempts: 2 }, endedAtMs: 30 });
      const early = await test.created({ nodeId, analysis: PENDING, endedAtMs: 10 });
      await test.created({ nodeId, analysis: DONE, endedAtMs: 5 });
      await test.created({ nodeId, analysis: null, endedAtMs: 5 });
      await test.created({ nodeId: 'node-y', analysis: PENDING, endedAtMs: 5 });
      expect(await test.store.unanalysed(nodeId, 10)).toEqual([early, late]);
      expect(await test.store.unanalysed(nodeId, 1)).toEqual([early]);
    });
  });
}
