import { describe, expect, it } from 'vitest';
import { CALL_STATES } from '../call-record.js';
import { aCall, type CallStoreTest, PROJECT } from './call-store-fixtures.js';

/** Cannot be made into JSON. */
const UNSTORABLE = {
  get n(): number {
    throw new Error('unreadable');
  },
};

/** What {@link CallStore.create}, {@link CallStore.transition} and {@link CallStore.appendEvent} promise of events. */
export function describeEvents(test: CallStoreTest): void {
  describe('create', () => {
    it('stores a call with its first event', async () => {
      const call = aCall();
      const event = { type: 'webhook', atMs: 5.5, data: { text: '👋' } };
      await test.store.create(call, event);
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      expect(await test.store.events(call.id)).toEqual([{ seq: 1, ...event }]);
      expect((await test.store.appendEvent(call.id, event)).seq).toBe(2);
    });

    it('stores neither where one of them cannot be stored', async () => {
      const call = aCall();
      const creating = test.store.create(call, { type: 'webhook', atMs: 5, data: UNSTORABLE });
      await expect(creating).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.store.get(PROJECT, call.id)).toBeUndefined();
      const existing = await test.created();
      const again = test.store.create(aCall({ id: existing.id }), { type: 'webhook', atMs: 5, data: {} });
      await expect(again).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.store.events(existing.id)).toEqual([]);
    });
  });

  describe('transition', () => {
    it('moves a call out of one of the states named and changes the record with it', async () => {
      const call = await test.created({ state: 'ringing' });
      const patch = { connectedAtMs: 5, transport: 'audiosocket' as const };
      expect(await test.store.transition(call.id, ['registered', 'ringing'], 'connected', patch)).toBe(true);
      expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, ...patch, state: 'connected' });
    });

    it('changes nothing in a call that is in another state', async () => {
      const call = await test.created({ state: 'completed' });
      expect(await test.store.transition(call.id, ['registered', 'connected'], 'failed', { reason: 'x' })).toBe(false);
      expect(await test.store.transition(call.id, [], 'failed', { reason: 'x' })).toBe(false);
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
    });

    it('is false for a call that does not exist', async () => {
      expect(await test.store.transition('1', CALL_STATES, 'failed', {})).toBe(false);
    });

    it('lets one of a hundred at once win, whose change is the one stored', async () => {
      const { id } = await test.created({ state: 'connected' });
      const attempts = Array.from({ length: 100 }, (_, n) =>
        test.store.transition(id, ['connected'], 'completed', { reason: `attempt ${n}` }),
      );
      const won = (await Promise.all(attempts)).flatMap((moved, n) => (moved ? [n] : []));
      expect(won).toHaveLength(1);
      expect((await test.store.get(PROJECT, id))?.reason).toBe(`attempt ${won[0]}`);
    });

    it('appends the event where it moved, numbered like any other', async () => {
      const call = await test.created({ state: 'ringing' });
      await test.store.appendEvent(call.id, { type: 'call.ringing', atMs: 1, data: {} });
      const event = { type: 'call.answered', atMs: 2.5, data: { text: '👋' } };
      expect(await test.store.transition(call.id, ['ringing'], 'answered', { channelId: 'c' }, event)).toBe(true);
      expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, state: 'answered', channelId: 'c' });
      expect((await test.store.events(call.id)).slice(1)).toEqual([{ seq: 2, ...event }]);
      expect((await test.store.appendEvent(call.id, event)).seq).toBe(3);
    });

    it('tells nothing twice where it is repeated, and changes the record', async () => {
      const call = await test.created({ state: 'dialing' });
      const event = { type: 'call.ringing', atMs: 1, data: {} };
      const ring = (channelId: string) =>
        test.store.transition(call.id, ['dialing', 'ringing'], 'ringing', { channelId }, event);
      expect(await Promise.all([ring('a'), ring('b'), ring('b')])).toEqual([true, true, true]);
      expect(await test.store.get(PROJECT, call.id)).toEqual({ ...call, state: 'ringing', channelId: 'b' });
      expect(await test.store.events(call.id)).toEqual([{ seq: 1, ...event }]);
    });

    it('appends nothing, and takes no number, where it did not move', async () => {
      const call = await test.created({ state: 'completed' });
      const event = { type: 'call.answered', atMs: 2, data: {} };
      expect(await test.store.transition(call.id, ['ringing'], 'answered', {}, event)).toBe(false);
      expect(await test.store.transition(call.id, [], 'answered', {}, event)).toBe(false);
      expect(await test.store.transition('1', CALL_STATES, 'answered', {}, event)).toBe(false);
      expect(await test.store.events(call.id)).toEqual([]);
      expect((await test.store.appendEvent(call.id, event)).seq).toBe(1);
    });

    it('appends the event of the one of many at once that wins, and no other', async () => {
      const { id } = await test.created({ state: 'connected' });
      const attempts = Array.from({ length: 30 }, (_, n) =>
        test.store.transition(id, ['connected'], 'completed', {}, { type: 'call.ended', atMs: n, data: { n } }),
      );
      const won = (await Promise.all(attempts)).indexOf(true);
      expect(await test.store.events(id)).toEqual([{ seq: 1, type: 'call.ended', atMs: won, data: { n: won } }]);
    });

    it('sets the metrics that belong to the event, where it moved', async () => {
      const { id } = await test.created({ state: 'connected' });
      const end = (value: string) => ({ type: 'call.ended', atMs: 1, data: {}, metrics: [{ name: 'status', value }] });
      const ending = ['a', 'b', 'c'].map((value) =>
        test.store.transition(id, ['connected'], 'completed', { reason: value }, end(value)),
      );
      await Promise.all(ending);
      const call = await test.store.get(PROJECT, id);
      expect(await test.store.metrics(id)).toEqual([{ name: 'status', value: call?.reason }]);
      expect(await test.store.events(id)).toEqual([{ seq: 1, type: 'call.ended', atMs: 1, data: {} }]);
    });

    it('does not move where the event or its metrics cannot be stored', async () => {
      const call = await test.created({ state: 'connected' });
      const unstorable = { type: 'call.ended', atMs: 1, data: UNSTORABLE };
      const moving = test.store.transition(call.id, ['connected'], 'completed', { reason: 'x' }, unstorable);
      await expect(moving).rejects.toMatchObject({ code: 'store_failed' });
      const metrics = [
        { name: 'one', value: 1 },
        { name: 'two', value: UNSTORABLE as never },
      ];
      const event = { type: 'call.ended', atMs: 1, data: {}, metrics };
      const withMetrics = test.store.transition(call.id, ['connected'], 'completed', { reason: 'x' }, event);
      await expect(withMetrics).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.store.metrics(call.id)).toEqual([]);
      expect(await test.store.get(PROJECT, call.id)).toEqual(call);
      expect(await test.store.events(call.id)).toEqual([]);
    });
  });

  describe('events', () => {
    it('numbers the events of each call from 1 and returns them in that order', async () => {
      const [a, b] = [await test.created(), await test.created()];
      const data = { deep: [{ n: 1.5, t: true, z: null, nul: '\0', text: '👋' }] };
      expect(await test.store.appendEvent(a.id, { type: 'webhook', atMs: 10, data })).toEqual({
        seq: 1,
        type: 'webhook',
        atMs: 10,
        data,
      });
      await test.store.appendEvent(b.id, { type: 'webhook', atMs: 11, data: {} });
      // A later number with an earlier time: the number is the order.
      await test.store.appendEvent(a.id, { type: 'StasisStart', atMs: 9, data: {} });
      expect(await test.store.events(a.id)).toEqual([
        { seq: 1, type: 'webhook', atMs: 10, data },
        { seq: 2, type: 'StasisStart', atMs: 9, data: {} },
      ]);
      expect(await test.store.events(b.id)).toEqual([{ seq: 1, type: 'webhook', atMs: 11, data: {} }]);
    });

    it('numbers without holes or repeats when many are appended at once', async () => {
      const [a, b] = [await test.created(), await test.created()];
      const appending = Array.from({ length: 60 }, (_, n) =>
        test.store.appendEvent(n % 2 === 0 ? a.id : b.id, { type: 'x', atMs: n, data: { n } }),
      );
      // Failures among them take no number.
      const toNoCall = () => test.store.appendEvent('1', { type: 'x', atMs: 0, data: {} });
      const failing = Promise.allSettled(Array.from({ length: 10 }, toNoCall));
      const appended = await Promise.all(appending);
      for (const failure of await failing) expect(failure.status).toBe('rejected');
      const oneTo30 = Array.from({ length: 30 }, (_, n) => n + 1);
      for (const [call, parity] of [[a, 0] as const, [b, 1] as const]) {
        const stored = await test.store.events(call.id);
        expect(stored.map((event) => event.seq)).toEqual(oneTo30);
        const returned = appended.filter((_, n) => n % 2 === parity).sort((x, y) => x.seq - y.seq);
        expect(stored).toEqual(returned);
      }
    });

    it('has none for a call without events, and fails with call_not_found to add one to no call', async () => {
      const { id } = await test.created();
      expect(await test.store.events(id)).toEqual([]);
      expect(await test.store.events('1')).toEqual([]);
      const appending = test.store.appendEvent('1', { type: 'webhook', atMs: 0, data: {} });
      await expect(appending).rejects.toMatchObject({ code: 'call_not_found' });
    });
  });
}
