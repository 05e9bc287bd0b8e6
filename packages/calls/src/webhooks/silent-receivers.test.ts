import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Deliverer, REQUESTS_MAX, REQUESTS_PER_WEBHOOK_MAX, REQUESTS_TO_SILENT_MAX } from './deliverer.js';
import { SEND_MS_MAX } from './send.js';
import { eventually, type Outbox, openOutbox } from './testing/outbox.js';
import { openReceiver, type Receiver, silence, status } from './testing/receiver.js';

let outbox: Outbox;
let receiver: Receiver;
let silent: Receiver;
let running: ReturnType<Outbox['start']>[];
beforeEach(async () => {
  outbox = await openOutbox();
  receiver = await openReceiver();
  silent = await openReceiver();
  silent.answer(silence);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map(({ scope }) => scope.close()));
  await receiver.close();
  await silent.close();
  expect(outbox.clock.pendingTimers).toBe(0);
});

/** Time passes, and the next look is not waited for. */
async function pass(ms: number, deliverer: Deliverer): Promise<void> {
  await outbox.clock.advance(ms);
  deliverer.wake();
}

const delivered = (): number => outbox.telemetry.counts.get('rapida_webhook_deliveries_total{delivered}') ?? 0;

async function tellCalls(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await outbox.tell(await outbox.addCall(), 'call.ended');
}

describe('a deliverer to receivers that never answer', () => {
  it('leaves room for the others, however many there are', async () => {
    const webhooks = REQUESTS_MAX / REQUESTS_PER_WEBHOOK_MAX + 1;
    for (let index = 0; index < webhooks; index++) await outbox.addWebhook(silent.url);
    await tellCalls(20);
    const deliverer = outbox.start();
    running.push(deliverer);
    await eventually(() => silent.received.length === REQUESTS_MAX);
    await outbox.addWebhook(receiver.url);
    await tellCalls(30);
    // Until it is known of them, they have all the room there is.
    await pass(SEND_MS_MAX, deliverer);
    await eventually(() => delivered() === 30);
    expect(silent.received.length).toBeLessThanOrEqual(2 * REQUESTS_MAX);
    await pass(SEND_MS_MAX, deliverer);
    await tellCalls(30);
    deliverer.wake();
    await eventually(() => delivered() === 60);
  });

  it('gives back all the room to one that answers again', async () => {
    await outbox.addWebhook(silent.url);
    await tellCalls(1);
    const deliverer = outbox.start();
    running.push(deliverer);
    await eventually(() => silent.received.length === 1);
    await outbox.clock.advance(SEND_MS_MAX);
    await eventually(async () => (await outbox.log())[0]?.attempts === 1);
    silent.answer(status(204));
    await tellCalls(REQUESTS_TO_SILENT_MAX + 5);
    deliverer.wake();
    await eventually(() => delivered() === REQUESTS_TO_SILENT_MAX + 5);
  });
});
