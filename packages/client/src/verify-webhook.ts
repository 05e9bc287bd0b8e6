import { type Clock, systemClock } from './clock.js';
import type { Call, CallEventType } from './schemas.js';

/** How far the time of a delivery may be from now, in both directions. Standard Webhooks has the same. */
export const TOLERANCE_SECONDS = 300;

const SECRET_PREFIX = 'whsec_';
const SIGNATURES_MAX = 20;

/**
 * - `signature_missing`: one of the three headers is not there.
 * - `signature_invalid`: no signature fits the body: another secret, or the body is not, byte for byte, what was sent.
 * - `timestamp_invalid`: too old, too far ahead, or no number: somebody repeats it, or one of the clocks is wrong.
 * - `event_invalid`: the signature fits, but the body is no event.
 */
export type WebhookErrorCode = 'signature_missing' | 'signature_invalid' | 'timestamp_invalid' | 'event_invalid';

/** A delivery that must not be believed. It holds neither the secret nor the body. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  /** For programs; stable. */
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, text: string) {
    super(`${text} (${code})`);
    this.code = code;
  }
}

/** The call as it was when the event was written. */
export type WebhookCall = Pick<
  Call,
  | 'id'
  | 'assistantId'
  | 'contextId'
  | 'direction'
  | 'state'
  | 'from'
  | 'to'
  | 'metadata'
  | 'createdAt'
  | 'connectedAt'
  | 'endedAt'
  | 'disconnectedBy'
  | 'reason'
>;

/** An event of a call. */
export interface WebhookCallEvent {
  /** Of the delivery: the same in every attempt, so that what was seen can be told. Deliveries come at least once. */
  readonly id: string;
  /** A dialplan may report events of any name, and a newer server knows more. */
  readonly type: CallEventType | (string & {});
  readonly callId: string;
  /** Counts the events of the call from 1; they arrive in order. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly call: WebhookCall;
}

/** What `webhooks.test` sends; its `call` is null. */
export interface WebhookTestEvent {
  readonly id: string;
  readonly type: 'test';
  readonly callId: null;
  readonly seq: null;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly call: null;
}

export type WebhookEvent = WebhookCallEvent | WebhookTestEvent;

/** Of a request: `Headers`, or Node's `request.headers`. Names are in lower case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** Default {@link TOLERANCE_SECONDS}. */
  readonly toleranceSeconds?: number;
  /** For tests. */
  readonly clock?: Clock;
}

/**
 * The event of a delivery, once it is certain that the holder of the secret sent it and did so just now (Standard Webhooks,
 * HMAC-SHA256). `body` is exactly what arrived, not parsed and written anew. Several secrets: any of them may fit, as while one
 * is being replaced. Rejects with a {@link WebhookVerificationError}; a secret that is none is a TypeError.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, clock = systemClock }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (!id || !timestamp || !signature) {
    throw new WebhookVerificationError('signature_missing', 'a header of the signature is missing');
  }
  const keys = await Promise.all([secret].flat().map(keyOf));
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`);
  if (!(await isSigned(signed, signature, keys))) {
    throw new WebhookVerificationError('signature_invalid', 'no signature fits the body');
  }
  const offSeconds = Math.abs(
    clock.wallMs() / 1_000 - Number(/^[0-9]{1,12}$/.test(timestamp) ? timestamp : Number.NaN),
  );
  if (!(offSeconds <= toleranceSeconds)) {
    throw new WebhookVerificationError('timestamp_invalid', 'the time of the delivery is too far from now');
  }
  return eventOf(text);
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = (headers as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret);
  if (bytes === undefined || bytes.length === 0) throw new TypeError('secret: must be whsec_ and base64');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** `crypto.subtle.verify` compares in constant time. */
async function isSigned(signed: Uint8Array<ArrayBuffer>, header: string, keys: readonly CryptoKey[]): Promise<boolean> {
  const signatures = header
    .split(' ', SIGNATURES_MAX)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => bytesOf(one.slice(3)));
  for (const signature of signatures) {
    if (signature === undefined) continue;
    for (const key of keys) if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true;
  }
  return false;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function eventOf(text: string): WebhookEvent {
  try {
    const event = JSON.parse(text) as WebhookEvent | null;
    if (typeof event?.id === 'string' && typeof event.type === 'string') return event;
  } catch {
    // Said below, without its text.
  }
  throw new WebhookVerificationError('event_invalid', 'the body is no event');
}
