import { describe, expect, it } from 'vitest';
import type { DeliveryRecord } from '../webhook-store.js';
import { aCall, OTHER_PROJECT, PROJECT } from './call-store-fixtures.js';
import type { WebhookStoreTest } from './webhook-store-fixtures.js';

/** What {@link CallStore.appendEvent} and {@link CallStore.transition} promise the webhooks. */
export function describeOutbox(test: WebhookStoreTest): void {
  const all = async (projectId = PROJECT): Promise<readonly DeliveryRecord[]> =>
    (await test.store.deliveries(projectId, {}, 200, null)).data;
  const receivers = async () => (await all()).map(({ webhookId }) => webhookId).sort();

  describe('the outbox', () => {
    it('has a delivery of an event, to be sent at once, with all that it is about', async () => {
      const webhook = await test.created();
      const call = await test.called({ metadata: { k: '“Zoë” \0 👋' } });
      const data = { deep: [{ n: 1.5, t: true, z: null, nul: '\0', text: '👋' }] };
      const atMs = Date.UTC(2026, 8, 21, 14, 13, 20, 500);
      await test.calls.appendEvent(call.id, { type: 'webhook', atMs, data });
      const [delivery, ...others] = await all();
      expect(others).toEqual([]);
      expect(delivery).toEqual({
        ...{ id: expect.stringMatching(/^[1-9][0-9]*$/), webhookId: webhook.id, projectId: PROJECT, callId: call.id },
        ...{ seq: 1, type: 'webhook', body: expect.any(String), state: 'pending', attempts: 0, nextAtMs: atMs },
        ...{ lastStatus: null, lastError: null, createdAtMs: atMs, deliveredAtMs: null },
      });
      expect(JSON.parse(delivery!.body)).toEqual({
        ...{ id: delivery!.id, type: 'webhook', seq: 1, at: '2026-09-21T14:13:20.500Z', callId: call.id, data },
        call: {
          id: call.id,
          assistantId: call.assistantId,
          contextId: call.contextId,
          direction: 'outbound',
          state: 'registered',
          from: '+4930123456',
          to: '600',
          metadata: { k: '“Zoë” \0 👋' },
          createdAt: new Date(call.createdAtMs).toISOString(),
          connectedAt: '2026-09-21T14:13:20.000Z',
          endedAt: '2026-09-21T14:13:21.000Z',
          disconnectedBy: 'user',
          reason: 'hangup',
        },
      });
    });

    it('has null where the call has it', async () => {
      await test.created();
      const nothing = { to: null, connectedAtMs: null, endedAtMs: null, disconnectedBy: null, reason: null };
      await test.told(await test.called(nothing), 'x', 1);
      const { to, connectedAt, endedAt, disconnectedBy, reason } = JSON.parse((await all())[0]!.body).call;
      expect([to, connectedAt, endedAt, disconnectedBy, reason]).toEqual([null, null, null, null, null]);
    });

    it('shows the call as it is after the change that the event is about, and never changes it again', async () => {
      await test.created();
      const call = await test.called({ state: 'connected', reason: null });
      const event = { type: 'call.ended', atMs: 5, data: {} };
      const end = { endedAtMs: Date.UTC(2026, 0, 1), reason: 'hangup' };
      await test.calls.transition(call.id, ['connected'], 'completed', end, event);
      await test.calls.patch(call.id, { reason: 'other', endedAtMs: null });
      const [delivery] = await all();
      expect(delivery).toMatchObject({ type: 'call.ended', seq: 1 });
      const shown = { state: 'completed', reason: 'hangup', endedAt: '2026-01-01T00:00:00.000Z' };
      expect(JSON.parse(delivery!.body).call).toMatchObject(shown);
    });

    it('has a delivery of the event that a call begins with, or nothing where the call is not stored', async () => {
      const webhook = await test.created();
      const call = aCall();
      await test.calls.create(call, { type: 'webhook', atMs: 5, data: {} });
      const again = test.calls.create(aCall({ contextId: call.contextId }), { type: 'webhook', atMs: 6, data: {} });
      await expect(again).rejects.toMatchObject({ code: 'store_failed' });
      expect(await all()).toMatchObject([{ webhookId: webhook.id, callId: call.id, seq: 1, type: 'webhook' }]);
    });

    it('has nothing of a transition that did not move, or had no event', async () => {
      await test.created();
      const call = await test.called({ state: 'completed' });
      const event = { type: 'call.ended', atMs: 5, data: {} };
      await test.calls.transition(call.id, ['connected'], 'failed', {}, event);
      await test.calls.transition(call.id, ['completed'], 'failed', {});
      expect(await all()).toEqual([]);
    });

    it('has a delivery for each webhook that wants the event and for no other', async () => {
      const call = await test.called({ assistantId: '12' });
      const wanting = [
        await test.created(),
        await test.created({ assistantId: '12' }),
        await test.created({ events: ['call.failed', 'call.ended'] }),
        await test.created({ assistantId: '12', events: ['call.ended'] }),
      ];
      await test.created({ enabled: false });
      await test.created({ projectId: OTHER_PROJECT });
      await test.created({ projectId: OTHER_PROJECT, assistantId: '12' });
      await test.created({ assistantId: '120' });
      await test.created({ events: ['call', 'call.ende', 'call.ended.x', 'CALL.ENDED', ''] });
      await test.created({ assistantId: '120', events: ['call.ended'] });
      await test.told(call, 'call.ended', 5);
      expect(await receivers()).toEqual(wanting.map(({ id }) => id).sort());
      expect(await all(OTHER_PROJECT)).toEqual([]);
      const ids = (await all()).map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
      for (const { id, body } of await all()) expect(JSON.parse(body).id).toBe(id);
    });

    it('goes by what the webhook wants when the event is written', async () => {
      const call = await test.called();
      const { id } = await test.created({ enabled: false });
      await test.told(call, 'one', 1);
      await test.store.save(PROJECT, id, { enabled: true, events: ['three'] }, 1);
      await test.told(call, 'two', 2);
      await test.told(call, 'three', 3);
      await test.store.save(PROJECT, id, { enabled: false }, 3);
      await test.told(call, 'three', 4);
      expect((await all()).map(({ seq }) => seq)).toEqual([3]);
    });

    it('takes the event back, and the move, where a delivery cannot be written', async () => {
      await test.created();
      const taken = await test.tested(await test.created());
      const call = await test.called({ state: 'connected' });
      const event = { type: 'call.ended', atMs: 5, data: {} };
      test.nameDeliveries(taken.id);
      await expect(test.calls.appendEvent(call.id, event)).rejects.toMatchObject({ code: 'store_failed' });
      const moving = test.calls.transition(call.id, ['connected'], 'completed', { reason: 'x' }, event);
      await expect(moving).rejects.toMatchObject({ code: 'store_failed' });
      expect(await test.calls.events(call.id)).toEqual([]);
      expect(await test.calls.get(PROJECT, call.id)).toEqual(call);
      expect(await all()).toEqual([taken]);
      test.nameDeliveries(undefined);
      expect((await test.calls.appendEvent(call.id, event)).seq).toBe(1);
      expect(await all()).toHaveLength(3);
    });

    it('has none of the first webhook where the delivery of the second cannot be written', async () => {
      await test.created();
      await test.created();
      const call = await test.called();
      // Both get this id: the second is refused.
      test.nameDeliveries('77');
      await expect(test.told(call, 'x', 1)).rejects.toMatchObject({ code: 'store_failed' });
      expect(await all()).toEqual([]);
      expect(await test.calls.events(call.id)).toEqual([]);
    });
  });
}
