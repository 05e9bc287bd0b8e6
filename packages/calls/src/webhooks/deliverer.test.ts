import type { DueDelivery, EntityId, WebhookStore } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../credentials/testing/stored.js';
import { type Deliverer, POLL_EVERY_MS, RECORD_AGAIN_MS, REQUESTS_MAX, REQUESTS_PER_WEBHOOK_MAX } from './deliverer.js';
import { FORGET_EVERY_MS, KEPT_MS } from './forget.js';
import { SEND_MS_MAX } from './send.js';
import { eventually, type Outbox, openOutbox } from './testing/outbox.js';
import { openReceiver, type Received, type Receiver, silence, status } from './testing/receiver.js';

const DAY_MS = 86_400_000;

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

function start(webhooks?: WebhookStore) {
  const deliverer = outbox.start(webhooks);
  running.push(deliverer);
  return deliverer;
}

/** Time passes, and the next look is not waited for. */
async function pass(ms: number, deliverer: Deliverer): Promise<void> {
  await outbox.clock.advance(ms);
  deliverer.wake();
}

const typesOf = (received: readonly Received[]): string[] => received.map(({ body }) => JSON.parse(body).type);
const idsOf = (received: readonly Received[]): unknown[] => received.map(({ headers }) => headers['webhook-id']);
const states = async (): Promise<string[]> => (await outbox.log()).map(({ state }) => state);
const allDelivered = async (): Promise<boolean> => (await states()).every((state) => state === 'delivered');
const delivered = (): number => outbox.telemetry.counts.get('rapida_webhook_deliveries_total{delivered}') ?? 0;

async function tellCalls(count: number, type = 'call.ended'): Promise<void> {
  for (let index = 0; index < count; index++) await outbox.tell(await outbox.addCall(), type);
}

