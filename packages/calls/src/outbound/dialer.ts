import type { AriResult } from '@rapida/ari';
import {
  type AssistantRecord,
  type CallContextStore,
  type CallRecord,
  type CallStore,
  type Clock,
  type Logger,
  type OutboundOrder,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import type { CallSpool } from '../call-spool.js';
import { createJournal, type Journal } from '../journal.js';
import type { CallOutcome } from '../outcome.js';
import type { Preparations } from '../preparation.js';
import { JOURNAL_DRAIN_MS, recordUnconnected } from '../record-ending.js';
import type { StoreHealth } from '../store-health.js';
import type { Transfers } from '../transfers.js';
import type { AsteriskLink } from './asterisk-link.js';
import { type GiveUpDependencies, giveUpContext } from './give-up.js';
import { Leg, type Originated } from './leg.js';
import { outboundLeg } from './leg-step.js';
import type { HeldLeg } from './legs.js';
import { type AudioSocketAddress, keysComeByAri, type LegNames, mediaChannel } from './media-plan.js';
import type { Steering } from './steering.js';
import type { DialTarget } from './target.js';

/** A context lives at least as long as the other side may ring, and this much longer. */
export const CONTEXT_EXTRA_MS = 60_000;

export interface DialerDependencies extends GiveUpDependencies {
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly transfers: Pick<Transfers, 'watch'>;
  readonly steering: Pick<Steering, 'sessionElsewhere'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly contextTtlMs: number;
  readonly audiosocketAddress: AudioSocketAddress;
}

/** One attempt at a call, on record as `dialing`. */
export interface Attempt {
  readonly call: CallRecord;
  readonly order: OutboundOrder;
  readonly assistant: AssistantRecord;
  readonly target: DialTarget;
  readonly link: AsteriskLink;
  readonly names: LegNames;
  /** Asterisk is asked now: the next call keeps its distance from this moment. */
  readonly onAsk: () => void;
}

/** Carries one attempt out, to its end or until a session holds the call. Resolves when it is over; never rejects. */
export async function dial(dependencies: DialerDependencies, attempt: Attempt, held: HeldLeg): Promise<void> {
  const { contexts, preparations, health, clock, transfers, contextTtlMs } = dependencies;
  const { call, assistant, target } = attempt;
  const { contextId, id: callId, projectId } = call;
  const logger = dependencies.logger.child({ callId });
  // Who takes the call up again has another leg of it: what comes late of this one does not end that.
  const journal = createJournal(callId, { ...dependencies, logger }, 0);
  try {
    const { link } = attempt;
    preparations.start(call, assistant);
    const ttlMs = Math.max(contextTtlMs, ringMsOf(attempt) + CONTEXT_EXTRA_MS);
    const context = { contextId, callId, projectId, assistantId: assistant.id };
    await health.watch('context_put', contexts.put(context, ttlMs));
    const leg = new Leg(outboundLeg(target.after.mode, { ringMs: ringMsOf(attempt) }), {
      ...{ names: attempt.names, link, journal, clock, logger, telemetry: dependencies.telemetry },
      originate: (mayAsk) => originate(dependencies, attempt, link, mayAsk),
      keysComeByAri: () => keysComeByAri(link, assistant),
      makeMedia: () => {
        const whose = { contextId, channelId: attempt.names.media, app: target.app };
        return link.client.externalMedia(mediaChannel(assistant.deployment, whose, dependencies.audiosocketAddress));
      },
      watchTransfer: (target) => transfers.watch({ callId, target, link, channelId: attempt.names.phone }),
      sessionElsewhere: () => dependencies.steering.sessionElsewhere(call),
      end: (outcome) => end(dependencies, attempt, journal, outcome),
    });
    const disown = link.own(leg);
    held.steeredBy(leg);
    leg.start();
    await leg.ended;
    disown();
  } catch (error) {
    const { code } = RapidaError.from(error);
    logger.error({ err: error, code }, 'a call could not be dialled');
    await end(dependencies, attempt, journal, { ending: 'fail', disconnectedBy: 'system', reason: code, code });
  } finally {
    await journal.drain(1_000);
    journal.close();
    held.over();
  }
}

export function ringMsOf({ order, assistant }: Pick<Attempt, 'order' | 'assistant'>): number {
  return order.ringMs ?? assistant.deployment.limits.ringMs;
}

async function originate(
  { telemetry }: DialerDependencies,
  attempt: Attempt,
  link: AsteriskLink,
  mayAsk: () => boolean,
): Promise<Originated> {
  const { call, target, names } = attempt;
  const ready = await link.ready();
  if (!ready.ok) return { result: ready, trunkUnknown: false };
  attempt.onAsk();
  const seen = await watch(attempt, link);
  if (seen !== 'watched' && seen !== 'unwatched') return seen;
  if (!mayAsk()) return { result: NOT_WANTED, trunkUnknown: false };
  telemetry.count('rapida_outbound_dialed_total', { mode: target.after.mode });
  const result = await link.client.originate({
    endpoint: target.endpoint,
    channelId: names.phone,
    timeoutSeconds: Math.ceil(ringMsOf(attempt) / 1_000),
    ...(target.callerId !== undefined && { callerId: target.callerId }),
    // The second for channels that the dialplan makes itself, such as Dial(WebSocket/...).
    variables: { RAPIDA_CONTEXT_ID: call.contextId, __RAPIDA_CONTEXT_ID: call.contextId },
    ...(target.after.mode === 'stasis'
      ? { app: target.app }
      : { context: target.after.context, extension: target.after.extension, priority: 1 }),
  });
  if (result.ok && seen === 'unwatched') {
    await link.client.subscribe(target.app, `channel:${names.phone}`);
    return { result, trunkUnknown: false, unwatched: true };
  }
  return { result, trunkUnknown: !result.ok && (await isTrunkUnknown(target, link)) };
}

/**
 * A call through the dialplan is in no application: its events have to be asked for, and before, because a busy line is
 * over at once. In Stasis they come by themselves.
 */
async function watch({ call, target }: Attempt, link: AsteriskLink): Promise<'watched' | 'unwatched' | Originated> {
  if (target.after.mode === 'stasis') return 'watched';
  const watched = await link.watch(target.technology, target.trunk ?? call.to ?? '');
  if (!watched.ok) return { result: watched, trunkUnknown: false };
  if (watched.value) return 'watched';
  // Only chan_pjsip has an endpoint for all that it dials.
  if (target.technology !== 'PJSIP') return 'unwatched';
  return { result: UNKNOWN_ENDPOINT, trunkUnknown: target.trunk !== undefined };
}

async function isTrunkUnknown({ technology, trunk }: DialTarget, link: AsteriskLink): Promise<boolean> {
  if (trunk === undefined || technology !== 'PJSIP') return false;
  const known = await link.client.endpointExists(technology, trunk);
  return known.ok && !known.value;
}

const UNKNOWN_ENDPOINT: AriResult<never> = {
  ok: false,
  failure: { kind: 'allocation_failed', message: 'Asterisk knows no such endpoint', sent: false },
};

/** Nothing was sent, and whoever gave it up has recorded that. */
const NOT_WANTED: AriResult<never> = {
  ok: false,
  failure: { kind: 'invalid', message: 'given up before it was dialled', sent: false },
};

/** Records the end of an attempt: as the end of the call, or to be dialled again where the order says so. */
async function end(
  dependencies: DialerDependencies,
  attempt: Attempt,
  journal: Journal,
  outcome: CallOutcome,
): Promise<void> {
  dependencies.logger.info(
    { ...outcome, callId: attempt.call.id, attempt: attempt.order.attempt },
    'an attempt at a call has ended',
  );
  await giveUpContext(dependencies, attempt.call.contextId);
  if (await requeued(dependencies, attempt, journal, outcome)) return;
  await recordUnconnected(journal, dependencies, outcome);
}

async function requeued(
  { calls, health, clock }: DialerDependencies,
  { call, order }: Attempt,
  journal: Journal,
  { ending, reason }: CallOutcome,
): Promise<boolean> {
  if (ending !== 'busy' && ending !== 'no_answer') return false;
  if (!order.retryOn.includes(ending) || order.attempt >= order.attemptsMax) return false;
  // Its states so far come first: one that came late would take it out of the queue for good.
  if (!(await journal.drain(JOURNAL_DRAIN_MS))) return false;
  const outbound = { ...order, notBeforeMs: clock.wallMs() + order.retryAfterMs, dialed: null };
  const data = { attempt: order.attempt, reason, notBefore: toTime(outbound.notBeforeMs) };
  const event = { type: 'call.retrying', atMs: clock.wallMs(), data };
  const moving = calls.transition(call.id, ['dialing', 'ringing'], 'queued', { outbound }, event);
  return health.watch('requeue', moving).catch(() => false);
}

function toTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
