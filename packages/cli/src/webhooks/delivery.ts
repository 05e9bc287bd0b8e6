import type { DeliveryState } from '@rapida/core';
import type { ApiClient } from '../api-client.js';
import { type Looking, lookUntil } from '../look-until.js';
import { withQuery } from '../query.js';

export interface DeliveryJson {
  readonly id: string;
  readonly webhookId: string;
  readonly callId: string | null;
  readonly seq: number | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: string;
}

export const AWAIT_DELIVERY_MS_MAX = 30_000;
/** The newest of the webhook are looked through: far more than are written while one is awaited. */
const LOOK_THROUGH = 200;

/**
 * The delivery after its first attempt, or as it is after {@link AWAIT_DELIVERY_MS_MAX}. Undefined where it was not seen
 * until then, or where the signal came first.
 */
export async function awaitDelivery(
  api: Pick<ApiClient, 'get'>,
  { webhookId, id }: Pick<DeliveryJson, 'webhookId' | 'id'>,
  { clock, signal }: Looking,
): Promise<DeliveryJson | undefined> {
  const path = withQuery('/v1/webhooks/deliveries', { webhookId, limit: LOOK_THROUGH });
  const tooLong = new AbortController();
  const timer = clock.setTimer(AWAIT_DELIVERY_MS_MAX, () => tooLong.abort());
  let seen: DeliveryJson | undefined;
  try {
    const look = async () => {
      const { data } = await api.get<{ data: DeliveryJson[] }>(path);
      seen = data.find((one) => one.id === id);
      return seen?.state === 'pending' && seen.attempts === 0 ? undefined : seen;
    };
    return (await lookUntil(look, { clock, signal: AbortSignal.any([signal, tooLong.signal]) })) ?? seen;
  } finally {
    timer.cancel();
  }
}

export function deliveryLine(delivery: DeliveryJson): string {
  const { id, createdAt, state, type, webhookId, callId, seq, attempts } = delivery;
  const of = callId === null ? '' : `  call ${callId}${seq === null ? '' : `, event ${seq}`}`;
  const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const outcome = attempts === 0 ? '' : `: ${answerOf(delivery)}`;
  return `${id}  ${createdAt}  ${state.padEnd(9)}  ${type}  webhook ${webhookId}${of}  ${tried}${outcome}${nextOf(delivery)}`;
}

/** What the receiver made of the last attempt. */
export function answerOf({ lastStatus, lastError }: DeliveryJson): string {
  return [lastStatus === null ? '' : `HTTP ${lastStatus}`, lastError ?? ''].filter(Boolean).join(', ') || 'no answer';
}

export function nextOf({ state, nextAt }: DeliveryJson): string {
  return state === 'pending' && nextAt !== null ? `, next at ${nextAt}` : '';
}
