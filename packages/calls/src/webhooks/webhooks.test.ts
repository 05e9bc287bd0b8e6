import { type EntityId, RapidaError } from '@rapida/core';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { OTHER_PROJECT, PROJECT } from '../credentials/testing/stored.js';
import type { WebhookInput, WebhookUseCases } from '../use-cases.js';
import { ASSISTANT, eventually, type Outbox, openOutbox } from './testing/outbox.js';
import { openReceiver } from './testing/receiver.js';
import { createWebhookUseCases, TARGET_CHECK_MS, WEBHOOKS_MAX } from './webhooks.js';

const INPUT: WebhookInput = { url: 'https://hooks.example.com/a', assistantId: null, events: [], enabled: true };

let outbox: Outbox;
let useCases: WebhookUseCases;
let woken: number;
let checked: string[];
beforeEach(async () => {
  outbox = await openOutbox();
  woken = 0;
  checked = [];
  useCases = withCheck(async (url) => void checked.push(url));
});

function withCheck(checkTarget: (url: string) => Promise<unknown>): WebhookUseCases {
  const { assistant } = outbox;
  const assistants = {
    get: async (projectId: EntityId, id: EntityId) =>
      projectId === assistant.projectId && id === assistant.id ? assistant : undefined,
  };
  const wake = () => {
    woken++;
  };
  return createWebhookUseCases({ ...outbox, assistants, checkTarget, wake });
}

describe('creating a webhook', () => {
  it('gives its secret once: 32 random bytes as Standard Webhooks writes them, sealed in the store', async () => {
    const { webhook, secret } = await useCases.create(PROJECT, INPUT);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    const nowMs = outbox.clock.wallMs();
    const { id } = webhook;
    expect(webhook).toEqual({ id, ...INPUT, createdAtMs: nowMs, updatedAtMs: nowMs });
    expect(await useCases.get(PROJECT, id)).toEqual(webhook);
    expect((await useCases.list(PROJECT, 10, null)).data).toEqual([webhook]);
    const { sealedSecret } = (await outbox.webhooks.get(PROJECT, id))!;
    expect(sealedSecret).not.toContain(secret);
    expect(outbox.vault.open(sealedSecret, { projectId: PROJECT, credentialId: id })).toBe(secret);
    expect((await useCases.create(PROJECT, INPUT)).secret).not.toBe(secret);
  });

  it('keeps the names of events once each, and the assistant', async () => {
    const events = ['call.ended', 'call.failed', 'call.ended'];
    const { webhook } = await useCases.create(PROJECT, { ...INPUT, events, assistantId: ASSISTANT, enabled: false });
    expect(webhook).toMatchObject({ events: ['call.ended', 'call.failed'], assistantId: ASSISTANT, enabled: false });
  });

  it.each(['test', 'call.unheard', '', 'CALL.ENDED'])('refuses the event %j', async (name) => {
    const created = useCases.create(PROJECT, { ...INPUT, events: ['call.ended', name] });
    await expect(created).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('events[1]'),
    });
  });

  it('refuses an assistant that is not of the project', async () => {
    const unknown = useCases.create(PROJECT, { ...INPUT, assistantId: '43' });
    await expect(unknown).rejects.toMatchObject({ code: 'assistant_not_found' });
    const foreign = useCases.create(OTHER_PROJECT, { ...INPUT, assistantId: ASSISTANT });
    await expect(foreign).rejects.toMatchObject({ code: 'assistant_not_found' });
  });

  it('refuses a target that the check refuses, or that is not found in time', async () => {
    const refusing = withCheck(() => Promise.reject(new RapidaError('webhook_target_refused')));
    await expect(refusing.create(PROJECT, INPUT)).rejects.toMatchObject({ code: 'webhook_target_refused' });
    const created = withCheck(() => new Promise(() => {})).create(PROJECT, INPUT);
    const refused = expect(created).rejects.toMatchObject({ code: 'webhook_target_refused' });
    await outbox.clock.advance(TARGET_CHECK_MS);
    await refused;
    expect(outbox.clock.pendingTimers).toBe(0);
    expect((await useCases.list(PROJECT, 10, null)).data).toEqual([]);
  });

  it(`refuses more than ${WEBHOOKS_MAX} in a project, until one is removed`, async () => {
    const first = await useCases.create(PROJECT, INPUT);
    for (let more = 1; more < WEBHOOKS_MAX; more++) await useCases.create(PROJECT, INPUT);
    await expect(useCases.create(PROJECT, INPUT)).rejects.toMatchObject({ code: 'webhook_limit' });
    await useCases.remove(PROJECT, first.webhook.id);
    await useCases.create(PROJECT, INPUT);
  });
});

