import type { EntityId, WebhookStore } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECORD_AGAIN_MS } from './deliverer.js';
import { eventually, type Outbox, openOutbox } from './testing/outbox.js';
import { openReceiver, type Receiver } from './testing/receiver.js';

let outbox: Outbox;
let receiver: Receiver;
let running: ReturnType<Outbox['start']>[];
beforeEach(async () => {
  outbox = await openOutbox();
  receiver = await openReceiver();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map(({ scope }) => scope.close()));
  await receiver.close();
  expect(outbox.clock.pendingTimers).toBe(0);
});

const start = (webhooks: WebhookStore) => running.push(outbox.start(webhooks));
const allDelivered = async () => (await outbox.log()).every(({ state }) => state === 'delivered');

async function tellCalls(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await outbox.tell(await outbox.addCall(), 'call.ended');
}

describe('deliverers of several nodes', () => {
  it('leaves what another node has claimed to it', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(6);
    const claimed = new Map<EntityId, string>();
    const node = (name: string): WebhookStore => ({
      ...outbox.webhooks,
      due: async (...given) => {
        const found = await outbox.webhooks.due(...given);
        return found.filter(({ delivery }) => !claimed.has(delivery.id));
      },
      async claim(id) {
        if (claimed.has(id)) return false;
        claimed.set(id, name);
        return true;
      },
    });
    start(node('a'));
    start(node('b'));
    await eventually(allDelivered);
    expect(receiver.received).toHaveLength(6);
    expect(new Set(claimed.values())).toEqual(new Set(['a', 'b']));
  });

  it('sends nothing that it could not claim, and tries again a second later', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    let asked = 0;
    const claim: WebhookStore['claim'] = async (...given) => {
      asked++;
      if (asked === 1) throw new Error('locked');
      return await outbox.webhooks.claim(...given);
    };
    start({ ...outbox.webhooks, claim });
    await eventually(() => asked === 1);
    await outbox.clock.advance(RECORD_AGAIN_MS - 1);
    expect([asked, receiver.received.length]).toEqual([1, 0]);
    await outbox.clock.advance(1);
    await eventually(allDelivered);
    expect(receiver.received).toHaveLength(1);
  });
});
