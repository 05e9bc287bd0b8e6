import type { CredentialSummary, InboundRequest, UseCases } from '@rapida/calls';
import {
  type ApiKeyRecord,
  type AssistantRecord,
  assistantConfigSchema,
  type CallContext,
  type CallRecord,
  type ErrorCode,
  type KeyScope,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';

export const PROJECT = '7';
export const CONTEXT_ID = '0b7c1c1e-7f0a-4c53-9d1f-3f6f1f0f9a01';
export const CREATED_AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** One key per scope. */
export const KEYS: Readonly<Record<KeyScope, string>> = {
  inbound: `rpd-${'i'.repeat(43)}`,
  calls: `rpd-${'c'.repeat(43)}`,
  admin: `rpd-${'a'.repeat(43)}`,
};

export const CONTEXT: CallContext = { contextId: CONTEXT_ID, callId: '11', projectId: PROJECT, assistantId: '1' };

export const CALL: CallRecord = {
  id: '11',
  projectId: PROJECT,
  assistantId: '1',
  contextId: CONTEXT_ID,
  direction: 'inbound',
  state: 'completed',
  from: '+15551234567',
  to: null,
  channelId: 'pbx-1.1',
  metadata: { queue: 'sales' },
  args: {},
  outbound: null,
  transport: 'audiosocket',
  format: 'slin',
  createdAtMs: CREATED_AT_MS,
  connectedAtMs: CREATED_AT_MS + 1_000,
  endedAtMs: null,
  disconnectedBy: 'user',
  reason: 'caller_hangup',
  directive: null,
  recording: '11.wav',
  nodeId: 'node-1',
};

export const ASSISTANT: AssistantRecord = {
  id: '1',
  projectId: PROJECT,
  version: 3,
  config: assistantConfigSchema.parse({ name: 'Front desk' }),
  deployment: phoneDeploymentSchema.parse({ transferTargets: ['reception,s,1'] }),
  createdAtMs: CREATED_AT_MS,
  updatedAtMs: CREATED_AT_MS,
};

export const API_KEY: ApiKeyRecord = {
  id: '21',
  projectId: PROJECT,
  name: 'pbx',
  scopes: ['inbound'],
  prefix: 'rpd-iiiiii',
  createdAtMs: CREATED_AT_MS,
  revokedAtMs: null,
};

export const CREDENTIAL: CredentialSummary = {
  id: '31',
  name: 'office',
  provider: 'asterisk',
  fields: ['ari_url', 'ari_user', 'ari_password', 'endpoint_technology'],
  callsPerSecond: 5,
  createdAtMs: CREATED_AT_MS,
  updatedAtMs: CREATED_AT_MS + 1_000,
  lastUsedAtMs: null,
};

type Overrides = { readonly registerInbound?: UseCases['registerInbound'] } & {
  readonly [K in Exclude<keyof UseCases, 'registerInbound'>]?: Partial<UseCases[K]>;
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
      directive: async (contextId) => (contextId === CONTEXT_ID ? 'goto:reception,s,1' : undefined),
    },
    calls: fakeCalls(asked),
    assistants: fakeAssistants(asked),
    credentials: fakeCredentials(asked),
    outbound: fakeOutbound(asked),
    keys: fakeKeys(asked),
    health: { notReady: () => undefined, liveCalls: 2 },
  };
  return {
    ...fakes,
    registerInbound: overrides.registerInbound ?? defaults.registerInbound,
    media: { ...defaults.media, ...overrides.media },
    calls: { ...defaults.calls, ...overrides.calls },
    assistants: { ...defaults.assistants, ...overrides.assistants },
    credentials: { ...defaults.credentials, ...overrides.credentials },
    outbound: { ...defaults.outbound, ...overrides.outbound },
    keys: { ...defaults.keys, ...overrides.keys },
    health: { ...defaults.health, ...overrides.health },
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
    async hangup(projectId, id) {
      asked.push(only(projectId, id, ['calls.hangup', id]));
    },
    async say(projectId, id, text) {
      asked.push(only(projectId, id, ['calls.say', id, text]));
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
    saveDeployment: async (projectId, id, deployment) => ({ ...only(projectId, id), deployment }),
    async remove(projectId, id) {
      asked.push(['assistants.remove', only(projectId, id).id]);
    },
  };
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
    async check(projectId, id) {
      only(projectId, id);
      return { ok: false, code: 'ari_unreachable', message: 'ECONNREFUSED' };
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
