import { randomBytes } from 'node:crypto';
import {
  type AssistantConfigInput,
  type AssistantRecord,
  assistantConfigSchema,
  type CallContext,
  type CallRecord,
  type CallStore,
  createIdSource,
  createScope,
  type EntityId,
  type LiveFeed,
  phoneDeploymentSchema,
  type Scope,
  Secret,
  silentLogger,
} from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import {
  createMemoryCallPace,
  createMemoryCallPlaces,
  createMemoryContextStore,
  createMemoryLiveFeed,
  createMemoryNodeCommands,
  createMemoryNodeRegistry,
  createSqlStores,
  openEmbedded,
} from '@rapida/stores';
import { type CallsRuntime, createUseCases, type UseCaseDependencies } from '../create-use-cases.js';
import { createCredentialReader } from '../credentials/reader.js';
import { createVault } from '../credentials/vault.js';
import { FakeConversation } from './fake-conversation.js';
import { FakePlayout } from './fake-playout.js';
import { FakeProviders } from './fake-providers.js';
import { FakeTelemetry } from './fake-telemetry.js';
import { FakeTransport } from './fake-transport.js';

export const PROJECT: EntityId = '1';
export const ASSISTANT: EntityId = '42';
export const CONTEXT_TTL_MS = 300_000;

export interface HarnessOptions {
  readonly config?: Partial<AssistantConfigInput>;
  readonly transferTargets?: string[];
  readonly deploymentEnabled?: false;
  readonly callsMax?: number;
  readonly outboundCallsMax?: number;
  readonly outboundQueueMax?: number;
  /** Puts something between the use-cases and the store of calls. */
  readonly wrapCalls?: (calls: CallStore) => CallStore;
  readonly createRecorder?: UseCaseDependencies['createRecorder'];
  readonly createConversation?: UseCaseDependencies['createConversation'];
  readonly createPlayout?: (clock: VirtualClock) => UseCaseDependencies['createPlayout'];
  readonly recordingsDir?: string;
}

export type Stores = UseCaseDependencies['stores'];

/** The whole package over real stores in memory, a clock that stands still, and everything around it played by the test. */
export interface Harness extends CallsRuntime {
  readonly clock: VirtualClock;
  readonly telemetry: FakeTelemetry;
  readonly providers: FakeProviders;
  readonly scope: Scope;
  /** What cleanups and tasks failed with. */
  readonly scopeErrors: unknown[];
  readonly stores: Stores;
  readonly liveFeed: LiveFeed;
  readonly assistant: AssistantRecord;
  readonly conversations: FakeConversation[];
  readonly playouts: FakePlayout[];
  /** The same stores under another process. */
  restarted(): CallsRuntime;
}

export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = new VirtualClock();
  const telemetry = new FakeTelemetry();
  const providers = new FakeProviders();
  const scopeErrors: unknown[] = [];
  const scope = createScope('process', { clock, onError: (error) => void scopeErrors.push(error) });
  const liveFeed = createMemoryLiveFeed({ telemetry });
  const stores = await openStores(clock, liveFeed, options);
  const assistant = await makeAssistant(stores, options);
  const conversations: FakeConversation[] = [];
  const playouts: FakePlayout[] = [];
  const vault = createVault([new Secret(randomBytes(32).toString('base64'))]);
  const dependencies: UseCaseDependencies = {
    clock,
    logger: silentLogger,
    telemetry,
    scope,
    stores,
    liveFeed,
    nodeCommands: createMemoryNodeCommands(),
    nodes: createMemoryNodeRegistry('node-a', clock),
    places: createMemoryCallPlaces(clock),
    pace: createMemoryCallPace(clock),
    nodeFacts: { host: 'pbx', version: '1.2.3', loopDelayMs: () => 0, lateFrames: () => 0 },
    providers,
    createConversation: options.createConversation ?? ((given) => keep(conversations, new FakeConversation(given))),
    createPlayout: options.createPlayout?.(clock) ?? ((leg) => keep(playouts, new FakePlayout(leg))),
    createRecorder: options.createRecorder ?? (() => ({ caller() {}, assistant() {}, close: async () => {} })),
    recordingsDir: options.recordingsDir ?? '/nowhere',
    nodeId: 'node-a',
    contextTtlMs: CONTEXT_TTL_MS,
    callsMax: options.callsMax ?? 0,
    vault,
    credentialReader: createCredentialReader({ ...stores, vault, clock, logger: silentLogger }),
    toolHosts: undefined,
    webhooksAllowPrivate: true,
    outbound: {
      callsMax: options.outboundCallsMax ?? 50,
      queueMax: options.outboundQueueMax ?? 1_000,
      audiosocketAddress: () => '127.0.0.1:4573',
    },
  };
  return {
    ...createUseCases(dependencies),
    ...{ clock, telemetry, providers, scope, scopeErrors, stores, liveFeed, assistant, conversations, playouts },
    restarted: () => createUseCases({ ...dependencies, places: createMemoryCallPlaces(clock) }),
  };
}

