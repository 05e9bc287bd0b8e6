import { describe, expect, it } from 'vitest';
import type { TranscriptTurn } from '../call-record.js';
import type { CallWrite, SpooledWrite } from '../write-spool.js';
import { type CallStoreTest, PROJECT } from './call-store-fixtures.js';

const EVENT = { type: 'tool.called', atMs: 5, data: { name: 'Grüße 👋', deep: [{ n: 1.5 }] } };
const TURN: TranscriptTurn = { role: 'user', text: 'yes', startMs: 1, endMs: 2, interrupted: false, metrics: {} };
let writes = 0;

function spooled(write: CallWrite, changes: Partial<SpooledWrite> = {}): SpooledWrite {
  writes++;
  return { id: `write-${writes}`, atMs: 1_000, write, mayBeStored: false, ...changes };
}

/** What {@link CallStore} promises about what had to wait for it. */
export function describeReplay(test: CallStoreTest): void {
  describe('a write that had to wait', () => {
    it('is as if it had not', async () => {
      const call = await test.created({ state: 'registered', recording: null });
      const { store } = test;
      const connected = { type: 'call.connected', atMs: 3, data: {}, metrics: [{ name: 'm', value: 7 }] };
      const all: readonly CallWrite[] = [
        { operation: 'transition', args: [call.id, ['registered'], 'connected', { connectedAtMs: 3 }, connected] },
        { operation: 'appendEvent', args: [call.id, EVENT] },
        { operation: 'addTurn', args: [call.id, TURN] },
        { operation: 'patch', args: [call.id, { recording: 'a.wav' }] },
      ];
      for (const write of all) expect(await store.replay(spooled(write))).toBe('written');
      const changed = { state: 'connected', connectedAtMs: 3, recording: 'a.wav' };
      expect(await store.get(PROJECT, call.id)).toEqual({ ...call, ...changed });
      const [first, second] = await store.events(call.id);
      expect(first).toEqual({ seq: 1, type: 'call.connected', atMs: 3, data: {} });
      expect(second).toEqual({ seq: 2, ...EVENT });
      expect(await store.turns(call.id)).toEqual([TURN]);
      expect(await store.metrics(call.id)).toEqual([{ name: 'm', value: 7 }]);
    });

    it('is written once, however often it comes', async () => {
      const call = await test.created();
      const event = spooled({ operation: 'appendEvent', args: [call.id, EVENT] });
      const turn = spooled({ operation: 'addTurn', args: [call.id, TURN] });
      const outcomes = [];
      for (const write of [event, turn, event, turn]) outcomes.push(await test.store.replay(write));
      expect(outcomes).toEqual(['written', 'written', 'known', 'known']);
      expect(await test.store.events(call.id)).toHaveLength(1);
      expect(await test.store.turns(call.id)).toHaveLength(1);
    });

    it('is known where an earlier try has stored it without an answer, and only then', async () => {
      const call = await test.created();
      await test.store.appendEvent(call.id, EVENT);
      await test.store.addTurn(call.id, TURN);
      const tried = { mayBeStored: true };
      const replay = (write: CallWrite) => test.store.replay(spooled(write, tried));
      expect(await replay({ operation: 'appendEvent', args: [call.id, EVENT] })).toBe('known');
      expect(await replay({ operation: 'addTurn', args: [call.id, TURN] })).toBe('known');
      expect(await replay({ operation: 'appendEvent', args: [call.id, { ...EVENT, atMs: 6 }] })).toBe('written');
      expect(await replay({ operation: 'addTurn', args: [call.id, { ...TURN, startMs: 2 }] })).toBe('written');
      // Two of a kind that were never tried are two.
      const twin = spooled({ operation: 'appendEvent', args: [call.id, EVENT] });
      expect(await test.store.replay(twin)).toBe('written');
      expect(await test.store.events(call.id)).toHaveLength(3);
      expect(await test.store.turns(call.id)).toHaveLength(2);
    });

    it('never overrules an end', async () => {
      const call = await test.created({ state: 'failed', reason: 'node_lost' });
      const end = { type: 'call.ended', atMs: 9, data: {} };
      const args: Parameters<typeof test.store.transition> = [
        call.id,
        ['connected'],
        'completed',
        { reason: 'x' },
        end,
      ];
      expect(await test.store.replay(spooled({ operation: 'transition', args }))).toBe('overruled');
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      expect(await test.store.events(call.id)).toEqual([]);
      // What was said is added all the same.
      expect(await test.store.replay(spooled({ operation: 'addTurn', args: [call.id, TURN] }))).toBe('written');
      expect(await test.store.turns(call.id)).toEqual([TURN]);
    });

    it('is refused where there is no such call', async () => {
      const writes: readonly CallWrite[] = [
        { operation: 'appendEvent', args: ['404', EVENT] },
        { operation: 'addTurn', args: ['404', TURN] },
        { operation: 'patch', args: ['404', { recording: 'a.wav' }] },
      ];
      for (const write of writes) expect(await test.store.replay(spooled(write))).toBe('refused');
    });

    it('is forgotten later', async () => {
      const call = await test.created();
      const write = spooled({ operation: 'appendEvent', args: [call.id, EVENT] }, { atMs: 1_000 });
      await test.store.replay(write);
      expect(await test.store.forgetReplays(1_000)).toBe(0);
      expect(await test.store.replay(write)).toBe('known');
      expect(await test.store.forgetReplays(1_001)).toBe(1);
      expect(await test.store.replay(write)).toBe('written');
    });
  });
}
