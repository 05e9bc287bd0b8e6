import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallStore } from '../call-store.js';
import type { EntityId } from '../ids.js';
import type { WebhookPatch, WebhookRecord, WebhookStore } from '../webhook-store.js';
import { aCall, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';
import { describeDeliveries } from './webhook-store-deliveries.js';
import { describeDue } from './webhook-store-due.js';
import { aTestDelivery, aWebhook, type WebhookStoreTest } from './webhook-store-fixtures.js';
import { describeOutbox } from './webhook-store-outbox.js';

export interface WebhookStoreUnderTest {
  readonly store: WebhookStore;
  /** Over the same database: what writes the deliveries. */
  readonly calls: CallStore;
  close(): Promise<void>;
}

/** The promises of {@link WebhookStore}. `make` gives an empty one, and calls that ask `newDeliveryId`. */
export function webhookStoreConformance(
  name: string,
  make: (newDeliveryId: () => EntityId) => Promise<WebhookStoreUnderTest>,
): void {
  describe(`${name} as a WebhookStore`, () => {
    let underTest: WebhookStoreUnderTest;
    let store: WebhookStore;
    let deliveries: bigint;
    let named: EntityId | undefined;
    beforeEach(async () => {
      deliveries = 9_223_372_036_854_775_000n;
      named = undefined;
      underTest = await make(() => named ?? String(++deliveries));
      store = underTest.store;
    });
    afterEach(() => underTest.close());

    async function created(changes: Partial<WebhookRecord> = {}): Promise<WebhookRecord> {
      const webhook = aWebhook(changes);
      await store.create(webhook);
      return webhook;
    }
    const test: WebhookStoreTest = {
      get store() {
        return store;
      },
      get calls() {
        return underTest.calls;
      },
      created,
      async called(changes) {
        const call = aCall(changes);
        await underTest.calls.create(call);
        return call;
      },
      async tested(webhook, changes) {
        const delivery = aTestDelivery(webhook, changes);
        await store.addTest(delivery);
        return delivery;
      },
      async told(call, type, atMs) {
        await underTest.calls.appendEvent(call.id, { type, atMs, data: {} });
      },
      nameDeliveries(id) {
        named = id;
      },
    };

    it('returns what was stored, field for field, to its own project only', async () => {
      const webhook = await created();
      const other = await created({ assistantId: '12', events: ['call.ended', '“'], enabled: false, sealedSecret: '' });
      expect(await store.get(PROJECT, webhook.id)).toEqual(webhook);
      expect(await store.get(PROJECT, other.id)).toEqual(other);
      expect(await store.get(OTHER_PROJECT, webhook.id)).toBeUndefined();
    });

    it('has nothing for an unknown id or text that is no id', async () => {
      await created({ id: '7' });
      for (const id of ['8', '', '07', 'seven', '00000000000000000007']) {
        expect(await store.get(PROJECT, id), id).toBeUndefined();
      }
    });

    it('refuses a second webhook of one id, and what is no id', async () => {
      const first = await created();
      await expect(store.create(aWebhook({ id: first.id }))).rejects.toMatchObject({ code: 'store_failed' });
      await expect(store.create(aWebhook({ id: 'seven' }))).rejects.toMatchObject({ code: 'store_failed' });
      expect(await store.get(PROJECT, first.id)).toEqual(first);
    });

    const patch: Required<WebhookPatch> = {
      assistantId: '12',
      url: 'http://other.example',
      events: ['call.ended'],
      enabled: false,
      sealedSecret: 'v1.b',
    };

    it.each(Object.entries(patch))('saves %s, the time of it, and nothing else', async (field, value) => {
      const [webhook, bystander] = [await created(), await created()];
      const saved = { ...webhook, [field]: value, updatedAtMs: 9 };
      expect(await store.save(PROJECT, webhook.id, { [field]: value }, 9)).toEqual(saved);
      expect(await store.get(PROJECT, webhook.id)).toEqual(saved);
      expect(await store.get(PROJECT, bystander.id)).toEqual(bystander);
    });

    it('saves everything at once, back to all assistants and events, and a patch that names nothing', async () => {
      const webhook = await created();
      expect(await store.save(PROJECT, webhook.id, patch, 8)).toEqual({ ...webhook, ...patch, updatedAtMs: 8 });
      const back = { assistantId: null, events: [], enabled: true };
      const saved = { ...webhook, ...patch, ...back, updatedAtMs: 9 };
      expect(await store.save(PROJECT, webhook.id, back, 9)).toEqual(saved);
      expect(await store.save(PROJECT, webhook.id, {}, 10)).toEqual({ ...saved, updatedAtMs: 10 });
    });

    it('saves and removes nothing for an unknown webhook or one of another project', async () => {
      const webhook = await created();
      for (const [project, id] of [[OTHER_PROJECT, webhook.id] as const, [PROJECT, '1'] as const]) {
        expect(await store.save(project, id, { url: 'http://other.example' }, 9)).toBeUndefined();
        expect(await store.remove(project, id)).toBe(false);
      }
      expect(await store.get(PROJECT, webhook.id)).toEqual(webhook);
    });

    it('removes a webhook once, with its deliveries, and those of no other', async () => {
      const [first, second] = [await created(), await created()];
      await test.told(await test.called(), 'call.ended', 5);
      await test.tested(first);
      expect(await store.remove(PROJECT, first.id)).toBe(true);
      expect(await store.remove(PROJECT, first.id)).toBe(false);
      expect(await store.get(PROJECT, first.id)).toBeUndefined();
      expect(await store.get(PROJECT, second.id)).toEqual(second);
      const left = await store.deliveries(PROJECT, {}, 10, null);
      expect(left.data.map(({ webhookId, type }) => [webhookId, type])).toEqual([[second.id, 'call.ended']]);
      expect(await store.due(1e15, 10, [])).toEqual([{ delivery: left.data[0], webhook: second }]);
    });

    it('counts the webhooks of a project, enabled or not', async () => {
      await created();
      const { id } = await created({ enabled: false });
      await created({ projectId: OTHER_PROJECT });
      expect([await store.count(PROJECT), await store.count(OTHER_PROJECT), await store.count('1')]).toEqual([2, 1, 0]);
      await store.remove(PROJECT, id);
      expect(await store.count(PROJECT)).toBe(1);
    });

    it.each([1, 2, 3, 6, 7])('walks over every webhook of the project, newest first, by %i', async (limit) => {
      const made: WebhookRecord[] = [];
      for (const createdAtMs of [3, 1, 3, 2, 1, 3]) made.push(await created({ createdAtMs }));
      await created({ projectId: OTHER_PROJECT });
      const found: WebhookRecord[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<WebhookStore['list']>> = await store.list(PROJECT, limit, cursor);
        expect(page.data.length).toBeLessThanOrEqual(limit);
        found.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < 10);
      expect(found).toEqual([5, 2, 0, 3, 4, 1].map((n) => made[n]));
    });

    it('refuses a cursor it did not make', async () => {
      for (const cursor of ['', 'x', 'A'.repeat(10_000)]) {
        const lists = [store.list(PROJECT, 1, cursor), store.deliveries(PROJECT, {}, 1, cursor)];
        for (const list of lists) await expect(list).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    describeOutbox(test);
    describeDue(test);
    describeDeliveries(test);
  });
}
