import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { ServerUnderTest } from '../../interop/server-under-test.js';
import { poll, within } from '../../interop/wait.js';
import { startWebhookReceiver, type WebhookReceiver } from '../../interop/webhook-receiver.js';
import type { LiveCall } from './acts.js';
import { Telephone } from './telephone.js';

const ARI = { user: 'rapida', password: 'only-for-these-pictures' };
const SETTINGS = { WEBHOOKS__ALLOW_PRIVATE: 'true', PUBLIC_ASSISTANT_HOST: 'pbx-ai.example.com:8080' };
const WAIT_MS_MAX = 60_000;
const CALL_MS_MAX = 120_000;
/** Longer than all pictures take. */
const HELD_MS = 900_000;

/** A server whose pages have something to show: real calls, with real words in them. */
export interface Installation {
  readonly url: string;
  readonly key: string;
  /** What stands for the parts of the addresses. */
  readonly filled: Readonly<Record<'assistant' | 'call' | 'live' | 'token', string>>;
  readonly liveCall: LiveCall;
  close(): Promise<void>;
}

type Print = (line: string) => void;

interface Identified {
  readonly id: string;
}

export async function openInstallation(print: Print): Promise<Installation> {
  print('starting a server ...');
  const opened: { close(): unknown }[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  try {
    const server = await ServerUnderTest.start({ settings: SETTINGS });
    opened.push({ close: () => server.stop() });
    const asterisk = await createFakeAri({ clock: systemClock, ...ARI });
    opened.push(asterisk);
    const receiver = await startWebhookReceiver();
    opened.push(receiver);
    const { key } = await server.send<{ key: string }>('POST', '/v1/api-keys', { name: 'pictures', scopes: ['admin'] });
    const telephone = new Telephone(server, key);
    opened.push(telephone);
    print('making assistants, credentials, keys and webhooks ...');
    const assistant = await furnish(server, asterisk, receiver);
    print('holding calls: about half a minute ...');
    const ids = await holdCalls({ server, telephone, print }, assistant);
    await placeCalls(server, asterisk, assistant);
    await server.send('PUT', '/v1/password', { password: 'only for these pictures' });
    const { token } = await server.send<{ token: string }>('POST', '/v1/password/setup-token');
    const liveCall: LiveCall = { say: (text) => server.send('POST', `/v1/calls/${ids.live}/say`, { text }) };
    return { url: `http://${server.host}`, key, filled: { assistant, token, ...ids }, liveCall, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns the assistant that everything is shown with. */
async function furnish(server: ServerUnderTest, asterisk: FakeAri, receiver: WebhookReceiver): Promise<string> {
  const { data } = await server.send<{ data: readonly Identified[] }>('GET', '/v1/assistants');
  const [first] = data;
  if (first === undefined) throw new Error('the first start made no assistant');
  // Two versions more than the first one, with something to see between them.
  for (const change of [{ recording: { enabled: true } }, { silence: { promptAfterMs: 120_000 } }]) {
    const now = await server.send<object>('GET', `/v1/assistants/${first.id}`);
    await server.send('PUT', `/v1/assistants/${first.id}`, { ...now, ...change });
  }
  const patient = { promptAfterMs: 120_000 };
  const night = { name: 'Night service', greeting: 'We are closed. What is it about?', silence: patient };
  await server.send('POST', '/v1/assistants', night);
  const value = { ari_url: asterisk.url, ari_user: ARI.user, ari_password: ARI.password, trunk: 'trunk' };
  const pbx = { name: 'head-office', provider: 'asterisk', value, callsPerSecond: 5 };
  const { id: credentialId } = await server.send<Identified>('POST', '/v1/credentials', pbx);
  await server.send('PUT', `/v1/assistants/${first.id}/phone-deployment`, {
    ...{ enabled: true, credentialId, options: { phone: '+15557654321' }, transferTargets: ['reception,s,1'] },
  });
  await server.send('POST', '/v1/api-keys', { name: 'crm', scopes: ['calls'] });
  await server.send('POST', '/v1/webhooks', { url: receiver.url, events: ['call.connected', 'call.ended'] });
  return first.id;
}

async function holdCalls(
  {
    server,
    telephone,
    print,
  }: { readonly server: ServerUnderTest; readonly telephone: Telephone; readonly print: Print },
  assistant: string,
): Promise<Record<'call' | 'live', string>> {
  const goodbye = ['--say', 'thank you goodbye'];
  const shown = '+15551230001';
  const calls = [
    telephone.call('+15551230002', assistant, '--transport', 'websocket', '--say', 'where are you', ...goodbye),
    telephone.call(shown, assistant, '--say', 'when are you open', '--interrupt', 'what is your address', ...goodbye),
  ];
  await within('the calls are over', CALL_MS_MAX, Promise.all(calls));
  const live = '+15551230003';
  const stays = ['--wait', `${HELD_MS}`];
  const fails = (error: unknown) => print(`a call that was to stay has ended: ${String(error)}`);
  telephone.call(live, assistant, '--say', 'when are you open', ...stays).catch(fails);
  telephone.call('+15551230004', 'Night service', ...stays).catch(fails);
  const { id: call } = await server.callFrom(shown);
  const { id: liveCall } = await server.callFrom(live, WAIT_MS_MAX);
  await poll('the caller who stays has been answered', WAIT_MS_MAX, async () =>
    (await server.transcript(liveCall)).some(({ role }) => role === 'user') ? true : undefined,
  );
  return { call, live: liveCall };
}

/** Nobody who answers: they are for the lists. */
async function placeCalls(server: ServerUnderTest, asterisk: FakeAri, assistantId: string): Promise<void> {
  const outcomes = { '15550100001': 'busy', '15550100002': 'reject', '15550100003': 'not_found' } as const;
  for (const [number, outcome] of Object.entries(outcomes)) {
    asterisk.phone(`+${number}`, { outcome });
    const order = { assistant: { assistantId, version: 'latest' }, toNumber: `+${number}`, options: {} };
    const placed = await server.send<{ data: Identified }>('POST', '/v1/talk/create-phone-call', order);
    await server.endedCall(placed.data.id, WAIT_MS_MAX);
  }
}
