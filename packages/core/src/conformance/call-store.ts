import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallPatch, CallRecord, TranscriptTurn } from '../call-record.js';
import { CALL_STATES, FINAL_STATES } from '../call-record.js';
import type { CallStore } from '../call-store.js';
import { describeAnalysis } from './call-store-analysis.js';
import { describeEvents } from './call-store-events.js';
import { aCall, anOrder, type CallStoreTest, newestFirst, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';
import { describeLegs } from './call-store-legs.js';
import { describeListing } from './call-store-list.js';
import { describePlacing } from './call-store-place.js';
import { describeQueue } from './call-store-queue.js';
import { describeReplay } from './call-store-replay.js';
import { describeSearching } from './call-store-search.js';

export interface CallStoreUnderTest {
  readonly store: CallStore;
  close(): Promise<void>;
}

const aTurn: TranscriptTurn = {
  role: 'user',
  text: 'Grüße, “you” 👋',
  startMs: 1_200.25,
  endMs: 2_400,
  interrupted: true,
  metrics: { stt_latency_ms: 12.5 },
};

/** The promises of {@link CallStore}. `make` gives an empty one. */
export function callStoreConformance(name: string, make: () => Promise<CallStoreUnderTest>): void {
  describe(`${name} as a CallStore`, () => {
    let store: CallStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const made = await make();
      store = made.store;
      close = () => made.close();
    });
    afterEach(() => close());

    async function created(changes: Partial<CallRecord> = {}): Promise<CallRecord> {
      const call = aCall(changes);
      await store.create(call);
      return call;
    }
    const underTest: CallStoreTest = {
      get store() {
        return store;
      },
      created,
    };

    describe('one record', () => {
      it('returns what was stored, field for field, by id and by context', async () => {
        const call = await created();
        expect(await store.get(PROJECT, call.id)).toEqual(call);
        expect(await store.getByContext(call.contextId)).toEqual(call);
      });

      it('keeps null apart from empty text, and an empty metadata', async () => {
        const call = await created({
          from: '',
          to: null,
          channelId: null,
          metadata: {},
          args: {},
          outbound: null,
          transport: null,
          format: null,
          connectedAtMs: null,
          endedAtMs: null,
          disconnectedBy: null,
          reason: '',
          directive: null,
          analysis: null,
          assistantVersion: null,
          overrides: null,
          recording: null,
        });
        expect(await store.get(PROJECT, call.id)).toEqual(call);
      });

      it.each(['0', '1', '9007199254740993', '18446744073709551615'])('keeps every digit of the id %s', async (id) => {
        const call = await created({ id });
        expect(await store.get(PROJECT, id)).toEqual(call);
      });

      it.each(CALL_STATES)('keeps the state %s', async (state) => {
        const { id } = await created({ state });
        expect((await store.get(PROJECT, id))?.state).toBe(state);
      });

      it('has nothing for an unknown id, an unknown context, or text that is no id', async () => {
        await created({ id: '7' });
        for (const id of ['8', '', '07', '00000000000000000007', '7 ', '-7', '99999999999999999999', "' or 1=1"]) {
          expect(await store.get(PROJECT, id), id).toBeUndefined();
        }
        expect(await store.getByContext('00000000-0000-4000-8000-ffffffffffff')).toBeUndefined();
        expect(await store.getByContext('')).toBeUndefined();
      });

      it('does not show a call to another project', async () => {
        const { id } = await created();
        expect(await store.get(OTHER_PROJECT, id)).toBeUndefined();
      });

      it('refuses a second call of the same id or context and keeps the first', async () => {
        const call = await created();
        await expect(store.create(aCall({ id: call.id }))).rejects.toMatchObject({ code: 'store_failed' });
        await expect(store.create(aCall({ contextId: call.contextId }))).rejects.toMatchObject({
          code: 'store_failed',
        });
        expect(await store.get(PROJECT, call.id)).toEqual(call);
        expect(await store.getByContext(call.contextId)).toEqual(call);
      });

      it('refuses what is no id', async () => {
        await expect(store.create(aCall({ id: 'seven' }))).rejects.toMatchObject({ code: 'store_failed' });
      });
    });

    describe('patch', () => {
      const patch: Required<CallPatch> = {
        from: '+1',
        to: '700',
        channelId: 'other',
        metadata: { k: 'v' },
        args: { k: 'v' },
        outbound: anOrder({ notBeforeMs: 1, attempt: 2, retryOn: [], ringMs: null, dialed: null }),
        transport: 'audiosocket',
        format: 'slin',
        connectedAtMs: 1,
        endedAtMs: 2,
        disconnectedBy: 'assistant',
        reason: 'other',
        directive: 'hangup',
        recording: 'other.wav',
        analysis: { state: 'failed', error: 'provider_timeout' },
        nodeId: 'node-b',
      };

      it.each(Object.entries(patch))('changes %s and nothing else', async (field, value) => {
        const call = await created();
        const bystander = await created();
        await store.patch(call.id, { [field]: value });
        expect(await store.get(PROJECT, call.id)).toEqual({ ...call, [field]: value });
        expect(await store.get(PROJECT, bystander.id)).toEqual(bystander);
      });

      it('sets to null, and changes nothing when it names nothing', async () => {
        const call = await created();
        await store.patch(call.id, {});
        expect(await store.get(PROJECT, call.id)).toEqual(call);
        await store.patch(call.id, { reason: null, endedAtMs: null, outbound: null });
        expect(await store.get(PROJECT, call.id)).toEqual({ ...call, reason: null, endedAtMs: null, outbound: null });
      });

      it('fails with call_not_found for a call that does not exist', async () => {
        await expect(store.patch('1', { reason: 'x' })).rejects.toMatchObject({ code: 'call_not_found' });
      });
    });

    describeAnalysis(underTest);
    describeReplay(underTest);
    describeEvents(underTest);
    describeLegs(underTest);
    describeListing(underTest);
    describeSearching(underTest);
    describePlacing(underTest);
    describeQueue(underTest);

    describe('transcript and metrics', () => {
      it('keeps the turns of a call in the order they were added', async () => {
        const [a, b] = [await created(), await created()];
        const second: TranscriptTurn = {
          ...aTurn,
          role: 'assistant',
          text: '',
          startMs: 0,
          interrupted: false,
          metrics: {},
        };
        await store.addTurn(a.id, aTurn);
        await store.addTurn(b.id, second);
        await store.addTurn(a.id, second);
        expect(await store.turns(a.id)).toEqual([aTurn, second]);
        expect(await store.turns(b.id)).toEqual([second]);
        expect(await store.turns('1')).toEqual([]);
      });

      it('keeps what was left unheard of a turn beside what was heard', async () => {
        const { id } = await created();
        const turn: TranscriptTurn = { ...aTurn, role: 'assistant', unheard: 'and “you”, too 👋' };
        await store.addTurn(id, turn);
        expect(await store.turns(id)).toEqual([turn]);
      });

      it('loses no turn when many are added at once', async () => {
        const { id } = await created();
        const texts = Array.from({ length: 40 }, (_, n) => String(n));
        await Promise.all(texts.map((text) => store.addTurn(id, { ...aTurn, text })));
        expect((await store.turns(id)).map((turn) => turn.text).sort()).toEqual(texts.sort());
      });

      it('keeps the last value of each metric of each call, of any JSON type', async () => {
        const [a, b] = [await created(), await created()];
        await store.setMetric(a.id, { name: 'call.duration', value: 1.25 });
        await store.setMetric(a.id, { name: 'call.status', value: 'failed' });
        await store.setMetric(b.id, { name: 'call.duration', value: null });
        await store.setMetric(a.id, { name: 'call.duration', value: { list: [false, '', 0] } });
        const sorted = [...(await store.metrics(a.id))].sort((x, y) => x.name.localeCompare(y.name));
        expect(sorted).toEqual([
          { name: 'call.duration', value: { list: [false, '', 0] } },
          { name: 'call.status', value: 'failed' },
        ]);
        expect(await store.metrics(b.id)).toEqual([{ name: 'call.duration', value: null }]);
        expect(await store.metrics('1')).toEqual([]);
      });

      it('fails with call_not_found for a call that does not exist', async () => {
        await expect(store.addTurn('1', aTurn)).rejects.toMatchObject({ code: 'call_not_found' });
        await expect(store.setMetric('1', { name: 'x', value: 1 })).rejects.toMatchObject({ code: 'call_not_found' });
      });
    });

    describe('unfinished', () => {
      it('has the calls of this node that have not ended, of every project', async () => {
        const held = [];
        for (const state of CALL_STATES) {
          const call = await created({ state, projectId: state === 'connected' ? OTHER_PROJECT : PROJECT });
          await created({ state, nodeId: 'node-b' });
          if (!FINAL_STATES.includes(state)) held.push(call);
        }
        const unfinished = await store.unfinished('node-a');
        expect(newestFirst(unfinished)).toEqual(newestFirst(held));
        expect(await store.unfinished('node-c')).toEqual([]);
      });
    });
  });
}
