import type { CredentialSummary, InboundRequest, LiveStream, UseCases, WebhookSummary } from '@rapida/calls';
import {
  type AssistantRecord,
  type AssistantVersion,
  type CallContext,
  type ErrorCode,
  type KeyScope,
  RapidaError,
} from '@rapida/core';
import { fakeSignIn } from './fake-sign-in.js';
import {
  API_KEY,
  ASSISTANT,
  CALL,
  CONTEXT,
  CONTEXT_ID,
  CREATED_AT_MS,
  CREDENTIAL,
  DELIVERY,
  KEYS,
  NODE,
  OVERVIEW,
  PROJECT,
  WEBHOOK,
} from './records.js';

export * from './records.js';

type Alone = 'registerInbound' | 'noteKeyRefused';
type Overrides = Partial<Pick<UseCases, Alone>> & {
  readonly [K in Exclude<keyof UseCases, Alone>]?: Partial<UseCases[K]>;
};

export interface FakeUseCases extends UseCases {
  readonly registered: InboundRequest[];
  readonly claims: string[];
  readonly attached: { readonly context: CallContext; readonly kind: string }[];
  readonly abandoned: { readonly context: CallContext; readonly code: ErrorCode; readonly detail: string }[];
  /** What else was asked for: name of the use-case and its arguments. */
  readonly asked: (readonly [string, ...unknown[]])[];
}

/** Use-cases that know one project with one of everything, and record what they were asked. */
export function createFakeUseCases(overrides: Overrides = {}): FakeUseCases {
  const fakes = { registered: [], claims: [], attached: [], abandoned: [], asked: [] } as Pick<
    FakeUseCases,
    'registered' | 'claims' | 'attached' | 'abandoned' | 'asked'
  >;
  const { registered, claims, attached, abandoned, asked } = fakes;
  const defaults: UseCases = {
    async registerInbound(request) {
      registered.push(request);
      return { contextId: CONTEXT_ID, callId: '11' };
    },
    media: {
      async claim(contextId) {
        claims.push(contextId);
        return contextId === CONTEXT_ID ? { ok: true, context: CONTEXT } : { ok: false, code: 'context_unknown' };
      },
      async attach(context, transport) {
        attached.push({ context, kind: transport.kind });
        await transport.closed;
      },
      async abandon(context, code, detail) {
        abandoned.push({ context, code, detail });
      },
      async resume(contextId, asker) {
        asked.push(['media.resume', contextId, asker]);
        if (contextId !== CONTEXT_ID) throw new RapidaError('context_unknown');
        return contextId;
      },
      nextStep: async (contextId) => (contextId === CONTEXT_ID ? 'resume' : 'begin'),
      directive: async (contextId) => (contextId === CONTEXT_ID ? 'goto:reception,s,1' : undefined),
      async report(contextId, type, fields) {
        if (contextId !== CONTEXT_ID) throw new RapidaError('context_unknown');
        asked.push(['media.report', contextId, type, fields]);
      },
    },
    noteKeyRefused: (assistantId, error) => void asked.push(['noteKeyRefused', assistantId, error]),
    testCalls: {
      async register(request) {
        asked.push(['testCalls.register', request]);
        return { contextId: CONTEXT_ID, callId: '11' };
      },
      voice: async () => async function* () {},
    },
    calls: fakeCalls(asked),
    live: fakeLive(asked),
    listening: {
      async listen(_projectId, callId) {
        if (callId !== CALL.id) throw new RapidaError('call_not_found');
        return { next: async () => 'call_ended', close() {} };
      },
    },
    assistants: fakeAssistants(asked),
    credentials: fakeCredentials(asked),
    outbound: fakeOutbound(asked),
    webhooks: fakeWebhooks(asked),
    keys: fakeKeys(asked),
    signIn: fakeSignIn(asked),
    overview: {
      async overview(request) {
        asked.push(['overview', request]);
        return OVERVIEW;
      },
    },
    health: { notReady: () => undefined, storeFails: false, liveCalls: 2 },
    nodes: { list: async () => [NODE] },
  };
  return {
    ...fakes,
    registerInbound: overrides.registerInbound ?? defaults.registerInbound,
    noteKeyRefused: overrides.noteKeyRefused ?? defaults.noteKeyRefused,
    media: { ...defaults.media, ...overrides.media },
    testCalls: { ...defaults.testCalls, ...overrides.testCalls },
    calls: { ...defaults.calls, ...overrides.calls },
    live: { ...defaults.live, ...overrides.live },
    listening: { ...defaults.listening, ...overrides.listening },
    assistants: { ...defaults.assistants, ...overrides.assistants },
    credentials: { ...defaults.credentials, ...overrides.credentials },
    outbound: { ...defaults.outbound, ...overrides.outbound },
    webhooks: { ...defaults.webhooks, ...overrides.webhooks },
    keys: { ...defaults.keys, ...overrides.keys },
    signIn: { ...defaults.signIn, ...overrides.signIn },
    overview: { ...defaults.overview, ...overrides.overview },
    health: { ...defaults.health, ...overrides.health },
    nodes: { ...defaults.nodes, ...overrides.nodes },
  };
}

