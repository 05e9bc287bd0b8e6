import type { Conversation, ConversationOptions } from '@rapida/conversation';
import {
  type ApiKeyStore,
  type AssistantStore,
  type CallContextStore,
  type CallStore,
  type Clock,
  createIdSource,
  type Logger,
  type ProjectStore,
  type ProviderSource,
  type Scope,
  type Telemetry,
} from '@rapida/core';
import { createAdmission } from './admission.js';
import { createKeyUseCases } from './api-keys.js';
import { createAssistantUseCases } from './assistants.js';
import { createMediaUseCases } from './attach-media.js';
import type { PlayoutFactory } from './call-leg.js';
import { createCallUseCases } from './calls.js';
import { startExpiringContexts } from './expire-contexts.js';
import { ensureFirstStart, type FirstStart } from './first-start.js';
import { createGreetings } from './greetings.js';
import { createHealthUseCases } from './health.js';
import { createLiveCalls } from './live-calls.js';
import { createPreparations } from './preparation.js';
import type { RecorderFactory } from './recorder.js';
import { recover } from './recover.js';
import { createRegisterInbound } from './register-inbound.js';
import { createStoreHealth } from './store-health.js';
import type { UseCases } from './use-cases.js';

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
    readonly keys: ApiKeyStore;
    readonly projects: ProjectStore;
  };
  readonly providers: ProviderSource;
  readonly createConversation: (options: ConversationOptions) => Conversation;
  readonly createPlayout: PlayoutFactory;
  readonly createRecorder: RecorderFactory;
  readonly recordingsDir: string;
  /** Tells the calls of this process from those of others; the same again after a restart. */
  readonly nodeId: string;
  /** Life of an unclaimed call. */
  readonly contextTtlMs: number;
  /** 0: no limit. */
  readonly callsMax: number;
}

export interface CallsRuntime {
  readonly useCases: UseCases;
  /** Before the first call: ends what a former run left open, makes what an empty store lacks, starts the sweeping. */
  start(): Promise<FirstStart>;
  /**
   * Takes no new calls and waits for the running ones, up to `limitMs`; then lets each finish its sentence and ends what
   * is left. Calls registered before may still connect meanwhile.
   */
  drain(limitMs: number): Promise<void>;
}

export function createUseCases(dependencies: UseCaseDependencies): CallsRuntime {
  const { clock, logger, telemetry, scope, stores, providers } = dependencies;
  const newId = createIdSource(clock);
  const health = createStoreHealth(clock, logger, telemetry);
  const admission = createAdmission(clock, dependencies.callsMax);
  const live = createLiveCalls(clock, telemetry);
  const greetings = createGreetings({ clock, logger, telemetry, scope });
  const preparations = createPreparations({ providers, greetings, logger, ...stores });
  const shared = { ...dependencies, ...stores, newId, health, admission, live, preparations };

  const assistants = createAssistantUseCases(shared);
  const keys = createKeyUseCases(shared);
  // The ready assistant is checked by a test; checking it here would start the recogniser on every first start.
  const unchecked = createAssistantUseCases({ ...shared, providers: { validate: async () => [] } });
  return {
    useCases: {
      registerInbound: createRegisterInbound(shared),
      media: createMediaUseCases(shared),
      calls: createCallUseCases(shared),
      assistants,
      keys,
      health: createHealthUseCases(shared),
    },
    async start() {
      await recover(shared);
      const firstStart = await ensureFirstStart({ ...shared, keyStore: stores.keys, keys, assistants: unchecked });
      startExpiringContexts(shared);
      return firstStart;
    },
    async drain(limitMs) {
      admission.drain();
      if (!(await live.idle(limitMs))) await live.closeAll('server_shutdown', FAREWELL_MS);
    },
  };
}
