import type { Delivery, Webhooks } from '@rapida/client';
import { type Looking, lookUntil } from '../look-until.js';

export const AWAIT_DELIVERY_MS_MAX = 30_000;
/** The newest of the webhook are looked through: far more than are written while one is awaited. */
const LOOK_THROUGH = 200;

/**
 * The delivery after its first attempt, or as it is after {@link AWAIT_DELIVERY_MS_MAX}. Undefined where it was not seen
 * until then, or where the signal came first.
 */
export async function awaitDelivery(
  webhooks: Pick<Webhooks, 'deliveries'>,
  { webhookId, id }: Pick<Delivery, 'webhookId' | 'id'>,
  { clock, signal }: Looking,
): Promise<Delivery | undefined> {
  const tooLong = new AbortController();
  const timer = clock.setTimer(AWAIT_DELIVERY_MS_MAX, () => tooLong.abort());
  let seen: Delivery | undefined;
  try {
    const look = async () => {
      const { data } = await webhooks.deliveries({ webhookId, limit: LOOK_THROUGH });
      seen = data.find((one) => one.id === id);
      return seen?.state === 'pending' && seen.attempts === 0 ? undefined : seen;
    };
    return (await lookUntil(look, { clock, signal: AbortSignal.any([signal, tooLong.signal]) })) ?? seen;
  } finally {
    timer.cancel();
  }
}

export function deliveryLine(delivery: Delivery): string {
  const { id, createdAt, state, type, webhookId, callId, seq, attempts } = delivery;
  const of = callId === null ? '' : `  call ${callId}${seq === null ? '' : `, event ${seq}`}`;
  const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const outcome = attempts === 0 ? '' : `: ${answerOf(delivery)}`;
  return `${id}  ${createdAt}  ${state.padEnd(9)}  ${type}  webhook ${webhookId}${of}  ${tried}${outcome}${nextOf(delivery)}`;
}

/** What the receiver made of the last attempt. */
export function answerOf({ lastStatus, lastError }: Delivery): string {
  return [lastStatus === null ? '' : `HTTP ${lastStatus}`, lastError ?? ''].filter(Boolean).join(', ') || 'no answer';
}

export function nextOf({ state, nextAt }: Delivery): string {
  return state === 'pending' && nextAt !== null ? `, next at ${nextAt}` : '';
}