type Asked = FakeUseCases['asked'];

function fakeCalls(asked: Asked): UseCases['calls'] {
  const only = <T>(projectId: string, id: string, value: T): T => {
    if (projectId !== PROJECT || id !== CALL.id) throw new RapidaError('call_not_found');
    return value;
  };
  return {
    async list(projectId, filter, limit, cursor) {
      asked.push(['calls.list', projectId, filter, limit, cursor]);
      return { data: [CALL], nextCursor: 'next' };
    },
    get: async (projectId, id) => only(projectId, id, CALL),
    events: async (projectId, id) =>
      only(projectId, id, [{ seq: 1, type: 'webhook', atMs: CREATED_AT_MS, data: { from: CALL.from } }]),
    transcript: async (projectId, id) =>
      only(projectId, id, [
        { role: 'user', text: 'hello', startMs: 0, endMs: 400, interrupted: false, metrics: { stt_latency_ms: 80 } },
      ]),
    metrics: async (projectId, id) => only(projectId, id, [{ name: 'call.duration', value: 4.2 }]),
    recordingPath: async (projectId, id) => only(projectId, id, '/nowhere/11.wav'),
    waveform: async (projectId, id, points) =>
      only(projectId, id, { durationMs: 1_000, caller: Array(points).fill(7), assistant: [0] }),
    async hangup(projectId, id) {
      asked.push(only(projectId, id, ['calls.hangup', id]));
    },
    async say(projectId, id, text) {
      asked.push(only(projectId, id, ['calls.say', id, text]));
    },
    async transfer(projectId, id, target) {
      asked.push(only(projectId, id, ['calls.transfer', id, target]));
    },
  };
}

function fakeLive(asked: Asked): UseCases['live'] {
  return {
    async follow(request) {
      if (request.callId !== undefined && request.callId !== CALL.id) throw new RapidaError('call_not_found');
      asked.push(['live.follow', request]);
      return createFakeStream();
    },
  };
}

/** A stream that gives what the test puts into it. */
export interface FakeStream extends LiveStream {
  readonly closed: boolean;
  /** Put and not asked for yet. */
  readonly unread: number;
  put(next: Awaited<ReturnType<LiveStream['next']>>): void;
}