async function openStores(
  clock: VirtualClock,
  feed: LiveFeed,
  { wrapCalls = (calls) => calls }: HarnessOptions,
): Promise<Stores> {
  const database = await openEmbedded({ file: ':memory:', clock });
  const stores = createSqlStores(database, createIdSource(clock), { feed, clock });
  await stores.projects.ensureDefault({ id: PROJECT, name: 'default', createdAtMs: 0 });
  return { ...stores, calls: wrapCalls(stores.calls), contexts: createMemoryContextStore({ clock }) };
}

async function makeAssistant(stores: Stores, options: HarnessOptions): Promise<AssistantRecord> {
  const { config, transferTargets = [], deploymentEnabled = true } = options;
  const assistant: AssistantRecord = {
    id: ASSISTANT,
    projectId: PROJECT,
    version: 1,
    config: assistantConfigSchema.parse({ name: 'Test', greeting: 'Hello', ...config }),
    deployment: phoneDeploymentSchema.parse({ enabled: deploymentEnabled, transferTargets }),
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  await stores.assistants.create(assistant);
  return assistant;
}

function keep<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}

export const INBOUND = {
  projectId: PROJECT,
  assistantId: ASSISTANT,
  from: '+15551234567',
  to: '100',
  channelId: 'PJSIP/100-1',
  metadata: {},
};

/** Phase 1 and the claim of phase 2. */
export async function claimed(harness: Harness): Promise<CallContext> {
  const { contextId } = await harness.useCases.registerInbound(INBOUND);
  const claim = await harness.useCases.media.claim(contextId, 'audiosocket', '192.0.2.1');
  if (!claim.ok) throw new Error(claim.code);
  return claim.context;
}

export interface RunningCall {
  readonly context: CallContext;
  readonly transport: FakeTransport;
  readonly conversation: FakeConversation;
  readonly playout: FakePlayout;
  /** Resolves with the record when `attach` has. */
  readonly ended: Promise<CallRecord>;
}

/** A call in conversation. */
export async function connected(harness: Harness): Promise<RunningCall> {
  const context = await claimed(harness);
  await settle();
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await settle();
  const conversation = harness.conversations.at(-1);
  const playout = harness.playouts.at(-1);
  if (conversation === undefined || playout === undefined) throw new Error('the call has no conversation');
  return { context, transport, conversation, playout, ended: attached.then(() => record(harness, context)) };
}

export async function record(harness: Pick<Harness, 'stores'>, { callId }: CallContext): Promise<CallRecord> {
  const call = await harness.stores.calls.get(PROJECT, callId);
  if (call === undefined) throw new Error('the call has no record');
  return call;
}

export async function eventTypes(harness: Pick<Harness, 'stores'>, { callId }: CallContext): Promise<string[]> {
  return (await harness.stores.calls.events(callId)).map((event) => event.type);
}

export async function metricsOf(
  harness: Pick<Harness, 'stores'>,
  { callId }: CallContext,
): Promise<Record<string, unknown>> {
  return Object.fromEntries((await harness.stores.calls.metrics(callId)).map(({ name, value }) => [name, value]));
}
