import { createAriClient } from '@rapida/ari';
import type { Conversation, ConversationOptions } from '@rapida/conversation';
import {
  type ApiKeyStore,
  type AssistantStore,
  type CallContextStore,
  type CallPace,
  type CallPlaces,
  type CallRecord,
  type CallStore,
  type Clock,
  type CredentialStore,
  createIdSource,
  type EntityId,
  type FiguresStore,
  type Leases,
  type LiveFeed,
  type Logger,
  type NodeCommands,
  type NodeRegistry,
  type PasswordStore,
  type ProjectStore,
  type ProviderSource,
  type Scope,
  type Secret,
  type SessionStore,
  type Telemetry,
  type Vault,
  type WebhookStore,
  type WriteSpool,
} from '@rapida/core';
import { probeProvider } from '@rapida/providers';
import { type AdmissionLimits, createAdmission } from './admission.js';
import { createAnalyses } from './after-call/analyses.js';
import { createKeyUseCases } from './api-keys.js';
import { createAssistantUseCases } from './assistants.js';
import { createMediaUseCases } from './attach-media.js';
import type { PlayoutFactory } from './call-leg.js';
import { createSpoolReplay } from './call-spool.js';
import { createCallUseCases } from './calls.js';
import { createCredentialChecks } from './credentials/checks.js';
import { createCredentialUseCases } from './credentials/credentials.js';
import type { OwnKey } from './credentials/health.js';
import type { CredentialReader } from './credentials/reader.js';
import { warnOfUnreadable } from './credentials/unreadable.js';
import { drain } from './drain.js';
import { startExpiringContexts } from './expire-contexts.js';
import { ensureFirstStart, type FirstStart } from './first-start.js';
import { createGreetings } from './greetings.js';
import { createHealthUseCases } from './health.js';
import { createListening } from './listening/listening.js';
import { createLiveCalls } from './live-calls.js';
import { createLiveUseCases } from './live-feed.js';
import { createNode, type NodeFacts } from './node.js';
import { createLegs } from './outbound/legs.js';
import { createOutbound, type OutboundSettings } from './outbound/outbound.js';
import type { NodeSuffix } from './outbound/own-app.js';
import { createSteering } from './outbound/steering.js';
import { createGuardedFetch } from './outside/guarded-fetch.js';
import { createOverview } from './overview/overview.js';
import { createPreparations } from './preparation.js';
import type { RecorderFactory } from './recorder.js';
import { recover } from './recover.js';
import { createNoteKeyRefused } from './refusals.js';
import { createRegisterInbound } from './register-inbound.js';
import { createSignIn } from './sign-in/sign-in.js';
import { createStoreHealth } from './store-health.js';
import { createTestCalls } from './test-calls/test-calls.js';
import { openToolbox } from './tools/toolbox.js';
import { createTransfers } from './transfers.js';
import type { UseCases } from './use-cases.js';
import { type Deliverer, startDeliverer } from './webhooks/deliverer.js';
import { checkTarget, systemLookup } from './webhooks/target.js';
import { createWebhookUseCases } from './webhooks/webhooks.js';

