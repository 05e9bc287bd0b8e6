import type { CredentialSummary, Figures, Overview, WebhookSummary } from '@rapida/calls';
import {
  type ApiKeyRecord,
  type AssistantRecord,
  assistantConfigSchema,
  type CallContext,
  type CallRecord,
  type DeliveryRecord,
  type KeyScope,
  type NodeEntry,
  phoneDeploymentSchema,
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
  assistantVersion: 3,
  contextId: CONTEXT_ID,
  direction: 'inbound',
  state: 'completed',
  from: '+15551234567',
  to: null,
  channelId: 'pbx-1.1',
  metadata: { queue: 'sales' },
  args: {},
  overrides: null,
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
  analysis: null,
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

export const NODE: NodeEntry = {
  ...{ nodeId: 'node-1', host: 'pbx', version: '1.2.3', startedAtMs: CREATED_AT_MS, seenAtMs: CREATED_AT_MS },
  ...{ calls: 2, draining: false, loopDelayMs: 1.5, lateFrames: 3, lost: false },
};

export const WEBHOOK: WebhookSummary = {
  id: '51',
  assistantId: null,
  url: 'https://crm.example.com/calls',
  events: ['call.ended'],
  enabled: true,
  createdAtMs: CREATED_AT_MS,
  updatedAtMs: CREATED_AT_MS + 1_000,
};

export const DELIVERY: DeliveryRecord = {
  id: '61',
  webhookId: '51',
  projectId: PROJECT,
  callId: '11',
  seq: 4,
  type: 'call.ended',
  body: '{"type":"call.ended","data":{"callId":"11"}}',
  state: 'pending',
  attempts: 2,
  nextAtMs: CREATED_AT_MS + 60_000,
  lastStatus: 503,
  lastError: null,
  createdAtMs: CREATED_AT_MS,
  deliveredAtMs: null,
};

const FIGURES: Figures = {
  ...{ calls: 3, outcomes: { completed: 2, busy: 1 }, detailed: 3, interruptions: 1, providerErrors: 2 },
  stages: {
    response_latency_ms: { p50: 800, p95: 1_200, turns: 7 },
    llm_ttft_ms: { p50: 300, p95: 500.5, turns: 6 },
  },
};
const NO_FIGURES: Figures = {
  ...{ calls: 0, outcomes: {}, detailed: 0, stages: {}, interruptions: 0, providerErrors: 0 },
};

export const OVERVIEW: Overview = {
  buckets: [
    { atMs: CREATED_AT_MS, ...FIGURES },
    { atMs: CREATED_AT_MS + 3_600_000, ...NO_FIGURES },
  ],
  totals: FIGURES,
  providers: [{ provider: 'openai', kind: 'llm', errors: 2 }],
  now: { calls: 1, limit: 0, nodes: 2 },
};
