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
} from '@rapida/core';
import { probeProvider } from '@rapida/providers';
import { type Admission, createAdmission } from './admission.js';
import { createAnalyses } from './after-call/analyses.js';
import { createKeyUseCases } from './api-keys.js';
import { createAssistantUseCases } from './assistants.js';
import { createMediaUseCases } from './attach-media.js';
import type { PlayoutFactory } from './call-leg.js';
import { createCallUseCases } from './calls.js';
import { createCredentialChecks } from './credentials/checks.js';
import { createCredentialUseCases } from './credentials/credentials.js';
import type { OwnKey } from './credentials/health.js';
import type { CredentialReader } from './credentials/reader.js';
import { warnOfUnreadable } from './credentials/unreadable.js';
import { startExpiringContexts } from './expire-contexts.js';
import { ensureFirstStart, type FirstStart } from './first-start.js';
import { createGreetings } from './greetings.js';
import { createHealthUseCases } from './health.js';
import { createListening } from './listening/listening.js';
import { createLiveCalls, type LiveCalls } from './live-calls.js';
import { createLiveUseCases } from './live-feed.js';
import { createNode, type NodeFacts } from './node.js';
import { createLegs, type Legs } from './outbound/legs.js';
import { createOutbound, type OutboundSettings } from './outbound/outbound.js';
import { createGuardedFetch } from './outside/guarded-fetch.js';
import { createOverview } from './overview/overview.js';
import { createPreparations } from './preparation.js';
import type { RecorderFactory } from './recorder.js';
import { recover } from './recover.js';
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

/** How long calls that are told to end may take for their last sentence. */
export const FAREWELL_MS = 5_000;

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
  /** The stores publish to it what they have stored. */
  readonly liveFeed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
  readonly places: CallPlaces;
  readonly pace: CallPace;
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
  /** Life of an unclaimed call. */
  readonly contextTtlMs: number;
  /** Of the installation; 0: no limit. */
  readonly callsMax: number;
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
   * Takes no new calls and waits for the running ones, up to `limitMs`; then lets each finish its sentence and ends what
   * is left. Calls registered before may still connect meanwhile.
   */
  drain(limitMs: number): Promise<void>;
}

export function createUseCases(dependencies: UseCaseDependencies): CallsRuntime {
  const { clock, stores } = dependencies;
  let deliverer: Deliverer | undefined;
  const wake = (): void => deliverer?.wake();
  const shared = createSharedParts(dependencies);
  const { legs, live, admission, analyses } = shared;
  const node = createNode(shared);
  const registerInbound = createRegisterInbound(shared);
  const outbound = createOutbound({ ...shared, credentials: dependencies.credentialReader, registerInbound });
  let orphans: readonly CallRecord[] = [];

  /** What was saved may want another connection to Asterisk. */
  async function changing<T>(saving: Promise<T>): Promise<T> {
    const saved = await saving;
    outbound.deploymentsChanged();
    return saved;
  }

  const assistants = createAssistantUseCases(shared);
  const targets = { lookup: systemLookup, allowPrivate: dependencies.webhooksAllowPrivate };
  const webhooks = createWebhookUseCases({
    ...shared,
    wake,
    checkTarget: (url) => checkTarget(url, targets),
  });
  const keys = createKeyUseCases(shared);
  const credentialUseCases = createCredentialUseCases({ ...shared, checks: checksOf(dependencies) });
  // The ready assistant is checked by a test; checking it here would start the recogniser on every first start.
  const unchecked = createAssistantUseCases({ ...shared, providers: { validate: async () => [] } });
  return {
    useCases: {
      registerInbound,
      media: createMediaUseCases(shared),
      testCalls: createTestCalls(shared),
      calls: createCallUseCases(shared),
      live: createLiveUseCases(shared),
      listening: createListening(shared),
      assistants: {
        ...assistants,
        saveDeployment: (...given) => changing(assistants.saveDeployment(...given)),
      },
      credentials: {
        ...credentialUseCases,
        save: (...given) => changing(credentialUseCases.save(...given)),
      },
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
      orphans = await recover(shared);
      await shared.places.dropOf(dependencies.nodeId);
      await warnOfUnreadable(shared);
      const firstStart = await ensureFirstStart({ ...shared, keyStore: stores.keys, keys, assistants: unchecked });
      startExpiringContexts(shared);
      node.start();
      return firstStart;
    },
    async start() {
      deliverer = startDeliverer({ ...shared, ...targets, random: Math.random });
      await outbound.start(orphans);
      await analyses.start();
    },
    drain: (limitMs) => drain({ clock, admission, live, legs }, limitMs),
  };
}

/** What several use-cases need, each made once. */
function createSharedParts(dependencies: UseCaseDependencies) {
  const { clock, logger, telemetry, scope, stores, providers } = dependencies;
  const newId = createIdSource(clock);
  const health = createStoreHealth(clock, logger, telemetry);
  const admission = createAdmission(dependencies.places, {
    callsMax: dependencies.callsMax,
    placedMax: dependencies.outbound.callsMax,
  });
  const live = createLiveCalls(clock, telemetry, dependencies.nodeCommands);
  const outside = createGuardedFetch({ allowedHosts: dependencies.toolHosts });
  scope.onClose(() => outside.close());
  const tokenOf = async (projectId: EntityId, id: EntityId): Promise<Secret> =>
    (await dependencies.credentialReader.read(projectId, id, 'http')).token;
  const greetings = createGreetings({ clock, logger, telemetry, scope });
  const preparations = createPreparations({
    ...{ providers, greetings, logger, ...stores },
    openTools: (wanted) => openToolbox({ clock, logger, outside, tokenOf }, wanted),
  });
  const legs = createLegs(dependencies);
  const transfers = createTransfers({ ...dependencies, ...stores, health });
  const analyses = createAnalyses({ ...dependencies, ...stores, health });
  const parts = { newId, health, admission, live, legs, transfers, preparations, analyses, outside };
  return { ...dependencies, ...stores, ...parts };
}

function checksOf({ clock, logger }: UseCaseDependencies) {
  return createCredentialChecks({
    clock,
    ari: (access) => createAriClient({ access, clock }),
    probe: (provider, credential, signal) =>
      probeProvider(provider, { clock, logger, credential } as Parameters<typeof probeProvider>[1], signal),
  });
}

async function drain(
  {
    clock,
    admission,
    live,
    legs,
  }: { readonly clock: Clock; readonly admission: Admission; readonly live: LiveCalls; readonly legs: Legs },
  limitMs: number,
): Promise<void> {
  admission.drain();
  const untilMs = clock.nowMs() + limitMs;
  const finished = (await live.idle(limitMs)) && (await legs.idle(untilMs - clock.nowMs()));
  if (finished) return;
  legs.cancelAll('server_shutdown');
  await live.closeAll('server_shutdown', FAREWELL_MS);
  await legs.idle(FAREWELL_MS);
}
