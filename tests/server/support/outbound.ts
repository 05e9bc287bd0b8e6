import type { FakeAri, FakeMedia } from '@rapida/ari/testing';
import { expect, vi } from 'vitest';
import { type Api, type CallJson, request } from './api.js';
import { type Caller, callOverAudioSocket, type Doors } from './caller.js';

export const ARI_USER = 'rapida';

export interface PlacedJson {
  readonly id: string;
  readonly contextId: string;
  readonly status: string;
}

export interface OutboundCallJson extends CallJson {
  readonly to: string | null;
  readonly channelId: string | null;
  readonly endedAt: string | null;
  readonly outbound: { readonly attempt: number; readonly mode: string | null } | null;
}

export interface Access {
  readonly url: string;
  readonly password: string;
}

export async function asteriskCredential(api: Api, name: string, { url, password }: Access): Promise<string> {
  const value = { ari_url: url, ari_user: ARI_USER, ari_password: password, trunk: 'trunk' };
  const credential = { name, provider: 'asterisk', value, callsPerSecond: 50 };
  return (await api.send<{ id: string }>('POST', '/v1/credentials', credential)).id;
}

/** An assistant that calls with this credential; with a `context` among the options through the dialplan, else in Stasis. */
export async function callingAssistant(
  api: Api,
  credentialId: string,
  options: Readonly<Record<string, string>> = {},
): Promise<string> {
  const name = `calls ${credentialId} ${Object.values(options).join(' ')}`;
  const config = { name, greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  const { id } = await api.send<{ id: string }>('POST', '/v1/assistants', config);
  await api.send('PUT', `/v1/assistants/${id}/phone-deployment`, { enabled: true, credentialId, options });
  return id;
}

export interface Order {
  readonly assistantId: string;
  readonly to: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
}

export function sendOrder({ url, key }: Api, { assistantId, to, options = {}, idempotencyKey }: Order) {
  return request(url, '/v1/talk/create-phone-call', {
    ...{ method: 'POST', key },
    body: JSON.stringify({ assistant: { assistantId, version: 'latest' }, toNumber: to, options }),
    ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
  });
}

/** Anything but a call that was taken fails the test. */
export async function placeCall(api: Api, order: Order): Promise<PlacedJson> {
  const { status, text } = await sendOrder(api, order);
  expect(status, text).toBe(200);
  return (JSON.parse(text) as { data: PlacedJson }).data;
}

export function callById(api: Api, id: string): Promise<OutboundCallJson> {
  return api.get<OutboundCallJson>(`/v1/calls/${id}`);
}

/** Waits for the record of a call to say so. */
export function hasBecome(
  api: Api,
  id: string,
  as: Partial<OutboundCallJson>,
  withinMs = 10_000,
): Promise<OutboundCallJson> {
  return vi.waitFor(
    async () => {
      const call = await callById(api, id);
      expect(call).toMatchObject(as);
      return call;
    },
    { timeout: withinMs, interval: 20 },
  );
}

export interface Originate {
  readonly number: string;
  readonly channelId: string;
}

/** What this Asterisk was asked to dial, in order, whether or not it did. */
export function originates({ requests }: FakeAri): Originate[] {
  return requests
    .filter(({ method, path }) => method === 'POST' && path === '/channels')
    .map(({ query: { endpoint = '', channelId = '' } }) => ({
      number: /^PJSIP\/([^@]+)@trunk$/.exec(endpoint)?.[1] ?? endpoint,
      channelId,
    }));
}

/** The part of an Asterisk that carries sound: media is connected to the server as soon as ARI's side says so. */
export interface SoundOfAsterisk {
  /** By context id. */
  readonly callers: ReadonlyMap<string, Caller>;
  /** Connects what was answered with its number set to `silent`, now. */
  connectSilent(): Promise<void>;
  /** The server is another process now, with other ports. */
  moveTo(doors: Doors): void;
}

export interface SoundOptions {
  readonly doors: Doors;
  /** Numbers whose sound is a long time coming. */
  readonly silent?: readonly string[];
}

export function giveSound(fake: FakeAri, { doors: first, silent = [] }: SoundOptions): SoundOfAsterisk {
  const callers = new Map<string, Caller>();
  const waiting: (() => Promise<void>)[] = [];
  let doors = first;

  function answered(channelId: string, contextId: string): void {
    const connect = async () => {
      const caller = await callOverAudioSocket(doors, contextId);
      callers.set(contextId, caller);
      // As a channel of Asterisk ends with its AudioSocket.
      void caller.ended.then(() => fake.endMedia(channelId));
    };
    const phone = channelId.replace(/-media$/, '');
    const number = originates(fake).find((one) => one.channelId === phone)?.number ?? '';
    if (silent.includes(number)) waiting.push(connect);
    else void connect();
  }

  fake.onDialplan(({ channelId, variables }) => answered(channelId, variables.RAPIDA_CONTEXT_ID ?? ''));
  fake.onMedia(({ channelId, data = '' }: FakeMedia) => answered(channelId, data));
  return {
    callers,
    async connectSilent() {
      await Promise.all(waiting.splice(0).map((connect) => connect()));
    },
    moveTo(next) {
      doors = next;
    },
  };
}
