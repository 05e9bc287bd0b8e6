import {
  CALL_EVENTS,
  type CallRecord,
  type CallState,
  type CallStore,
  type Clock,
  type ContextId,
  isContextId,
  type JsonObject,
  LIVE_EVENTS,
  type Logger,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import { within } from './bounded-wait.js';
import { targetOf } from './directive.js';
import { createJournal, type JournalDependencies } from './journal.js';
import type { LifecycleInput } from './lifecycle.js';
import { type GiveUpDependencies, giveUpContext } from './outbound/give-up.js';
import { endOfDial } from './outbound/leg-outcome.js';
import type { Steering } from './outbound/steering.js';
import type { CallOutcome } from './outcome.js';
import { recordUnconnected } from './record-ending.js';
import type { Transfers } from './transfers.js';

/** Reports of one call that are written down; more are answered and counted. */
export const REPORTS_MAX = 200;
/** Calls whose reports are counted at once. */
const COUNTED_CALLS_MAX = 10_000;
/** How long a report waits for what it has to write. */
const WRITE_MS_MAX = 2_000;

/** How the generated dialplan tells what became of a transfer: `dialstatus` is the target's DIALSTATUS when all is over. */
const TRANSFER_RESULT = 'transfer_result';

/** What a report says of a call. Everything else is an event and nothing more. */
type Said =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'progress'; readonly input: Extract<LifecycleInput, 'ring' | 'answer'>; readonly event: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'gone'; readonly cause: number; readonly techCause: number | undefined };

const NOTHING: Said = { kind: 'nothing' };
const RINGS: Said = { kind: 'progress', input: 'ring', event: 'call.ringing' };
const ANSWERED: Said = { kind: 'progress', input: 'answer', event: 'call.answered' };

/** By the names and fields of ARI's events; the state of a channel may also stand beside the type. Pure and total. */
export function readReport(type: string, fields: JsonObject): Said {
  switch (type) {
    case 'ChannelStateChange': {
      const state = textAt(fields, 'channel', 'state') ?? textAt(fields, 'channel_state') ?? textAt(fields, 'state');
      return state === 'Ringing' ? RINGS : state === 'Up' ? ANSWERED : NOTHING;
    }
    case 'Dial': {
      // NOANSWER is said of refusals as well: what it was, the end of the channel tells.
      const status = textAt(fields, 'dialstatus');
      if (status === 'RINGING' || status === 'PROGRESS') return RINGS;
      if (status === 'ANSWER') return ANSWERED;
      return status === 'BUSY' ? { kind: 'busy' } : NOTHING;
    }
    case 'StasisStart':
      return ANSWERED;
    case 'ChannelDestroyed':
      return { kind: 'gone', cause: numberAt(fields, 'cause') ?? 0, techCause: numberAt(fields, 'tech_cause') };
    default:
      return NOTHING;
  }
}

export interface ReportDependencies extends JournalDependencies, GiveUpDependencies {
  readonly calls: CallStore;
  readonly steering: Pick<Steering, 'has'>;
  readonly transfers: Pick<Transfers, 'result'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/**
 * Takes what a dialplan or a PBX tells of a call beside its media, in any order, twice, or late. It moves a call without
 * media, and never one whose media is connected or that has ended; nor one that a node steers through ARI itself,
 * and knows better. Fails with context_unknown.
 */
export function createReport(
  dependencies: ReportDependencies,
): (contextId: ContextId, type: string, fields: JsonObject) => Promise<void> {
  const { calls, health, steering } = dependencies;
  const counted = new Map<ContextId, number>();

  /** Which one of its call it is. */
  function count(contextId: ContextId): number {
    const reports = (counted.get(contextId) ?? 0) + 1;
    counted.delete(contextId);
    counted.set(contextId, reports);
    for (const oldest of counted.keys()) {
      if (counted.size <= COUNTED_CALLS_MAX) break;
      counted.delete(oldest);
    }
    return reports;
  }

  /** Here, or, where it was dialled, maybe at another node. */
  const isSteered = ({ id, outbound }: CallRecord): boolean => steering.has(id) || outbound?.dialed != null;

  return async (given, type, fields) => {
    const contextId = given.toLowerCase();
    const call = isContextId(contextId)
      ? await health.watch('call_by_context', calls.getByContext(contextId))
      : undefined;
    if (call === undefined) throw new RapidaError('context_unknown');
    if (count(contextId) > REPORTS_MAX) return;
    await write(dependencies, call, type, fields, isSteered(call) ? NOTHING : readReport(type, fields));
  };
}

async function write(
  dependencies: ReportDependencies,
  call: CallRecord,
  type: string,
  fields: JsonObject,
  said: Said,
): Promise<void> {
  const logger = dependencies.logger.child({ callId: call.id });
  const journal = createJournal(call.id, { ...dependencies, logger });
  journal.event(nameOf(type), { ...fields, reported: true });
  if (said.kind === 'progress') void journal.transition(said.input, {}, { type: said.event, data: { reported: true } });
  await journal.drain(WRITE_MS_MAX);
  const target = targetOf(call.directive);
  if (type === TRANSFER_RESULT && target !== undefined) {
    const telling = dependencies.transfers.result(call.id, target, textAt(fields, 'dialstatus') ?? '');
    await within(dependencies.clock, telling, WRITE_MS_MAX);
  }
  const outcome = outcomeOf(call.state, said);
  if (outcome !== undefined) {
    await giveUpContext(dependencies, call.contextId);
    await recordUnconnected(journal, dependencies, outcome);
  }
  journal.close();
}

/** ARI has a name of its own for what is also told as `channel_created`. What we say ourselves nobody else can say. */
function nameOf(type: string): string {
  if (type === 'ChannelCreated') return 'channel_created';
  return OUR_NAMES.has(type) ? `reported.${type}` : type;
}

const OUR_NAMES: ReadonlySet<string> = new Set(
  [...CALL_EVENTS, ...Object.keys(LIVE_EVENTS)].filter((name) => name !== 'channel_created'),
);

/** How a call without media ends by what was said; undefined where it does not. */
function outcomeOf(state: CallState, said: Said): CallOutcome | undefined {
  if (!WITHOUT_MEDIA.includes(state)) return undefined;
  if (said.kind === 'busy') return { ending: 'busy', disconnectedBy: 'user', reason: 'busy' };
  if (said.kind !== 'gone') return undefined;
  if (state === 'answered' || state === 'registered') {
    return { ending: 'fail', disconnectedBy: 'user', reason: 'hung_up_before_media' };
  }
  return endOfDial(said, state === 'ringing');
}

/** Not those that wait in the queue: what is told late of a former attempt must not end the next one. */
const WITHOUT_MEDIA: readonly CallState[] = ['dialing', 'ringing', 'answered', 'registered'];

function textAt(fields: JsonObject, ...path: readonly string[]): string | undefined {
  let value: unknown = fields;
  for (const name of path)
    value = typeof value === 'object' && value !== null ? (value as JsonObject)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Numbers come as text from a query. */
function numberAt(fields: JsonObject, name: string): number | undefined {
  const value = fields[name];
  const number = typeof value === 'string' && /^[0-9]{1,4}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? number : undefined;
}
