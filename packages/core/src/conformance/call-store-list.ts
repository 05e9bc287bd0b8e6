import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallFilter, CallRecord } from '../call-record.js';
import type { CallStore } from '../call-store.js';
import { type CallStoreTest, ids, newestFirst, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';

/** Every page up to the last; fails where they do not end. */
async function walk(store: CallStore, projectId: string, filter: CallFilter, limit: number) {
  const pages: (readonly CallRecord[])[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<CallStore['list']>> = await store.list(projectId, filter, limit, cursor);
    pages.push(page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 1_000);
  expect(cursor).toBeNull();
  return pages;
}

/** What {@link CallStore.list} promises. */
export function describeListing(test: CallStoreTest): void {
  describe('list', () => {
    it('is empty where there are no calls', async () => {
      expect(await test.store.list(PROJECT, {}, 10, null)).toEqual({ data: [], nextCursor: null });
    });

    it('has whole records, newest first, of this project only', async () => {
      const first = await test.created();
      const second = await test.created();
      await test.created({ projectId: OTHER_PROJECT });
      const third = await test.created();
      expect(await test.store.list(PROJECT, {}, 10, null)).toEqual({ data: [third, second, first], nextCursor: null });
    });

    it('orders ids as numbers where the times are equal', async () => {
      const createdAtMs = 1_790_000_000_000;
      for (const id of ['10', '9', '18446744073709551615', '9223372036854775808', '100']) {
        await test.created({ id, createdAtMs });
      }
      const { data } = await test.store.list(PROJECT, {}, 10, null);
      expect(ids(data)).toEqual(['18446744073709551615', '9223372036854775808', '100', '10', '9']);
    });

    it('walks over every call exactly once, newest first, for any calls and any page size', async () => {
      let project = 100;
      const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 2e12 })), {
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(times, fc.integer({ min: 1, max: 14 }), async (createdAtMs, limit) => {
          const projectId = String(++project);
          const made = [];
          for (const atMs of createdAtMs) made.push(await test.created({ projectId, createdAtMs: atMs }));
          const pages = await walk(test.store, projectId, {}, limit);
          expect(ids(pages.flat())).toEqual(ids(newestFirst(made)));
          // Full pages but the last, and no empty page after them.
          expect(pages).toHaveLength(Math.max(1, Math.ceil(made.length / limit)));
          for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
        }),
        { numRuns: 40 },
      );
    });

    it('goes on where it was when calls are made and moved meanwhile', async () => {
      const made = [];
      for (let n = 0; n < 6; n++) made.push(await test.created());
      const first = await test.store.list(PROJECT, {}, 3, null);
      await test.created();
      await test.store.transition(made[0]!.id, ['registered'], 'completed', {});
      const second = await test.store.list(PROJECT, {}, 3, first.nextCursor);
      expect(ids([...first.data, ...second.data])).toEqual(ids(newestFirst(made)));
      expect(second.nextCursor).toBeNull();
    });

    it('filters by state, assistant, direction, caller and called, alone and together, over pages too', async () => {
      const states = ['completed', 'failed', 'connected'] as const;
      const made: CallRecord[] = [];
      for (let n = 0; n < 24; n++) {
        const direction = n % 4 < 2 ? ('inbound' as const) : ('outbound' as const);
        const [from, to] = [`+${n % 5}`, n % 7 === 0 ? null : `+${n % 7}`];
        made.push(await test.created({ state: states[n % 3]!, assistantId: String(n % 2), direction, from, to }));
      }
      const filters: CallFilter[] = [
        { state: 'failed' },
        { assistantId: '1' },
        { direction: 'outbound' },
        { from: '+3' },
        { from: '' },
        { from: '+' },
        { to: '+4' },
        { to: '' },
        { from: '+2', to: '+1' },
        { to: '+1', direction: 'outbound' },
        { state: 'queued' },
        { state: 'completed', direction: 'inbound' },
        { state: 'connected', assistantId: '0', direction: 'outbound', from: '+2' },
      ];
      for (const filter of filters) {
        const wanted = made.filter((call) => Object.entries(filter).every(([k, v]) => call[k as 'state'] === v));
        const found = (await walk(test.store, PROJECT, filter, 2)).flat();
        expect(ids(found), JSON.stringify(filter)).toEqual(ids(newestFirst(wanted)));
      }
    });

    it('filters by time: from `sinceMs` on, before `untilMs`', async () => {
      const made = [];
      for (let n = 0; n < 5; n++) made.push(await test.created({ createdAtMs: 1_000 + n }));
      const times = async (filter: CallFilter) =>
        (await walk(test.store, PROJECT, filter, 2)).flat().map((call) => call.createdAtMs);
      expect(await times({ sinceMs: 1_002 })).toEqual([1_004, 1_003, 1_002]);
      expect(await times({ untilMs: 1_002 })).toEqual([1_001, 1_000]);
      expect(await times({ sinceMs: 1_001, untilMs: 1_003 })).toEqual([1_002, 1_001]);
      expect(await times({ sinceMs: 0, untilMs: 0 })).toEqual([]);
    });

    it('gives 1 to 200 calls whatever is asked for', async () => {
      for (let n = 0; n < 201; n++) await test.created();
      const count = async (limit: number) => (await test.store.list(PROJECT, {}, limit, null)).data.length;
      expect(await count(0)).toBe(1);
      expect(await count(-5)).toBe(1);
      expect(await count(200)).toBe(200);
      expect(await count(201)).toBe(200);
      expect(await count(Number.POSITIVE_INFINITY)).toBe(200);
    });

    it('refuses a cursor it did not make', async () => {
      await test.created();
      await test.created();
      const { nextCursor } = await test.store.list(PROJECT, {}, 1, null);
      const strange = ['', 'x', '%', 'null', `${nextCursor}A`, `${nextCursor} `, `${nextCursor}=`, 'A'.repeat(10_000)];
      strange.push(nextCursor!.slice(0, -4), Buffer.from("1:' or 1=1").toString('base64url'));
      for (const cursor of strange) {
        const listing = test.store.list(PROJECT, {}, 1, cursor);
        await expect(listing, cursor.slice(0, 50)).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    it("does not lead into another project with that project's cursor", async () => {
      const mine = await test.created();
      await test.created({ projectId: OTHER_PROJECT });
      await test.created({ projectId: OTHER_PROJECT });
      const { nextCursor } = await test.store.list(OTHER_PROJECT, {}, 1, null);
      expect(ids((await test.store.list(PROJECT, {}, 10, nextCursor)).data)).toEqual([mine.id]);
    });
  });
}
