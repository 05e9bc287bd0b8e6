import { describe, expect, it } from 'vitest';
import { DELIVERY_STATES, type DeliveryRecord, type WebhookStore } from '../webhook-store.js';
import { OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';
import type { WebhookStoreTest } from './webhook-store-fixtures.js';

type Filter = Parameters<WebhookStore['deliveries']>[1];

/** What {@link WebhookStore} promises about single deliveries and lists of them. */
export function describeDeliveries(test: WebhookStoreTest): void {
  const stored = async (id: string): Promise<DeliveryRecord | undefined> =>
    (await test.store.deliveries(PROJECT, {}, 200, null)).data.find((delivery) => delivery.id === id);

  async function walk(filter: Filter, limit: number): Promise<DeliveryRecord[]> {
    const found: DeliveryRecord[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<WebhookStore['deliveries']>> = await test.store.deliveries(
        PROJECT,
        filter,
        limit,
        cursor,
      );
      expect(page.data.length).toBeLessThanOrEqual(limit);
      found.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < 100);
    return found;
  }

  describe('attempted', () => {
    it('writes down each outcome and counts', async () => {
      const delivery = await test.tested(await test.created());
      const bystander = await test.tested(await test.created());
      await test.store.attempted(delivery.id, {
        ...{ state: 'pending', status: null, error: 'timeout “10 s”', atMs: 5, nextAtMs: 6.5 },
      });
      const once = { ...delivery, attempts: 1, nextAtMs: 6.5, lastError: 'timeout “10 s”' };
      expect(await stored(delivery.id)).toEqual(once);
      await test.store.attempted(delivery.id, { state: 'dead', status: 500, error: null, atMs: 7, nextAtMs: null });
      const twice = { ...delivery, attempts: 2, state: 'dead', nextAtMs: null, lastStatus: 500 };
      expect(await stored(delivery.id)).toEqual(twice);
      expect(await stored(bystander.id)).toEqual(bystander);
    });

    it('notes when it was delivered', async () => {
      const delivery = await test.tested(await test.created());
      await test.store.attempted(delivery.id, {
        state: 'delivered',
        status: 204,
        error: null,
        atMs: 7.5,
        nextAtMs: null,
      });
      const done = {
        ...delivery,
        state: 'delivered',
        attempts: 1,
        nextAtMs: null,
        lastStatus: 204,
        deliveredAtMs: 7.5,
      };
      expect(await stored(delivery.id)).toEqual(done);
      expect(await test.store.due(1e15, 10, [])).toEqual([]);
    });

    it('ignores what was removed meanwhile', async () => {
      const webhook = await test.created();
      const { id } = await test.tested(webhook);
      await test.store.remove(PROJECT, webhook.id);
      for (const unknown of [id, '1', '', 'seven']) {
        await test.store.attempted(unknown, { state: 'pending', status: 500, error: null, atMs: 1, nextAtMs: 2 });
      }
      expect(await test.store.deliveries(PROJECT, {}, 10, null)).toEqual({ data: [], nextCursor: null });
    });
  });

  describe('resend', () => {
    it.each(DELIVERY_STATES)('makes one that is %s pending again, as if it had never been tried', async (state) => {
      const webhook = await test.created();
      const delivery = await test.tested(webhook);
      const nextAtMs = state === 'pending' ? 1e14 : null;
      await test.store.attempted(delivery.id, { state, status: 500, error: 'x', atMs: 5, nextAtMs });
      expect(await test.store.resend(PROJECT, delivery.id, 9)).toBe(true);
      const again = { ...delivery, nextAtMs: 9 };
      expect(await stored(delivery.id)).toEqual(again);
      expect(await test.store.due(8, 10, [])).toEqual([]);
      expect(await test.store.due(9, 10, [])).toEqual([{ delivery: again, webhook }]);
    });

    it('puts an earlier event of a call before those that are pending', async () => {
      await test.created();
      const call = await test.called();
      await test.told(call, 'a1', 1);
      await test.told(call, 'a2', 2);
      const first = async () => (await test.store.due(1e14, 10, [])).map(({ delivery }) => delivery);
      const [a1] = await first();
      await test.store.attempted(a1!.id, { state: 'dead', status: 500, error: null, atMs: 3, nextAtMs: null });
      const [a2] = await first();
      expect(await test.store.resend(PROJECT, a1!.id, 9)).toBe(true);
      expect((await first()).map(({ id }) => id)).toEqual([a1!.id]);
      // What was under way meanwhile ends, and waits for its turn.
      await test.store.attempted(a2!.id, { state: 'pending', status: 500, error: null, atMs: 10, nextAtMs: 11 });
      expect((await first()).map(({ id }) => id)).toEqual([a1!.id]);
      await test.store.attempted(a1!.id, { state: 'delivered', status: 200, error: null, atMs: 12, nextAtMs: null });
      expect((await first()).map(({ id }) => id)).toEqual([a2!.id]);
    });

    it('is false for one that nothing has, or of another project, and changes nothing then', async () => {
      const delivery = await test.tested(await test.created());
      for (const id of ['1', '', 'seven']) expect(await test.store.resend(PROJECT, id, 9), id).toBe(false);
      expect(await test.store.resend(OTHER_PROJECT, delivery.id, 9)).toBe(false);
      expect(await stored(delivery.id)).toEqual(delivery);
    });
  });

  describe('addTest', () => {
    it('refuses one of a webhook that does not exist, and a second of one id', async () => {
      const webhook = await test.created();
      const first = await test.tested(webhook);
      await expect(test.tested({ ...webhook, id: '1' })).rejects.toMatchObject({ code: 'store_failed' });
      await expect(test.tested(webhook, { id: first.id })).rejects.toMatchObject({ code: 'store_failed' });
      expect((await test.store.deliveries(PROJECT, {}, 10, null)).data).toEqual([first]);
    });
  });

  describe('deliveries', () => {
    it.each([1, 2, 3, 6, 7])('walks over those of the project, newest first, by %i', async (limit) => {
      const webhook = await test.created();
      const made: DeliveryRecord[] = [];
      for (const createdAtMs of [3, 1, 3, 2, 1, 3]) made.push(await test.tested(webhook, { createdAtMs }));
      await test.tested(await test.created({ projectId: OTHER_PROJECT }));
      expect(await walk({}, limit)).toEqual([5, 2, 0, 3, 4, 1].map((n) => made[n]));
    });

    it('filters by webhook, call and state, alone and together, over pages too', async () => {
      const webhooks = [await test.created(), await test.created()];
      const calls = [await test.called(), await test.called()];
      const ended = [
        { state: 'delivered', status: 200, error: null, atMs: 1, nextAtMs: null },
        { state: 'dead', status: 500, error: null, atMs: 1, nextAtMs: null },
        { state: 'pending', status: 500, error: null, atMs: 1, nextAtMs: 5 },
      ] as const;
      for (let n = 0; n < 6; n++) await test.told(calls[n % 2]!, `x${n}`, n);
      for (const webhook of webhooks) await test.tested(webhook, { createdAtMs: 50 });
      const unsettled = await walk({}, 200);
      expect(unsettled).toHaveLength(14);
      for (const [n, { id }] of unsettled.entries()) await test.store.attempted(id, ended[n % 3]!);
      const all = await walk({}, 200);
      const some = <T>(values: readonly T[]) => [undefined, ...values];
      for (const webhookId of some([...webhooks.map(({ id }) => id), '1', ''])) {
        for (const callId of some([...calls.map(({ id }) => id), '1', ''])) {
          for (const state of some(DELIVERY_STATES)) {
            const filter: Filter = {
              ...(webhookId !== undefined && { webhookId }),
              ...(callId !== undefined && { callId }),
              ...(state !== undefined && { state }),
            };
            const wanted = all.filter((one) => Object.entries(filter).every(([k, v]) => one[k as 'state'] === v));
            expect(await walk(filter, 2), JSON.stringify(filter)).toEqual(wanted);
          }
        }
      }
    });

    it('gives 1 to 200 whatever is asked for', async () => {
      const webhook = await test.created();
      for (let n = 0; n < 201; n++) await test.tested(webhook);
      const count = async (limit: number) => (await test.store.deliveries(PROJECT, {}, limit, null)).data.length;
      expect([await count(0), await count(-5), await count(200), await count(1e9)]).toEqual([1, 1, 200, 200]);
    });
  });

  describe('forgetDeliveries', () => {
    it('forgets what is settled and older, of every project, and nothing that is pending', async () => {
      const webhooks = [await test.created(), await test.created({ projectId: OTHER_PROJECT })];
      for (const webhook of webhooks) {
        for (const state of DELIVERY_STATES) {
          for (const createdAtMs of [9, 10])
            await test.tested(webhook, { state, createdAtMs, type: `${state} ${createdAtMs}` });
        }
      }
      expect(await test.store.forgetDeliveries(10, 100)).toBe(4);
      expect(await test.store.forgetDeliveries(10, 100)).toBe(0);
      for (const project of [PROJECT, OTHER_PROJECT]) {
        const left = (await test.store.deliveries(project, {}, 10, null)).data.map(({ type }) => type);
        expect(left.sort()).toEqual(['dead 10', 'delivered 10', 'pending 10', 'pending 9']);
      }
    });

    it('forgets no more at a time than it is told, nor more than a thousand', async () => {
      const webhook = await test.created();
      for (let n = 0; n < 1_010; n++) await test.tested(webhook, { state: 'dead', createdAtMs: n });
      for (const limit of [0, -1, Number.NaN]) expect(await test.store.forgetDeliveries(1e15, limit)).toBe(0);
      expect(await test.store.forgetDeliveries(1e15, 4.9)).toBe(4);
      expect(await test.store.forgetDeliveries(1e15, Number.POSITIVE_INFINITY)).toBe(1_000);
      expect(await test.store.forgetDeliveries(1e15, 100)).toBe(6);
    });
  });

  describe('forgetOf', () => {
    it('removes what one webhook has, in whatever state, as many at a time as it is told', async () => {
      const [webhook, other] = [await test.created(), await test.created()];
      for (const state of DELIVERY_STATES) {
        for (const one of [webhook, webhook, other]) await test.tested(one, { state });
      }
      expect(await test.store.forgetOf(OTHER_PROJECT, webhook.id, 100)).toBe(0);
      for (const limit of [0, Number.NaN]) expect(await test.store.forgetOf(PROJECT, webhook.id, limit)).toBe(0);
      expect(await test.store.forgetOf(PROJECT, webhook.id, 4)).toBe(4);
      expect(await test.store.forgetOf(PROJECT, webhook.id, 100)).toBe(2);
      const left = (await test.store.deliveries(PROJECT, {}, 10, null)).data;
      expect(left.map(({ webhookId }) => webhookId)).toEqual([other.id, other.id, other.id]);
    });
  });
}
