import { describe, expect, it } from 'vitest';
import { CALL_STATES, FINAL_STATES } from '../call-record.js';
import { type CallStoreTest, PROJECT } from './call-store-fixtures.js';

/** What {@link CallStore.takeOver} promises, and what the leg of a call guards. */
export function describeLegs(test: CallStoreTest): void {
  describe('takeOver', () => {
    it('gives a call that is under way to another node, as its next leg', async () => {
      for (const state of ['dialing', 'ringing', 'answered', 'registered', 'connected'] as const) {
        const call = await test.created({ state, resumes: 0 });
        expect(await test.store.takeOver(call.id, 1, 'node-b')).toBe(true);
        expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, resumes: 1, nodeId: 'node-b' });
        expect((await test.store.unfinished('node-b')).map(({ id }) => id)).toContain(call.id);
        expect(await test.store.events(call.id)).toEqual([]);
      }
    });

    it('gives no call that has ended, waits in the queue, or is in another leg than the one before', async () => {
      for (const state of [...FINAL_STATES, 'queued'] as const) {
        const call = await test.created({ state, resumes: 0 });
        expect(await test.store.takeOver(call.id, 1, 'node-b')).toBe(false);
        expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      }
      const call = await test.created({ state: 'connected', resumes: 1 });
      for (const leg of [0, 1, 3]) expect(await test.store.takeOver(call.id, leg, 'node-b')).toBe(false);
      expect(await test.store.takeOver('1', 1, 'node-b')).toBe(false);
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
    });

    it('gives it to one of a hundred who want the same leg at once', async () => {
      const { id } = await test.created({ state: 'connected', resumes: 0 });
      const nodes = Array.from({ length: 100 }, (_, n) => `node-${n}`);
      const taken = await Promise.all(nodes.map((node) => test.store.takeOver(id, 1, node)));
      const won = nodes.filter((_, n) => taken[n]);
      expect(won).toHaveLength(1);
      expect(await test.store.get(PROJECT, id)).toMatchObject({ resumes: 1, nodeId: won[0] });
    });

    it('is final for those who close the call at the same time: one of both has it', async () => {
      for (let n = 0; n < 20; n++) {
        const { id } = await test.created({ state: 'connected', resumes: 0 });
        const [ended, taken] = await Promise.all([
          test.store.transition(id, ['connected'], 'failed', { reason: 'lost' }, undefined, 0),
          test.store.takeOver(id, 1, 'node-b'),
        ]);
        expect(ended).toBe(!taken);
        expect((await test.store.get(PROJECT, id))?.state).toBe(taken ? 'connected' : 'failed');
      }
    });
  });

  describe('the leg of a call', () => {
    const event = { type: 'call.ended', atMs: 1, data: {} };

    it('lets only those move and change it who are in it', async () => {
      const call = await test.created({ state: 'connected', resumes: 1 });
      for (const leg of [0, 2]) {
        expect(await test.store.transition(call.id, CALL_STATES, 'completed', { reason: 'x' }, event, leg)).toBe(false);
        await test.store.patch(call.id, { reason: 'x' }, leg);
      }
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      expect(await test.store.events(call.id)).toEqual([]);
      await test.store.patch(call.id, { directive: 'hangup' }, 1);
      expect(await test.store.transition(call.id, ['connected'], 'completed', { reason: 'x' }, event, 1)).toBe(true);
      expect(await test.store.get(PROJECT, call.id)).toEqual({
        ...call,
        ...{ directive: 'hangup', reason: 'x', state: 'completed' },
      });
    });

    it('is asked for also where the call is in that state already', async () => {
      const { id } = await test.created({ state: 'connected', resumes: 1 });
      const enter = (leg: number) =>
        test.store.transition(id, ['registered', 'connected'], 'connected', { nodeId: `node-${leg}` }, event, leg);
      expect(await enter(0)).toBe(false);
      expect(await enter(1)).toBe(true);
      expect((await test.store.get(PROJECT, id))?.nodeId).toBe('node-1');
    });
  });
}