export interface UseCaseDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** The process's. Closing it ends every call and stops the sweeping. */
  readonly scope: Scope;
  readonly stores: {
    readonly calls: CallStore;
    readonly contexts: CallContextStore;
    readonly assistants: AssistantStore;
    readonly credentials: CredentialStore;
    readonly keys: ApiKeyStore;
    readonly projects: ProjectStore;
    readonly figures: FiguresStore;
    readonly passwords: PasswordStore;
    readonly sessions: SessionStore;
    readonly webhooks: WebhookStore;
  };
  /** Where what calls write waits while the store cannot take it. */
  readonly writeSpool: WriteSpool;
  /** The stores publish to it what they have stored. */
  readonly liveFeed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
  readonly places: CallPlaces;
  readonly pace: CallPace;
  readonly leases: Leases;
  /** What this node says of itself. */
  readonly nodeFacts: NodeFacts;
  readonly providers: ProviderSource;
  readonly vault: Vault;
  /** Opens with the same vault. */
  readonly credentialReader: CredentialReader;
  readonly createConversation: (options: ConversationOptions) => Conversation;
  readonly createPlayout: PlayoutFactory;
  readonly createRecorder: RecorderFactory;
  readonly recordingsDir: string;
  /** Tells the calls of this process from those of others; the same again after a restart. */
  readonly nodeId: string;
  /** Nodes that will not come again, whose calls this one ends when it starts. */
  readonly formerNodeIds?: readonly string[];
  /** What calls of those had still to write. */
  readonly formerSpools?: readonly WriteSpool[];
  /** Added to names in Asterisk that several nodes would share; undefined where there is one. */
  readonly nodeSuffix: NodeSuffix;
  /** Life of an unclaimed call. */
  readonly contextTtlMs: number;
  /** Of the installation; 0: no limit. */
  readonly callsMax: number;
  /** Times a call is taken up again. */
  readonly resumesMax: number;
  readonly outbound: OutboundSettings;
  /** Webhooks may go to addresses that are not of the public internet. */
  readonly webhooksAllowPrivate: boolean;
  /** Keys of the server itself, for assistants that name no credential. */
  readonly ownKeys?: readonly OwnKey[];
  /** Where tools may go; undefined: to every address of the public internet. */
  readonly toolHosts: readonly string[] | undefined;
}

export interface CallsRuntime {
  readonly useCases: UseCases;
  /** Before the first call: ends what a former run left open, makes what an empty store lacks, starts the sweeping. */
  prepare(): Promise<FirstStart>;
  /** When media can be reached: calls that wait are dialled from now on. */
  start(): Promise<void>;
  /**
   * Takes no new calls and waits for the running ones, up to `limitMs`; then says goodbye to those that are left. Calls
   * registered before may still connect meanwhile.
   */
  drain(limitMs: number): Promise<void>;
}

export function createUseCases(dependencies: UseCaseDependencies): CallsRuntime {
  const { stores } = dependencies;
  let deliverer: Deliverer | undefined;
  const wake = (): void => deliverer?.wake();
  const shared = createSharedParts(dependencies);
  const { admission, analyses, spoolReplay } = shared;
  const { formerNodeIds = [], formerSpools = [] } = dependencies;
  const registerInbound = createRegisterInbound(shared);
  // Callers who come by themselves are taken until another node takes them: longer than the webhook is answered.
  const arriving = createAdmission(dependencies.places, limitsOf(dependencies));
  const registerArrival = createRegisterInbound({ ...shared, admission: arriving });
  const credentials = dependencies.credentialReader;
  const outbound = createOutbound({ ...shared, credentials, registerInbound: registerArrival });
  const node = createNode({ ...shared, onClosed: (calls) => outbound.removeLeftoversOf(calls) });
  shared.steering.whenUnheard((call) => void outbound.removeLeftoversOf([call]));
  let orphans: readonly CallRecord[] = [];

  const targets = { lookup: systemLookup, allowPrivate: dependencies.webhooksAllowPrivate };
  const webhooks = createWebhookUseCases({
    ...shared,
    wake,
    checkTarget: (url) => checkTarget(url, targets),
  });
  const keys = createKeyUseCases(shared);
  // The ready assistant is checked by a test; checking it here would start the recogniser on every first start.
  const unchecked = createAssistantUseCases({ ...shared, providers: { validate: async () => [] } });
  return {
    useCases: {
      registerInbound,
      noteKeyRefused: createNoteKeyRefused(shared),
      media: createMediaUseCases(shared),
      testCalls: createTestCalls(shared),
      calls: createCallUseCases(shared),
      live: createLiveUseCases(shared),
      listening: createListening(shared),
      ...changingDeployments(shared, () => outbound.deploymentsChanged()),
      outbound: outbound.useCases,
      webhooks,
      keys,
      signIn: createSignIn({ ...shared, keys }),
      overview: createOverview({ ...shared, nodes: node.useCases }),
      health: createHealthUseCases(shared),
      nodes: node.useCases,
    },
    async prepare() {
      await node.join();
      // What a former life could not write comes before what is made of the calls that it has left.
      for (const writeSpool of formerSpools) await createSpoolReplay({ ...shared, writeSpool }).replayAll();
      await spoolReplay.replayAll();
      const left = [];
      for (const nodeId of [...formerNodeIds, shared.nodeId]) left.push(await recover({ ...shared, nodeId }));
      orphans = left.flat();
      await shared.places.dropOf(dependencies.nodeId);
      await warnOfUnreadable(shared);
      const firstStart = await ensureFirstStart({ ...shared, keyStore: stores.keys, keys, assistants: unchecked });
      startExpiringContexts(shared);
      // An end may have promised an analysis.
      spoolReplay.start(() => void analyses.start().catch(() => {}));
      node.start();
      return firstStart;
    },
    async start() {
      deliverer = startDeliverer({ ...shared, ...targets, random: Math.random });
      await outbound.start(orphans);
      await analyses.start();
      for (const nodeId of formerNodeIds) await analyses.takeOver(nodeId);
    },
    async drain(limitMs) {
      admission.drain();
      await outbound.handOver();
      arriving.drain();
      await drain(shared, limitMs);
    },
  };
}

