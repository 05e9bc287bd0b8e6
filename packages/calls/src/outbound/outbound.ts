import type {
  AssistantStore,
  CallContextStore,
  CallPace,
  CallRecord,
  CallStore,
  Clock,
  EntityId,
  Leases,
  Logger,
  ProviderSource,
  Scope,
  Telemetry,
  Timer,
} from '@rapida/core';
import type { Admission } from '../admission.js';
import type { CallSpool } from '../call-spool.js';
import type { CredentialReader } from '../credentials/reader.js';
import type { LiveCalls } from '../live-calls.js';
import type { Preparations } from '../preparation.js';
import type { StoreHealth } from '../store-health.js';
import type { Transfers } from '../transfers.js';
import type { OutboundUseCases, RegisterInbound } from '../use-cases.js';
import { type ArrivalDoors, createArrivalDoors } from './arrival-doors.js';
import { takeArrival } from './arrivals.js';
import type { AsteriskLink } from './asterisk-link.js';
import { type AsteriskLinks, createAsteriskLinks } from './asterisk-links.js';
import { type Dispatcher, startDispatcher } from './dispatcher.js';
import { removeLeftovers } from './leftovers.js';
import type { Legs } from './legs.js';
import type { AudioSocketAddress } from './media-plan.js';
import { type NodeSuffix, ownApp } from './own-app.js';
import { createPlaceCalls } from './place-calls.js';
import type { Steering } from './steering.js';

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
  readonly leases: Leases;
  readonly live: Pick<LiveCalls, 'has'>;
  readonly contexts: CallContextStore;
  readonly credentials: CredentialReader;
  readonly preparations: Preparations;
  readonly providers: Pick<ProviderSource, 'validate'>;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly legs: Legs;
  readonly transfers: Pick<Transfers, 'watch'>;
  readonly steering: Pick<Steering, 'sessionElsewhere'>;
  readonly registerInbound: RegisterInbound;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly scope: Scope;
  readonly newId: () => EntityId;
  readonly nodeId: string;
  /** Undefined where there is one node. */
  readonly nodeSuffix: NodeSuffix;
  readonly contextTtlMs: number;
  readonly outbound: OutboundSettings;
}

export interface Outbound {
  readonly useCases: OutboundUseCases;
  /** Begins to dial and to take calls from Stasis; `orphans` are calls that a former life of this process left open. */
  start(orphans: readonly CallRecord[]): Promise<void>;
  /** A deployment or a credential has changed. */
  deploymentsChanged(): void;
  /** Calls that come to Stasis are another node's from now on: this one stops. Never fails. */
  handOver(): Promise<void>;
  /** These calls have ended, and nobody has their channels any more: what is left in their Asterisks is removed. Never fails. */
  removeLeftoversOf(calls: readonly CallRecord[]): Promise<void>;
}

/** Everything that has to do with calls we place, and with channels we steer. Ended with its scope. */
export function createOutbound(dependencies: OutboundDependencies): Outbound {
  const { scope, logger, outbound, registerInbound, nodeSuffix } = dependencies;
  const { audiosocketAddress } = outbound;
  let dispatcher: Dispatcher | undefined;
  const links: AsteriskLinks = createAsteriskLinks({
    ...dependencies,
    handlers: {
      onArrival: (link, users, event) =>
        scope.run(() => takeArrival({ ...dependencies, registerInbound, audiosocketAddress }, link, users, event)),
      onUp: (link, { projectId }) => {
        dispatcher?.wake();
        sweep(link, projectId);
      },
    },
  });
  const sweeping = new Map<AsteriskLink, 'once' | 'again'>();

  /** One at a time for each connection. */
  function sweep(link: AsteriskLink, projectId: EntityId): void {
    const isBusy = sweeping.has(link);
    sweeping.set(link, isBusy ? 'again' : 'once');
    if (isBusy) return;
    scope.run(async (signal) => {
      await removeLeftovers(dependencies, link, projectId, signal);
      const again = sweeping.get(link) === 'again' && !signal.aborted;
      sweeping.delete(link);
      if (again) sweep(link, projectId);
    });
  }

  const doors: ArrivalDoors = createArrivalDoors({ ...dependencies, links });

  /** What is left of these calls is removed as soon as their Asterisk is there. */
  async function openLinksOf(orphans: readonly CallRecord[]): Promise<void> {
    for (const { projectId, outbound: order } of orphans) {
      if (!order?.dialed) continue;
      const { credentialId, app } = order.dialed;
      await links.get({ projectId, credentialId, app }).catch((error: unknown) => {
        logger.warn({ err: error, credentialId }, 'the Asterisk of a call that was left open cannot be connected');
      });
    }
  }

  /** Of a call of another node, as this one sees its Asterisk; undefined where it has none. */
  async function linkOf({ projectId, assistantId, outbound: order }: CallRecord): Promise<AsteriskLink | undefined> {
    const assistant = await dependencies.assistants.get(projectId, assistantId);
    const credentialId = order?.dialed?.credentialId ?? assistant?.deployment.credentialId ?? null;
    if (assistant === undefined || credentialId === null) return undefined;
    return links.get({ projectId, credentialId, app: ownApp(assistant.deployment.options.app, nodeSuffix) });
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
      await openLinksOf(orphans);
      await doors.open();
      forgetAnswers(dependencies);
      dispatcher = startDispatcher({ ...dependencies, links, audiosocketAddress });
    },
    deploymentsChanged() {
      if (dispatcher === undefined) return;
      void doors.look();
    },
    handOver: () => doors.handOver(),
    async removeLeftoversOf(calls) {
      if (dispatcher === undefined) return;
      const found = new Map<AsteriskLink, EntityId>();
      for (const call of calls) {
        const link = await linkOf(call).catch((error: unknown) => {
          logger.warn({ err: error, callId: call.id }, 'the Asterisk of a call that was left open cannot be connected');
        });
        if (link !== undefined) found.set(link, call.projectId);
      }
      // One that comes up only now is looked at then.
      for (const [link, projectId] of found) if (link.state === 'up') sweep(link, projectId);
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
