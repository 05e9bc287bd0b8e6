import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../call-record.js';
import type { CallStore, OnceAnswer } from '../call-store.js';
import { aCall, type CallStoreTest, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';

function anAnswer(changes: Partial<OnceAnswer> = {}): OnceAnswer {
  return {
    projectId: PROJECT,
    key: 'order 12, “Zoë” 👋',
    fingerprint: 'POST /v1/calls',
    answer: { calls: [{ id: '9007199254740993', text: 'o\'clock "\0" 👋', none: null, yes: true, n: 1.5 }] },
    atMs: 1_790_000_000_000.5,
    ...changes,
  };
}

const queuedCalls = (count: number, changes: Partial<CallRecord> = {}) =>
  Array.from({ length: count }, () => aCall({ state: 'queued', ...changes }));

async function expectNone(store: CallStore, calls: readonly CallRecord[]): Promise<void> {
  for (const call of calls) expect(await store.get(call.projectId, call.id)).toBeUndefined();
}

/** What {@link CallStore.createAll} and {@link CallStore.forgetAnswers} promise. */
export function describePlacing(test: CallStoreTest): void {
  describe('createAll', () => {
    it.each([0, 1, 2, 99, 100, 101, 1_000])('stores %i calls, field for field', async (count) => {
      const calls = queuedCalls(count);
      expect(await test.store.createAll(calls)).toBeUndefined();
      expect(await test.store.queued(PROJECT)).toBe(count);
      for (const call of calls) expect(await test.store.get(PROJECT, call.id)).toEqual(call);
    });

    it.each([
      ['id', 0],
      ['id', 149],
      ['contextId', 0],
      ['contextId', 149],
    ] as const)('stores none, and no answer, where one of them has the %s of another call', async (field, at) => {
      const existing = await test.created();
      const fine = queuedCalls(150);
      const calls = fine.map((call, n) => (n === at ? { ...call, [field]: existing[field] } : call));
      await expect(test.store.createAll(calls, anAnswer())).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.store.queued(PROJECT)).toBe(0);
      expect(await test.store.get(PROJECT, existing.id)).toEqual(existing);
      expect(await test.store.createAll(fine, anAnswer())).toBeUndefined();
      expect(await test.store.queued(PROJECT)).toBe(150);
    });

    it('stores none where two of them have one id', async () => {
      const calls = queuedCalls(3);
      const twice = [...calls, { ...aCall(), id: calls[0]!.id }];
      await expect(test.store.createAll(twice)).rejects.toMatchObject({ code: 'store_failed' });
      await expectNone(test.store, calls);
    });

    it('gives the first answer to every repetition and stores nothing then', async () => {
      const first = anAnswer();
      expect(await test.store.createAll(queuedCalls(2), first)).toBeUndefined();
      const repeated = queuedCalls(2);
      for (let n = 0; n < 3; n++) {
        const again = anAnswer({ answer: ['other'], atMs: first.atMs + n });
        expect(await test.store.createAll(repeated, again)).toEqual(first);
      }
      await expectNone(test.store, repeated);
      expect(await test.store.queued(PROJECT)).toBe(2);
    });

    it('finds an answer by its project and key, and by nothing else', async () => {
      const first = anAnswer();
      await test.store.createAll(queuedCalls(1), first);
      expect(await test.store.answer(PROJECT, first.key)).toEqual(first);
      expect(await test.store.answer(OTHER_PROJECT, first.key)).toBeUndefined();
      expect(await test.store.answer(PROJECT, `${first.key} `)).toBeUndefined();
      await test.store.forgetAnswers(first.atMs + 1);
      expect(await test.store.answer(PROJECT, first.key)).toBeUndefined();
    });

    it('leaves it to the caller to see that the repetition is another request', async () => {
      const first = anAnswer();
      await test.store.createAll([], first);
      const calls = queuedCalls(1);
      const found = await test.store.createAll(calls, anAnswer({ fingerprint: 'another' }));
      expect(found?.fingerprint).toBe(first.fingerprint);
      await expectNone(test.store, calls);
    });

    it('keeps an answer of any JSON type', async () => {
      for (const [n, answer] of [null, false, 0, '', [], {}].entries()) {
        const once = anAnswer({ key: String(n), answer });
        await test.store.createAll([], once);
        expect(await test.store.createAll([], once)).toEqual(once);
      }
    });

    it('tells keys apart by every character, and projects that use the same key', async () => {
      const keys = ['', ' ', 'key', 'KEY', 'key ', ' key', 'kéy', 'ke\u0301y', '%', 'k_y'];
      for (const key of keys) {
        for (const projectId of [PROJECT, OTHER_PROJECT]) {
          const stored = await test.store.createAll(queuedCalls(1, { projectId }), anAnswer({ key, projectId }));
          expect(stored, `${projectId} ${key}`).toBeUndefined();
        }
      }
      for (const projectId of [PROJECT, OTHER_PROJECT]) {
        expect(await test.store.queued(projectId)).toBe(keys.length);
        const once = anAnswer({ key: 'KEY', projectId });
        expect(await test.store.createAll([], once)).toEqual(once);
      }
    });

    it('lets one of many at once store, and gives its answer to the others', async () => {
      const requests = Array.from({ length: 20 }, (_, n) => ({
        calls: queuedCalls(2),
        once: anAnswer({ answer: n, atMs: n }),
      }));
      const found = await Promise.all(requests.map(({ calls, once }) => test.store.createAll(calls, once)));
      const [winner, ...others] = requests.filter((_, n) => found[n] === undefined);
      expect(others).toEqual([]);
      expect(found.filter((answer) => answer !== undefined)).toEqual(Array(19).fill(winner?.once));
      expect(await test.store.queued(PROJECT)).toBe(2);
      for (const call of winner?.calls ?? []) expect(await test.store.get(PROJECT, call.id)).toEqual(call);
    });

    it('forgets answers that are older than a moment, says how many, and keeps the calls', async () => {
      for (const atMs of [10, 20, 30]) {
        await test.store.createAll(queuedCalls(1), anAnswer({ key: String(atMs), atMs }));
      }
      await test.store.createAll([], anAnswer({ key: '10', atMs: 10, projectId: OTHER_PROJECT }));
      expect(await test.store.forgetAnswers(10)).toBe(0);
      expect(await test.store.forgetAnswers(30)).toBe(3);
      expect(await test.store.forgetAnswers(30)).toBe(0);
      expect(await test.store.queued(PROJECT)).toBe(3);
      expect(await test.store.createAll([], anAnswer({ key: '30' }))).toMatchObject({ atMs: 30 });
      expect(await test.store.createAll(queuedCalls(1), anAnswer({ key: '10' }))).toBeUndefined();
      expect(await test.store.queued(PROJECT)).toBe(4);
    });
  });
}
