import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_STATES, type CallRecord } from '../call-record.js';
import type { PassOver } from '../call-store.js';
import { aCall, anOrder, type CallStoreTest, ids, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';

const NOBODY: PassOver = { projectIds: [], assistantIds: [] };

function queuedFor(notBeforeMs: number, changes: Partial<CallRecord> = {}): CallRecord {
  return aCall({ state: 'queued', outbound: anOrder({ notBeforeMs }), ...changes });
}

const inTurn = (calls: readonly CallRecord[]) =>
  [...calls].sort(
    (a, b) => a.outbound!.notBeforeMs - b.outbound!.notBeforeMs || (BigInt(a.id) < BigInt(b.id) ? -1 : 1),
  );

/** What {@link CallStore.due} and {@link CallStore.queued} promise. */
export function describeQueue(test: CallStoreTest): void {
  describe('due', () => {
    it('has whole records of every project whose moment has come', async () => {
      const calls = [queuedFor(10), queuedFor(20, { projectId: OTHER_PROJECT }), queuedFor(20.5)];
      await test.store.createAll(calls);
      expect(await test.store.due(9.5, 10, NOBODY)).toEqual([]);
      expect(await test.store.due(10, 10, NOBODY)).toEqual([calls[0]]);
      expect(await test.store.due(20, 10, NOBODY)).toEqual([calls[0], calls[1]]);
      expect(await test.store.due(20.5, 10, NOBODY)).toEqual(calls);
    });

    it('has calls in state queued and no others, and none without an order', async () => {
      for (const state of CALL_STATES) await test.created({ state, outbound: anOrder({ notBeforeMs: 1 }) });
      await test.created({ state: 'queued', direction: 'inbound', outbound: null });
      const due = await test.store.due(1e15, 200, NOBODY);
      expect(due.map((call) => call.state)).toEqual(['queued']);
    });

    it('orders by the moment, and by ids as numbers where that is equal, not by creation', async () => {
      const made = ['10', '9', '18446744073709551615', '9223372036854775808', '100'];
      for (const [n, id] of made.entries()) await test.store.create(queuedFor(5, { id, createdAtMs: 100 - n }));
      await test.store.create(queuedFor(4, { id: '1000' }));
      expect(ids(await test.store.due(5, 10, NOBODY))).toEqual([
        '1000',
        '9',
        '10',
        '100',
        '9223372036854775808',
        '18446744073709551615',
      ]);
    });

    it('has the first in turn of those not passed over, for any calls', async () => {
      const few = fc.integer({ min: 1, max: 3 });
      const calls = fc.array(fc.record({ notBeforeMs: fc.integer({ min: 0, max: 4 }), project: few, assistant: few }), {
        maxLength: 15,
      });
      const some = fc.uniqueArray(few.map(String));
      const limits = fc.integer({ min: 1, max: 16 });
      await fc.assert(
        fc.asyncProperty(calls, some, some, limits, async (wanted, projectIds, assistantIds, limit) => {
          const made = wanted.map(({ notBeforeMs, project, assistant }) =>
            queuedFor(notBeforeMs, { projectId: String(project), assistantId: String(assistant) }),
          );
          await test.store.createAll(made);
          const due = await test.store.due(3, limit, { projectIds, assistantIds });
          for (const { id } of made) await test.store.transition(id, ['queued'], 'cancelled', {});
          const free = made.filter(
            (call) => !projectIds.includes(call.projectId) && !assistantIds.includes(call.assistantId),
          );
          expect(due).toEqual(inTurn(free.filter((call) => call.outbound!.notBeforeMs <= 3)).slice(0, limit));
        }),
        { numRuns: 60 },
      );
    });

    it('is not led astray by ids that nothing has, by text that is no id, or by thousands of them', async () => {
      const call = queuedFor(1, { projectId: '12', assistantId: '34' });
      await test.store.create(call);
      const strange = ['', '1', '012', '00000000000000000012', '12 ', "12' or 1=1", '34'];
      expect(await test.store.due(1, 1, { projectIds: strange, assistantIds: [] })).toEqual([call]);
      const many = Array.from({ length: 8_000 }, (_, n) => String(n + 1_000));
      expect(await test.store.due(1, 1, { projectIds: many, assistantIds: many })).toEqual([call]);
      expect(await test.store.due(1, 1, { projectIds: [...many, '12'], assistantIds: many })).toEqual([]);
      expect(await test.store.due(1, 1, { projectIds: many, assistantIds: [...many, '34'] })).toEqual([]);
    });

    it('gives up to 200 calls, and none where none is asked for', async () => {
      await test.store.createAll(Array.from({ length: 201 }, () => queuedFor(1)));
      const count = async (limit: number) => (await test.store.due(1, limit, NOBODY)).length;
      for (const limit of [0, -1, 0.9, Number.NaN]) expect(await count(limit), String(limit)).toBe(0);
      expect(await count(1.9)).toBe(1);
      expect(await count(200)).toBe(200);
      expect(await count(201)).toBe(200);
      expect(await count(Number.POSITIVE_INFINITY)).toBe(200);
    });

    it('follows the order as it is changed, with the state and without', async () => {
      const { id } = await test.created({ state: 'queued', outbound: anOrder({ notBeforeMs: 10 }) });
      const due = async (nowMs: number) => ids(await test.store.due(nowMs, 10, NOBODY));
      await test.store.patch(id, { outbound: anOrder({ notBeforeMs: 20 }) });
      expect([await due(19), await due(20)]).toEqual([[], [id]]);
      await test.store.patch(id, { reason: 'other' });
      expect([await due(19), await due(20)]).toEqual([[], [id]]);
      await test.store.transition(id, ['queued'], 'dialing', { outbound: anOrder({ notBeforeMs: 20, attempt: 2 }) });
      expect(await due(1e15)).toEqual([]);
      await test.store.transition(id, ['dialing'], 'queued', { outbound: anOrder({ notBeforeMs: 30, attempt: 2 }) });
      expect([await due(29), await due(30)]).toEqual([[], [id]]);
      // One that does not move changes nothing, the order neither.
      await test.store.transition(id, ['dialing'], 'queued', { outbound: anOrder({ notBeforeMs: 1 }) });
      expect(await due(29)).toEqual([]);
      await test.store.patch(id, { outbound: null });
      expect(await due(1e15)).toEqual([]);
    });
  });

  describe('queued', () => {
    it('counts the calls of a project that are queued, whenever they may be dialled', async () => {
      for (const state of CALL_STATES) await test.created({ state });
      await test.store.createAll([queuedFor(1), queuedFor(1e15), queuedFor(1, { projectId: OTHER_PROJECT })]);
      expect(await test.store.queued(PROJECT)).toBe(3);
      expect(await test.store.queued(OTHER_PROJECT)).toBe(1);
      expect(await test.store.queued('1')).toBe(0);
      expect(await test.store.queued('')).toBe(0);
    });
  });
}