describe('the deliverer', () => {
  it('sends what was in the outbox when it started, and what comes when it is woken', async () => {
    await outbox.addWebhook(receiver.url);
    const callId = await outbox.addCall();
    await outbox.tell(callId, 'call.connected');
    const deliverer = start();
    await eventually(allDelivered);
    await outbox.tell(callId, 'call.ended');
    deliverer.wake();
    await eventually(allDelivered);
    expect(typesOf(receiver.received)).toEqual(['call.connected', 'call.ended']);
    const log = await outbox.log();
    expect(idsOf(receiver.received)).toEqual(log.map(({ id }) => id));
    expect(receiver.received.map(({ body }) => body)).toEqual(log.map(({ body }) => body));
    const atMs = outbox.clock.wallMs();
    expect(log[0]).toMatchObject({
      attempts: 1,
      lastStatus: 204,
      lastError: null,
      nextAtMs: null,
      deliveredAtMs: atMs,
    });
    expect(delivered()).toBe(2);
  });

  it('keeps the order of a call while its first event fails, and lets other calls pass', async () => {
    await outbox.addWebhook(receiver.url);
    const [slow, other] = [await outbox.addCall(), await outbox.addCall()];
    await outbox.tell(slow, 'call.answered', 'call.connected', 'call.ended');
    receiver.answer((received) => status(typesOf([received])[0] === 'call.answered' ? 503 : 200)(received));
    const deliverer = start();
    await eventually(async () => (await outbox.log())[0]?.attempts === 1);
    await outbox.tell(other, 'call.failed');
    deliverer.wake();
    await eventually(() => receiver.received.length === 2);
    expect((await outbox.log())[0]).toMatchObject({
      state: 'pending',
      lastStatus: 503,
      nextAtMs: outbox.clock.wallMs() + 5_000,
    });
    await pass(4_999, deliverer);
    expect(typesOf(receiver.received)).toEqual(['call.answered', 'call.failed']);
    await pass(1, deliverer);
    await eventually(async () => (await outbox.log())[0]?.attempts === 2);
    expect(receiver.received).toHaveLength(3);
    receiver.answer(status(200));
    await pass(10_000, deliverer);
    await eventually(allDelivered);
    const first = ['call.answered', 'call.failed', 'call.answered'];
    expect(typesOf(receiver.received)).toEqual([...first, 'call.answered', 'call.connected', 'call.ended']);
    expect(new Set(idsOf(receiver.received)).size).toBe(4);
    expect(outbox.telemetry.counts.get('rapida_webhook_deliveries_total{failed}')).toBe(2);
  });

  it('leaves room for fast receivers beside one that never answers', async () => {
    const slow = await openReceiver();
    slow.answer(silence);
    await outbox.addWebhook(slow.url);
    await outbox.addWebhook(receiver.url);
    await tellCalls(30);
    const deliverer = start();
    await eventually(() => delivered() === 30 && slow.received.length === REQUESTS_PER_WEBHOOK_MAX);
    expect(new Set(idsOf(receiver.received)).size).toBe(30);
    await pass(SEND_MS_MAX, deliverer);
    // The first four wait for their second turn: the next four have their first.
    await eventually(() => slow.received.length === 2 * REQUESTS_PER_WEBHOOK_MAX);
    expect(new Set(idsOf(slow.received)).size).toBe(2 * REQUESTS_PER_WEBHOOK_MAX);
    await slow.close();
  });

  it('has at most twenty requests under way', async () => {
    receiver.answer(silence);
    for (let index = 0; index < 4; index++) await outbox.addWebhook(receiver.url);
    await tellCalls(10);
    const asked: number[] = [];
    const due: WebhookStore['due'] = async (...given) => {
      const found = await outbox.webhooks.due(...given);
      asked.push(found.length);
      return found;
    };
    const deliverer = start({ ...outbox.webhooks, due });
    await eventually(() => receiver.received.length === 4 * REQUESTS_PER_WEBHOOK_MAX);
    // Room for four, and twice as many may go.
    for (let index = 0; index < 2; index++) await outbox.addWebhook(receiver.url);
    await tellCalls(5);
    deliverer.wake();
    await eventually(() => receiver.received.length >= REQUESTS_MAX);
    const before = asked.length;
    deliverer.wake();
    await outbox.clock.advance(POLL_EVERY_MS);
    expect(receiver.received).toHaveLength(REQUESTS_MAX);
    expect(asked).toHaveLength(before);
    receiver.answer(status(200));
    for (const { response } of receiver.received) response.writeHead(200).end();
    await eventually(() => delivered() === 70);
    expect(new Set(idsOf(receiver.received)).size).toBe(70);
  });

  it('sends again after a restart what was not answered, under the same id and with the same body', async () => {
    receiver.answer(silence);
    await outbox.addWebhook(receiver.url);
    await outbox.tell(await outbox.addCall(), 'call.ended');
    const killed = start();
    await eventually(() => receiver.received.length === 1);
    await killed.scope.close();
    expect((await outbox.log())[0]).toMatchObject({ state: 'pending', attempts: 0, lastError: null });
    killed.wake();
    await eventually(() => receiver.connections === 0);
    receiver.answer(status(200));
    start();
    await eventually(allDelivered);
    const [first, second] = receiver.received;
    expect(receiver.received).toHaveLength(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(outbox.warnings).toEqual([]);
  });

  it('gives up what is refused for good, or a day old, and says so; by hand it is sent again', async () => {
    receiver.answer(status(410));
    const webhookId = await outbox.addWebhook(receiver.url);
    await outbox.tell(await outbox.addCall(), 'call.connected', 'call.ended');
    const deliverer = start();
    await eventually(async () => (await states()).join() === 'dead,dead');
    expect(outbox.warnings).toMatchObject([{ webhookId, status: 410 }, { status: 410 }]);
    expect(outbox.telemetry.counts.get('rapida_webhook_deliveries_total{dead}')).toBe(2);
    receiver.answer(status(200));
    await outbox.webhooks.resend(PROJECT, (await outbox.log())[0]!.id, outbox.clock.wallMs());
    deliverer.wake();
    await eventually(async () => (await states()).join() === 'delivered,dead');
    await deliverer.scope.close();
    await outbox.tell(await outbox.addCall(), 'call.failed');
    await outbox.clock.advance(DAY_MS);
    receiver.answer(status(500));
    start();
    await eventually(async () => (await states()).at(-1) === 'dead');
    expect((await outbox.log()).at(-1)).toMatchObject({ attempts: 1, lastStatus: 500, nextAtMs: null });
  });

  it('does not send what it cannot sign, and says what to do', async () => {
    const webhookId = await outbox.addWebhook(receiver.url);
    const { sealedSecret } = (await outbox.webhooks.get(PROJECT, await outbox.addWebhook(receiver.url)))!;
    await outbox.webhooks.save(PROJECT, webhookId, { sealedSecret }, 0);
    await tellCalls(1);
    start();
    await eventually(async () => (await outbox.log()).every(({ attempts }) => attempts === 1));
    const failed = (await outbox.log()).find((delivery) => delivery.webhookId === webhookId);
    expect(failed).toMatchObject({
      state: 'pending',
      lastStatus: null,
      lastError: expect.stringContaining('VAULT__KEY'),
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('is not disturbed by a webhook that is removed while a request is under way', async () => {
    receiver.answer(silence);
    const webhookId = await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    start();
    await eventually(() => receiver.received.length === 1);
    await outbox.webhooks.remove(PROJECT, webhookId);
    receiver.received[0]?.response.writeHead(200).end();
    await eventually(() => delivered() === 1 && receiver.connections === 0);
    expect(await outbox.log()).toEqual([]);
  });
});

describe('the deliverer over a store that fails', () => {
  it('does not send again what was taken but could not be written down, and writes it down later', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    let failing = true;
    let tried = 0;
    const attempted: WebhookStore['attempted'] = async (...given) => {
      tried++;
      if (failing) throw new Error('disk full');
      await outbox.webhooks.attempted(...given);
    };
    const deliverer = start({ ...outbox.webhooks, attempted });
    for (let times = 1; times <= 4; times++) {
      await eventually(() => tried === times);
      await pass(RECORD_AGAIN_MS, deliverer);
    }
    failing = false;
    await outbox.clock.advance(RECORD_AGAIN_MS);
    await eventually(allDelivered);
    expect(receiver.received).toHaveLength(1);
    expect((await outbox.log())[0]?.attempts).toBe(1);
    expect(outbox.telemetry.counts.get('rapida_store_errors_total{webhook_attempted}')).toBeGreaterThanOrEqual(4);
  });

  it('leaves to the next start what could not be written down until the end', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    let tried = 0;
    const attempted = async () => {
      tried++;
      throw new Error('disk full');
    };
    const killed = start({ ...outbox.webhooks, attempted });
    await eventually(() => tried === 1);
    await killed.scope.close();
    start();
    await eventually(allDelivered);
    expect(new Set(idsOf(receiver.received)).size).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  it('reads the outbox again a second after it could not', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    let asked = 0;
    const due: WebhookStore['due'] = async (...given) => {
      asked++;
      if (asked === 1) throw new Error('locked');
      return await outbox.webhooks.due(...given);
    };
    start({ ...outbox.webhooks, due });
    await outbox.clock.advance(POLL_EVERY_MS - 1);
    expect(asked).toBe(1);
    await outbox.clock.advance(1);
    await eventually(allDelivered);
  });

  it('does not send twice what was answered while the outbox was read', async () => {
    await outbox.addWebhook(receiver.url);
    await tellCalls(1);
    const held: (() => void)[] = [];
    let holding = false;
    const due: WebhookStore['due'] = async (...given) => {
      const found = await outbox.webhooks.due(...given);
      if (holding) await new Promise<void>((resolve) => held.push(resolve));
      return found;
    };
    receiver.answer(silence);
    const deliverer = start({ ...outbox.webhooks, due });
    await eventually(() => receiver.received.length === 1);
    holding = true;
    deliverer.wake();
    await eventually(() => held.length === 1);
    holding = false;
    receiver.received[0]?.response.writeHead(200).end();
    await eventually(allDelivered);
    // The answer of the store is from before: for it the delivery is due.
    await eventually(() => receiver.connections === 0);
    held[0]?.();
    await tellCalls(1, 'call.failed');
    receiver.answer(status(200));
    deliverer.wake();
    await eventually(allDelivered);
    expect(typesOf(receiver.received)).toEqual(['call.ended', 'call.failed']);
  });
});

describe('the time of the deliverer', () => {
  /** Answers at once, with nothing, and notes when it was asked. */
  function emptyStore(forgotten: number[] = []) {
    const asked: number[] = [];
    const passedOver: (readonly EntityId[])[] = [];
    const forgets: (readonly [beforeMs: number, limit: number])[] = [];
    const store: WebhookStore = {
      ...outbox.webhooks,
      async due(nowMs, _limit, passOver): Promise<readonly DueDelivery[]> {
        asked.push(nowMs);
        passedOver.push(passOver);
        return [];
      },
      async forgetDeliveries(...given) {
        forgets.push(given);
        return forgotten.shift() ?? 0;
      },
    };
    return { asked, forgets, passedOver, store };
  }

  it('is to look every second, at once when woken, and never after its end', async () => {
    const { asked, store } = emptyStore();
    const startMs = outbox.clock.wallMs();
    const deliverer = start(store);
    await outbox.clock.advance(2 * POLL_EVERY_MS + 500);
    expect(asked.map((atMs) => atMs - startMs)).toEqual([0, 1_000, 2_000]);
    deliverer.wake();
    await outbox.clock.advance(POLL_EVERY_MS);
    expect(asked.slice(3).map((atMs) => atMs - startMs)).toEqual([2_500, 3_500]);
    await deliverer.scope.close();
    deliverer.wake();
    await outbox.clock.advance(10 * POLL_EVERY_MS);
    expect(asked).toHaveLength(5);
  });

  it('is to forget what is thirty days over, now and every hour, in portions', async () => {
    const { forgets, store } = emptyStore([200, 200, 199, 0]);
    const startMs = outbox.clock.wallMs();
    start(store);
    await outbox.clock.advance(19);
    expect(forgets).toEqual([[startMs - KEPT_MS, 200]]);
    // Two pauses of 20 ms: the hour begins after the last portion.
    await outbox.clock.advance(20 + FORGET_EVERY_MS);
    expect(forgets.map(([beforeMs]) => beforeMs - startMs + KEPT_MS)).toEqual([0, 20, 40]);
    await outbox.clock.advance(1);
    expect(forgets.slice(3)).toEqual([[startMs + 40 + FORGET_EVERY_MS - KEPT_MS, 200]]);
  });

  it('is to forget also after a round that failed', async () => {
    const { store } = emptyStore();
    let asked = 0;
    const forgetDeliveries = () => {
      asked++;
      return Promise.reject(new Error('locked'));
    };
    start({ ...store, forgetDeliveries });
    await outbox.clock.advance(FORGET_EVERY_MS);
    expect(asked).toBe(2);
  });
});
