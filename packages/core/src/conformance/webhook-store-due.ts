import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityId } from '../ids.js';
import type { DeliveryAttempt, DeliveryRecord, WebhookRecord } from '../webhook-store.js';
import { OTHER_PROJECT } from './call-store-fixtures.js';
import type { WebhookStoreTest } from './webhook-store-fixtures.js';

const delivered: DeliveryAttempt = { state: 'delivered', status: 200, error: null, atMs: 50, nextAtMs: null };
const dead: DeliveryAttempt = { state: 'dead', status: 500, error: null, atMs: 50, nextAtMs: null };
const retried = (nextAtMs: number): DeliveryAttempt => ({
  ...{ state: 'pending', status: null, error: 'timeout', atMs: 50, nextAtMs },
});

/** What is due by the words of the contract, worked out from all deliveries of the webhooks. */
function dueOf(webhooks: readonly WebhookRecord[], all: readonly DeliveryRecord[], nowMs: number): DeliveryRecord[] {
  const enabled = new Set(webhooks.filter((webhook) => webhook.enabled).map(({ id }) => id));
  const pending = all.filter(({ state }) => state === 'pending');
  const isFirst = (one: DeliveryRecord) =>
    one.callId === null ||
    !pending.some((other) => other.webhookId === one.webhookId && other.callId === one.callId && other.seq! < one.seq!);
  return pending
    .filter((one) => enabled.has(one.webhookId) && isFirst(one) && one.nextAtMs! <= nowMs)
    .sort((a, b) => a.nextAtMs! - b.nextAtMs! || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

/** What {@link WebhookStore.due} promises, whatever is made of the deliveries. */
export function describeDue(test: WebhookStoreTest): void {
  const due = async (nowMs: number, limit = 200, passOver: readonly EntityId[] = []) =>
    (await test.store.due(nowMs, limit, passOver)).map(({ delivery }) => delivery);
  const types = async (nowMs = 1e15) => (await due(nowMs)).map(({ type }) => type);
  const attempt = async (type: string, outcome: DeliveryAttempt) => {
    const found = (await due(1e15)).find((delivery) => delivery.type === type);
    await test.store.attempted(found!.id, outcome);
  };

  describe('due', () => {
    it('has whole records of every project whose moment has come, with their webhooks', async () => {
      const mine = await test.created({ assistantId: '12', events: ['x'] });
      const other = await test.created({ projectId: OTHER_PROJECT });
      const first = await test.tested(mine, { nextAtMs: 10 });
      const second = await test.tested(other, { nextAtMs: 20.5 });
      expect(await test.store.due(9.5, 10, [])).toEqual([]);
      expect(await test.store.due(10, 10, [])).toEqual([{ delivery: first, webhook: mine }]);
      expect(await test.store.due(20.5, 10, [])).toEqual([
        { delivery: first, webhook: mine },
        { delivery: second, webhook: other },
      ]);
    });

    it('orders by the moment, and by ids as numbers where that is equal, across webhooks', async () => {
      const webhooks = [await test.created(), await test.created()];
      for (const [n, id] of ['10', '9', '18446744073709551615', '9223372036854775808', '100'].entries()) {
        await test.tested(webhooks[n % 2]!, { id, nextAtMs: 5, createdAtMs: 100 - n });
      }
      await test.tested(webhooks[0]!, { id: '1000', nextAtMs: 4 });
      expect((await due(5)).map(({ id }) => id)).toEqual([
        '1000',
        '9',
        '10',
        '100',
        '9223372036854775808',
        '18446744073709551615',
      ]);
      expect((await due(5, 2)).map(({ id }) => id)).toEqual(['1000', '9']);
    });

    it('has of each call the first event only, until that was taken or given up', async () => {
      await test.created();
      const [a, b] = [await test.called(), await test.called()];
      // The later event has the earlier time: the number is the order.
      for (const [n, type] of ['a1', 'a2', 'a3'].entries()) await test.told(a, type, 30 - n);
      await test.told(b, 'b1', 40);
      expect(await types()).toEqual(['a1', 'b1']);
      await attempt('a1', delivered);
      expect(await types()).toEqual(['a2', 'b1']);
      await attempt('a2', dead);
      expect(await types()).toEqual(['a3', 'b1']);
      await attempt('a3', delivered);
      await attempt('b1', delivered);
      expect(await types()).toEqual([]);
      await test.told(a, 'a4', 60);
      expect(await types()).toEqual(['a4']);
    });

    it('lets the others of a call wait while its first will be tried again later', async () => {
      await test.created();
      const call = await test.called();
      await test.told(call, 'a1', 10);
      await test.told(call, 'a2', 11);
      await attempt('a1', retried(100));
      await test.told(call, 'a3', 12);
      expect([await types(99), await types(100)]).toEqual([[], ['a1']]);
      await attempt('a1', delivered);
      expect(await types(99)).toEqual(['a2']);
    });

    it('lets no webhook, no other call and no test wait for that', async () => {
      const [slow, quick] = [await test.created({ events: ['a1', 'a2'] }), await test.created({ events: ['a2'] })];
      const call = await test.called();
      await test.told(call, 'a1', 10);
      await test.told(call, 'a2', 11);
      await test.told(await test.called(), 'a1', 12);
      const tests = [await test.tested(slow, { nextAtMs: 13 }), await test.tested(slow, { nextAtMs: 14 })];
      const found = (await due(1e15)).map(({ webhookId, type, callId }) => [webhookId, type, callId === call.id]);
      expect(found).toEqual([
        [slow.id, 'a1', true],
        [quick.id, 'a2', true],
        [slow.id, 'a1', false],
        ...tests.map(() => [slow.id, 'test', false]),
      ]);
    });

    it('lets those of a disabled webhook wait until it is enabled again', async () => {
      const { projectId, id } = await test.created();
      const call = await test.called();
      await test.told(call, 'a1', 10);
      await test.told(call, 'a2', 11);
      await test.store.save(projectId, id, { enabled: false }, 20);
      expect(await types()).toEqual([]);
      await test.store.save(projectId, id, { enabled: true }, 30);
      expect(await types()).toEqual(['a1']);
    });

    it('passes webhooks over, and is not led astray by ids that nothing has, or by thousands of them', async () => {
      const [one, two] = [await test.created({ id: '12' }), await test.created({ id: '34' })];
      const ofOne = await test.tested(one, { nextAtMs: 1 });
      const ofTwo = await test.tested(two, { nextAtMs: 2 });
      const many = Array.from({ length: 8_000 }, (_, n) => String(n + 1_000));
      expect(await due(5, 1, ['12'])).toEqual([ofTwo]);
      expect(await due(5, 2, ['', '1', '012', '00000000000000000012', "12' or 1=1"])).toEqual([ofOne, ofTwo]);
      expect(await due(5, 2, many)).toEqual([ofOne, ofTwo]);
      expect(await due(5, 2, [...many, '12', '34'])).toEqual([]);
    });

    it('has what was claimed when that is over, or the attempt is written down', async () => {
      const webhook = await test.created();
      const { id } = await test.tested(webhook, { nextAtMs: 10 });
      expect(await test.store.claim(id, 10, 20)).toBe(true);
      expect((await due(20)).map((delivery) => delivery.id)).toEqual([id]);
      expect(await test.store.claim(id, 20, 30)).toBe(true);
      await test.store.attempted(id, retried(25));
      expect((await due(25)).map((delivery) => [delivery.id, delivery.attempts])).toEqual([[id, 1]]);
    });

    it('gives up to 200, and none where none is asked for', async () => {
      const webhook = await test.created();
      for (let n = 0; n < 201; n++) await test.tested(webhook, { nextAtMs: 1 });
      const count = async (limit: number) => (await due(1, limit)).length;
      for (const limit of [0, -1, 0.9, Number.NaN]) expect(await count(limit), String(limit)).toBe(0);
      expect(await count(1.9)).toBe(1);
      expect(await count(200)).toBe(200);
      expect(await count(201)).toBe(200);
      expect(await count(Number.POSITIVE_INFINITY)).toBe(200);
    });

    it('has exactly the firsts in turn, for any events, outcomes and repetitions', async () => {
      const few = fc.nat(1);
      const at = fc.nat(8);
      const step = fc.oneof(
        fc.record({ act: fc.constant('tell' as const), which: few, at }),
        fc.record({
          act: fc.constantFrom('deliver' as const, 'retry' as const, 'give up' as const),
          which: fc.nat(20),
          at,
        }),
        fc.record({ act: fc.constant('resend' as const), which: fc.nat(20), at }),
        fc.record({ act: fc.constant('toggle' as const), which: few, at }),
      );
      let project = 100;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const projectId = String(++project);
          const webhooks = [await test.created({ projectId }), await test.created({ projectId, events: ['x1'] })];
          const calls = [await test.called({ projectId }), await test.called({ projectId })];
          const all = async () => (await test.store.deliveries(projectId, {}, 200, null)).data;
          for (const { act, which, at: atMs } of steps) {
            const { data } = await test.store.deliveries(projectId, {}, 200, null);
            const one = data[which % Math.max(1, data.length)];
            if (act === 'tell') await test.told(calls[which]!, `x${atMs % 2}`, atMs);
            else if (act === 'toggle') {
              const { enabled, id } = webhooks[which]!;
              webhooks[which] = (await test.store.save(projectId, id, { enabled: !enabled }, 1))!;
            } else if (one === undefined) continue;
            else if (act === 'resend') await test.store.resend(projectId, one.id, atMs);
            else if (act === 'retry') await test.store.attempted(one.id, retried(atMs));
            else await test.store.attempted(one.id, act === 'deliver' ? delivered : dead);
            expect(await due(4)).toEqual(dueOf(webhooks, await all(), 4));
          }
          for (const { id } of webhooks) await test.store.remove(projectId, id);
          expect(await due(1e15)).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });
  });
}