/** What is saved may want another connection to Asterisk. */
function changingDeployments(
  shared: ReturnType<typeof createSharedParts>,
  changed: () => void,
): Pick<UseCases, 'assistants' | 'credentials'> {
  const assistants = createAssistantUseCases(shared);
  const credentials = createCredentialUseCases({ ...shared, checks: checksOf(shared) });
  async function changing<T>(saving: Promise<T>): Promise<T> {
    const saved = await saving;
    changed();
    return saved;
  }
  return {
    assistants: { ...assistants, saveDeployment: (...given) => changing(assistants.saveDeployment(...given)) },
    credentials: { ...credentials, save: (...given) => changing(credentials.save(...given)) },
  };
}

/** What several use-cases need, each made once. */
function createSharedParts(dependencies: UseCaseDependencies) {
  const { clock, logger, telemetry, scope, stores, providers } = dependencies;
  const newId = createIdSource(clock);
  const health = createStoreHealth(clock, logger, telemetry);
  const spoolReplay = createSpoolReplay({ ...dependencies, ...stores, health });
  const { spool } = spoolReplay;
  const admission = createAdmission(dependencies.places, limitsOf(dependencies));
  const live = createLiveCalls(clock, telemetry, dependencies.nodeCommands);
  const outside = createGuardedFetch({ allowedHosts: dependencies.toolHosts });
  scope.onClose(() => outside.close());
  const tokenOf = async (projectId: EntityId, id: EntityId): Promise<Secret> =>
    (await dependencies.credentialReader.read(projectId, id, 'http')).token;
  const greetings = createGreetings({ clock, logger, telemetry, scope });
  const preparations = createPreparations({
    ...{ providers, greetings, clock, logger, ...stores },
    openTools: (wanted) => openToolbox({ clock, logger, outside, tokenOf }, wanted),
  });
  const legs = createLegs(dependencies);
  const transfers = createTransfers({ ...dependencies, ...stores, health, spool });
  const analyses = createAnalyses({ ...dependencies, ...stores, health });
  const steering = createSteering({ ...dependencies, ...stores, legs, live, health });
  const parts = {
    newId,
    health,
    spool,
    spoolReplay,
    admission,
    live,
    legs,
    steering,
    transfers,
    preparations,
    analyses,
    outside,
  };
  return { ...dependencies, ...stores, ...parts };
}

function limitsOf({ callsMax, outbound }: UseCaseDependencies): AdmissionLimits {
  return { callsMax, placedMax: outbound.callsMax };
}

function checksOf({ clock, logger }: Pick<UseCaseDependencies, 'clock' | 'logger'>) {
  return createCredentialChecks({
    clock,
    ari: (access) => createAriClient({ access, clock }),
    probe: (provider, credential, signal) =>
      probeProvider(provider, { clock, logger, credential } as Parameters<typeof probeProvider>[1], signal),
  });
}
