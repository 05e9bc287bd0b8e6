import type {
  AssistantStore,
  CallContextStore,
  CallPace,
  CallRecord,
  CallStore,
  Clock,
  EntityId,
  Logger,
  ProviderSource,
  Scope,
  Telemetry,
  Timer,
} from '@rapida/core';
import type { Admission } from '../admission.js';
import type { CredentialReader } from '../credentials/reader.js';
import type { Preparations } from '../preparation.js';
import type { StoreHealth } from '../store-health.js';
import type { Transfers } from '../transfers.js';
import type { OutboundUseCases, RegisterInbound } from '../use-cases.js';
import { takeArrival } from './arrivals.js';
import { type AsteriskLinks, createAsteriskLinks } from './asterisk-links.js';
import { type Dispatcher, startDispatcher } from './dispatcher.js';
import { removeLeftovers } from './leftovers.js';
import type { Legs } from './legs.js';
import type { AudioSocketAddress } from './media-plan.js';
import { createPlaceCalls } from './place-calls.js';

/** How long the answer to a request with an Idempotency-Key is remembered, at least. */
export const ANSWERS_KEPT_MS = 7 * 86_400_000;
/** How long hanging up what is left may take when the server stops. */
const LEAVE_MS_MAX = 2_000;
const FORGET_EVERY_MS = 3_600_000;

export interface OutboundSettings {
  /** Calls a project may have under way that it placed itself. */
  readonly callsMax: number;
  /** Calls of a project that may wait. */
  readonly queueMax: number;
  /** Where an Asterisk reaches our AudioSocket. */
  readonly audiosocketAddress: AudioSocketAddress;
}

export interface OutboundDependencies {
  readonly admission: Admission;
  readonly assistants: AssistantStore;
  readonly calls: CallStore;
  readonly pace: CallPace;
  readonly contexts: CallContextStore;
  readonly credentials: CredentialReader;
  readonly preparations: Preparations;
  readonly providers: Pick<ProviderSource, 'validate'>;
  readonly health: StoreHealth;
  readonly legs: Legs;
  readonly transfers: Pick<Transfers, 'watch'>;
  readonly registerInbound: RegisterInbound;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly scope: Scope;
  readonly newId: () => EntityId;
  readonly nodeId: string;
  readonly contextTtlMs: number;
  readonly outbound: OutboundSettings;
}

export interface Outbound {
  readonly useCases: OutboundUseCases;
  /** Begins to dial and to take calls from Stasis; `orphans` are calls that a former life of this process left open. */
  start(orphans: readonly CallRecord[]): Promise<void>;
  /** A deployment or a credential has changed. */
  deploymentsChanged(): void;
}

/** Everything that has to do with calls we place, and with channels we steer. Ended with its scope. */
export function createOutbound(dependencies: OutboundDependencies): Outbound {
  const { scope, logger, outbound, registerInbound } = dependencies;
  const { audiosocketAddress } = outbound;
  let dispatcher: Dispatcher | undefined;
  const links: AsteriskLinks = createAsteriskLinks({
    ...dependencies,
    handlers: {
      onArrival: (link, users, event) =>
        scope.run(() => takeArrival({ ...dependencies, registerInbound, audiosocketAddress }, link, users, event)),
      onUp: (link, { projectId }) => {
        dispatcher?.wake();
        scope.run((signal) => removeLeftovers(dependencies, link, projectId, signal));
      },
    },
  });

  async function openLinks(orphans: readonly CallRecord[]): Promise<void> {
    for (const { projectId, outbound: order } of orphans) {
      if (!order?.dialed) continue;
      const { credentialId, app } = order.dialed;
      // What is left of it is removed as soon as its Asterisk is there.
      await links.get({ projectId, credentialId, app }).catch((error: unknown) => {
        logger.warn({ err: error, credentialId }, 'the Asterisk of a call that was left open cannot be connected');
      });
    }
    await links.openDeployed();
  }

  return {
    useCases: createPlaceCalls({
      ...dependencies,
      queueMax: outbound.queueMax,
      onQueued: () => dispatcher?.wake(),
    }),
    async start(orphans) {
      scope.onClose(() => links.close());
      // Before their connections go: nobody is to be left on a line that we hold.
      scope.onClose(async () => {
        dependencies.legs.cancelAll('server_shutdown');
        await dependencies.legs.idle(LEAVE_MS_MAX);
      });
      await openLinks(orphans);
      forgetAnswers(dependencies);
      dispatcher = startDispatcher({ ...dependencies, links, audiosocketAddress });
    },
    deploymentsChanged() {
      if (dispatcher === undefined) return;
      links.openDeployed().catch((error: unknown) => {
        logger.error({ err: error }, 'the phone deployments could not be read');
      });
    },
  };
}

function forgetAnswers({ calls, clock, scope, health }: OutboundDependencies): void {
  let timer: Timer | undefined;
  const forget = async (): Promise<void> => {
    // A failure was logged and counted; the next time will do.
    await health.watch('forget_answers', calls.forgetAnswers(clock.wallMs() - ANSWERS_KEPT_MS)).catch(() => 0);
    if (!scope.closed) timer = clock.setTimer(FORGET_EVERY_MS, () => void forget());
  };
  scope.onClose(() => timer?.cancel());
  void forget();
}
