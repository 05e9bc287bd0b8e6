import type { ConversationOptions, HandOver } from '@rapida/conversation';
import type { CallContext, CallStore, Clock, Logger, TransferFailure } from '@rapida/core';
import { within } from './bounded-wait.js';
import { transferDirective } from './directive.js';
import type { Journal } from './journal.js';
import type { Steering } from './outbound/steering.js';
import type { TransferWatch } from './outbound/transfer-watch.js';
import type { Transfers } from './transfers.js';

/** How long Asterisk may take, all its answers together; with the store's time it is less than a conversation waits. */
export const ASTERISK_MS_MAX = 4_000;
/** How long the leg is held open until the record knows what the dialplan will ask for. */
export const DIRECTIVE_STORE_MS = 1_000;

export interface HandOverDependencies {
  readonly calls: Pick<CallStore, 'getByContext'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly steering: Pick<Steering, 'handOver'>;
  readonly transfers: Pick<Transfers, 'offered' | 'transferred'>;
}

export interface HandOverCall {
  readonly context: CallContext;
  readonly journal: Journal;
  /** Targets that its deployment allows. */
  readonly allowed: readonly string[];
}

/**
 * Hands the caller of one call over. In Stasis Asterisk takes it; elsewhere the order is written down before media
 * ends, because the dialplan asks as soon as its media is gone. Where that cannot be done the reason is an event.
 */
export function createHandOver(
  dependencies: HandOverDependencies,
  call: HandOverCall,
): ConversationOptions['handOver'] {
  const { logger } = dependencies;
  const { journal } = call;
  return async (target, signal) => {
    const result = await attempt(dependencies, call, target, signal);
    if (result.ok) return result;
    const { reason } = result;
    logger.warn({ target, reason }, 'a caller was not handed over');
    journal.event('call.transfer_failed', { target, reason });
    return result;
  };
}

async function attempt(
  dependencies: HandOverDependencies,
  call: HandOverCall,
  target: string,
  signal: AbortSignal,
): Promise<HandOver> {
  const { clock, steering, transfers } = dependencies;
  const { context, journal, allowed } = call;
  const directive = transferDirective(target, allowed);
  if (directive === undefined) return failed('transfer_not_allowed');
  const tooLong = new AbortController();
  const asked = steering.handOver(context.callId, target, AbortSignal.any([signal, tooLong.signal]));
  const answer = await within(clock, asked, ASTERISK_MS_MAX, signal);
  if (!answer.inTime) {
    tooLong.abort();
    return failed(signal.aborted ? reasonOf(signal) : 'asterisk_unreachable');
  }
  const steered = answer.value;
  if (steered?.ok === false) return steered;
  if (steered?.by === 'continue') {
    journal.patch({ directive });
    await within(clock, transfers.transferred(context.callId, target, 'continue'), DIRECTIVE_STORE_MS);
    steered.watch.confirm();
    return { ok: true };
  }
  return offer(dependencies, call, { target, directive, watch: steered?.watch, signal });
}

interface Order {
  readonly target: string;
  readonly directive: string;
  readonly watch: TransferWatch | undefined;
  readonly signal: AbortSignal;
}

/** Leaves it to the dialplan, which finds the order in the record. */
async function offer(
  { calls, clock, transfers }: HandOverDependencies,
  { context, journal }: HandOverCall,
  { target, directive, watch, signal }: Order,
): Promise<HandOver> {
  const { callId, contextId } = context;
  journal.patch({ directive });
  const stored = async (): Promise<boolean> => {
    await journal.drain(DIRECTIVE_STORE_MS);
    // What could not be written was given up as well: only what can be read is there.
    return (await calls.getByContext(contextId))?.directive === directive;
  };
  const written = await within(
    clock,
    stored().catch(() => false),
    DIRECTIVE_STORE_MS,
    signal,
  );
  if (written.inTime && written.value && !signal.aborted) {
    transfers.offered(callId, target, watch);
    return { ok: true };
  }
  watch?.drop();
  // It may be written yet, and must not be followed then.
  journal.patch({ directive: null });
  return failed(signal.aborted ? reasonOf(signal) : 'not_recorded');
}

function failed(reason: TransferFailure): HandOver {
  return { ok: false, reason };
}

function reasonOf({ reason }: AbortSignal): TransferFailure {
  return reason === 'caller_hangup' ? 'caller_hangup' : 'call_ended';
}