describe('saving a webhook', () => {
  it('replaces all but its secret, checks the target again, and has what waited sent', async () => {
    const { webhook, secret } = await useCases.create(PROJECT, { ...INPUT, enabled: false });
    await outbox.clock.advance(1_000);
    const input = { url: 'https://hooks.example.com/b', assistantId: ASSISTANT, events: ['webhook'], enabled: true };
    const saved = await useCases.save(PROJECT, webhook.id, input);
    const { id, createdAtMs } = webhook;
    expect(saved).toEqual({ id, ...input, createdAtMs, updatedAtMs: outbox.clock.wallMs() });
    expect(await useCases.get(PROJECT, id)).toEqual(saved);
    expect(checked).toEqual([INPUT.url, input.url]);
    expect(woken).toBe(1);
    const { sealedSecret } = (await outbox.webhooks.get(PROJECT, id))!;
    expect(outbox.vault.open(sealedSecret, { projectId: PROJECT, credentialId: id })).toBe(secret);
    expect((await useCases.save(PROJECT, id, INPUT)).assistantId).toBeNull();
  });

  it('leaves it as it was where the new target is refused', async () => {
    const { webhook } = await useCases.create(PROJECT, INPUT);
    const refusing = withCheck(() => Promise.reject(new RapidaError('webhook_target_refused')));
    const saving = refusing.save(PROJECT, webhook.id, { ...INPUT, url: 'http://10.0.0.1/' });
    await expect(saving).rejects.toMatchObject({ code: 'webhook_target_refused' });
    expect(await useCases.get(PROJECT, webhook.id)).toEqual(webhook);
  });
});

describe('a webhook', () => {
  it('of another project, or of none, is not found', async () => {
    const { id } = (await useCases.create(PROJECT, INPUT)).webhook;
    for (const [projectId, named] of [
      [OTHER_PROJECT, id],
      [PROJECT, '1'],
    ] as const) {
      const asked = [
        useCases.get(projectId, named),
        useCases.save(projectId, named, INPUT),
        useCases.rotateSecret(projectId, named),
        useCases.remove(projectId, named),
        useCases.test(projectId, named),
        useCases.deliveries(projectId, { webhookId: named }, 10, null),
      ];
      for (const one of await Promise.allSettled(asked)) {
        expect(one).toMatchObject({ status: 'rejected', reason: { code: 'webhook_not_found' } });
      }
    }
    expect((await useCases.list(OTHER_PROJECT, 10, null)).data).toEqual([]);
    expect(checked).toEqual([INPUT.url]);
  });

  it('that is disabled is not tested', async () => {
    const { webhook } = await useCases.create(PROJECT, { ...INPUT, enabled: false });
    await expect(useCases.test(PROJECT, webhook.id)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is sent a test, signed with the secret it was given last', async () => {
    const receiver = await openReceiver();
    const { webhook, secret } = await useCases.create(PROJECT, { ...INPUT, url: receiver.url });
    const rotated = await useCases.rotateSecret(PROJECT, webhook.id);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
    const { deliveryId } = await useCases.test(PROJECT, webhook.id);
    expect(woken).toBe(1);
    const { scope } = outbox.start();
    await eventually(async () => (await outbox.log())[0]?.state === 'delivered');
    await scope.close();
    const [received] = receiver.received;
    vi.setSystemTime(outbox.clock.wallMs());
    const body = new Webhook(rotated.secret).verify(received!.body, received!.headers as Record<string, string>);
    vi.useRealTimers();
    const at = new Date(outbox.clock.wallMs()).toISOString();
    const data = { webhookId: webhook.id };
    expect(body).toEqual({ id: deliveryId, type: 'test', callId: null, seq: null, at, data, call: null });
    expect(received?.headers['webhook-id']).toBe(deliveryId);
    await receiver.close();
  });

  it('has a log of its deliveries, and can be sent one again', async () => {
    const { id: webhookId } = (await useCases.create(PROJECT, INPUT)).webhook;
    const callId = await outbox.addCall();
    await outbox.tell(callId, 'call.ended');
    const [delivery] = (await useCases.deliveries(PROJECT, { webhookId, callId, state: 'pending' }, 10, null)).data;
    expect(delivery).toMatchObject({ webhookId, callId, type: 'call.ended', attempts: 0 });
    await outbox.webhooks.attempted(delivery!.id, { state: 'dead', status: 410, error: null, atMs: 1, nextAtMs: null });
    await useCases.resend(PROJECT, delivery!.id);
    expect(woken).toBe(1);
    const [again] = (await useCases.deliveries(PROJECT, { state: 'pending' }, 10, null)).data;
    expect(again).toMatchObject({ id: delivery!.id, attempts: 0, nextAtMs: outbox.clock.wallMs() });
    await expect(useCases.resend(OTHER_PROJECT, delivery!.id)).rejects.toMatchObject({ code: 'delivery_not_found' });
    await expect(useCases.resend(PROJECT, '1')).rejects.toMatchObject({ code: 'delivery_not_found' });
  });
});