export function createFakeStream(isSpent = false): FakeStream {
  type Next = Awaited<ReturnType<LiveStream['next']>>;
  const put: Next[] = [];
  let waiting: ((next: Next) => void) | undefined;
  let closed = false;
  const give = (next: Next): void => {
    const resolve = waiting;
    waiting = undefined;
    if (resolve === undefined) put.push(next);
    else resolve(next);
  };
  return {
    isSpent,
    get closed() {
      return closed;
    },
    get unread() {
      return put.length;
    },
    put: give,
    next() {
      const next = closed ? 'closed' : put.shift();
      if (next !== undefined) return Promise.resolve(next);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close() {
      closed = true;
      waiting?.('closed');
    },
  };
}

function fakeAssistants(asked: Asked): UseCases['assistants'] {
  const only = (projectId: string, id: string): AssistantRecord => {
    if (projectId !== PROJECT || id !== ASSISTANT.id) throw new RapidaError('assistant_not_found');
    return ASSISTANT;
  };
  return {
    async list(projectId, limit, cursor) {
      asked.push(['assistants.list', projectId, limit, cursor]);
      return { data: [ASSISTANT], nextCursor: null };
    },
    get: async (projectId, id) => only(projectId, id),
    create: async (_projectId, config) => ({ ...ASSISTANT, id: '2', version: 1, config }),
    saveConfig: async (projectId, id, config) => ({ ...only(projectId, id), version: 4, config }),
    async versions(projectId, id, limit, cursor) {
      asked.push(['assistants.versions', only(projectId, id).id, limit, cursor]);
      return { data: [versionOf(ASSISTANT), { ...versionOf(ASSISTANT), version: 2 }], nextCursor: 'v2' };
    },
    version: async (projectId, id, version) => onlyVersion(only(projectId, id), version),
    async addVersion(projectId, id, config) {
      asked.push(['assistants.addVersion', only(projectId, id).id]);
      return { ...versionOf(ASSISTANT), version: 4, config };
    },
    async publish(projectId, id, version) {
      const published = onlyVersion(only(projectId, id), version);
      asked.push(['assistants.publish', id, version]);
      return published;
    },
    saveDeployment: async (projectId, id, deployment) => ({ ...only(projectId, id), deployment }),
    async remove(projectId, id) {
      asked.push(['assistants.remove', only(projectId, id).id]);
    },
  };
}

/** There are two. */
function onlyVersion(assistant: AssistantRecord, version: number): AssistantRecord {
  if (version !== 2 && version !== 3) throw new RapidaError('assistant_version_not_found');
  return { ...assistant, version };
}

function versionOf({ version, config, updatedAtMs }: AssistantRecord): AssistantVersion {
  return { version, config, savedAtMs: updatedAtMs };
}

function fakeCredentials(asked: Asked): UseCases['credentials'] {
  const only = (projectId: string, id: string): CredentialSummary => {
    if (projectId !== PROJECT || id !== CREDENTIAL.id) throw new RapidaError('credential_not_found');
    return CREDENTIAL;
  };
  return {
    async list(projectId, limit, cursor) {
      asked.push(['credentials.list', projectId, limit, cursor]);
      return { data: [CREDENTIAL], nextCursor: 'next' };
    },
    get: async (projectId, id) => only(projectId, id),
    async create(projectId, input) {
      asked.push(['credentials.create', projectId, input]);
      return { ...CREDENTIAL, id: '32', name: input.name, provider: input.provider };
    },
    async save(projectId, id, input) {
      const saved = { ...only(projectId, id), name: input.name };
      asked.push(['credentials.save', id, input]);
      return saved;
    },
    async remove(projectId, id) {
      asked.push(['credentials.remove', only(projectId, id).id]);
    },
    users: async (projectId, id) => [{ assistantId: '1', name: only(projectId, id).name }],
    async check(projectId, id) {
      only(projectId, id);
      return { ok: false, code: 'ari_unreachable', message: 'ECONNREFUSED' };
    },
    health: async (projectId) => {
      asked.push(['credentials.health', projectId]);
      return [
        {
          provider: 'groq',
          credentialId: null,
          name: null,
          ok: true,
          code: null,
          message: 'yes',
          checkedAtMs: 1_790_000_000_000,
        },
      ];
    },
    reencrypt: async () => ({ reencrypted: 3, current: 2, unreadable: 1 }),
  };
}

/** Calls are numbered from 41; the last digits of their contexts are the same. */
function fakeOutbound(asked: Asked): UseCases['outbound'] {
  return {
    async place(projectId, orders, idempotencyKey) {
      asked.push(['outbound.place', projectId, orders, idempotencyKey]);
      return orders.map((_order, index) => {
        const id = String(41 + index);
        return { id, contextId: `${CONTEXT_ID.slice(0, -id.length)}${id}`, state: 'queued' };
      });
    },
  };
}

function fakeWebhooks(asked: Asked): UseCases['webhooks'] {
  const only = (projectId: string, id: string): WebhookSummary => {
    if (projectId !== PROJECT || id !== WEBHOOK.id) throw new RapidaError('webhook_not_found');
    return WEBHOOK;
  };
  return {
    async list(projectId, limit, cursor) {
      asked.push(['webhooks.list', projectId, limit, cursor]);
      return { data: [WEBHOOK], nextCursor: 'next' };
    },
    get: async (projectId, id) => only(projectId, id),
    async create(projectId, input) {
      asked.push(['webhooks.create', projectId, input]);
      return { webhook: { ...WEBHOOK, ...input, id: '52' }, secret: 'whsec_bmV3' };
    },
    async save(projectId, id, input) {
      const saved = { ...only(projectId, id), ...input };
      asked.push(['webhooks.save', id, input]);
      return saved;
    },
    async rotateSecret(projectId, id) {
      asked.push(['webhooks.rotateSecret', only(projectId, id).id]);
      return { secret: 'whsec_bmV4dA==' };
    },
    async remove(projectId, id) {
      asked.push(['webhooks.remove', only(projectId, id).id]);
    },
    async test(projectId, id) {
      asked.push(['webhooks.test', only(projectId, id).id]);
      return { deliveryId: '62' };
    },
    async deliveries(projectId, filter, limit, cursor) {
      asked.push(['webhooks.deliveries', projectId, filter, limit, cursor]);
      return { data: [DELIVERY], nextCursor: 'next' };
    },
    async resend(projectId, deliveryId) {
      if (projectId !== PROJECT || deliveryId !== DELIVERY.id) throw new RapidaError('delivery_not_found');
      asked.push(['webhooks.resend', deliveryId]);
    },
  };
}

function fakeKeys(asked: Asked): UseCases['keys'] {
  return {
    async authenticate(key, scopes) {
      const scope = (Object.keys(KEYS) as KeyScope[]).find((known) => KEYS[known] === key);
      if (scope === undefined) throw new RapidaError('key_invalid');
      if (scope !== 'admin' && !scopes.includes(scope)) throw new RapidaError('key_scope');
      return { ...API_KEY, scopes: [scope] };
    },
    create: async (_projectId, name, scopes) => ({
      record: { ...API_KEY, name, scopes },
      key: `rpd-${'n'.repeat(43)}`,
    }),
    list: async () => [API_KEY],
    async revoke(_projectId, id) {
      if (id !== API_KEY.id) throw new RapidaError('key_not_found');
      asked.push(['keys.revoke', id]);
    },
  };
}
