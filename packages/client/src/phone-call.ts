import type { components } from './generated/openapi.js';
import type { RequestOptions } from './pages.js';
import type { Call } from './schemas.js';

/** A call to be placed. */
export interface NewCall {
  /** Who speaks: an id, unsigned 64-bit in decimal. */
  readonly assistantId: string;
  /** Of the assistant; without it the one that is live now, which the call keeps while it waits. */
  readonly version?: number;
  /** Whom to call, as the trunk wants it dialled: digits, * and #, with a + in front where it is international. */
  readonly to: string;
  /** Caller id: a number, or `Name <number>`. Without it the `phone` of the deployment. */
  readonly from?: string | undefined;
  /** Kept with the call and told to webhooks: at most 50 entries and 8 KiB. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Values for what the assistant says: at most 50 entries and 8 KiB. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** What this call has otherwise than its assistant. */
  readonly overrides?: CallOverrides;
  /** Not dialled before this moment, at most 90 days ahead; text is ISO 8601 with its zone. */
  readonly notBefore?: Date | string;
  /** How long it may ring, 5 to 300 s; without it the deployment's. */
  readonly ringSeconds?: number;
  /** How often it is dialled in all where it comes to nothing, 1 to 10; without it the deployment's. */
  readonly attempts?: number;
  /** Between attempts, 1 to 86,400 s. */
  readonly retryAfterSeconds?: number;
  /** What is dialled again; without it both. */
  readonly retryOn?: readonly ('busy' | 'no_answer')[];
}

/** How the assistant speaks in one call; of `recording` only that there is none. */
export type CallOverrides = NonNullable<Call['overrides']>['values'] & { readonly instructions?: string };

export interface PlaceOptions extends RequestOptions {
  /**
   * 1 to 200 printable ASCII characters: a repeat with the same key gets the first answer and places nothing. Without it each
   * request has a random one, which covers its own repeats; name one to cover a restart of your program too.
   */
  readonly idempotencyKey?: string;
}

type PhoneCall = components['schemas']['PhoneCallInput'];

/** As the server takes it. */
export function toPhoneCall(call: NewCall): PhoneCall {
  const { assistantId, version, to, from, metadata, args, overrides } = call;
  const { notBefore, ringSeconds, attempts, retryAfterSeconds, retryOn } = call;
  const moment = notBefore instanceof Date ? notBefore.toISOString() : notBefore;
  const options = { notBefore: moment, ringSeconds, attempts, retryAfterSeconds, retryOn, overrides };
  return {
    assistant: { assistantId, version: version === undefined ? 'latest' : String(version) },
    toNumber: to,
    ...(from !== undefined && { fromNumber: from }),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
    ...(args !== undefined && { args: { ...args } }),
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

/** 128 random bits. Not `randomUUID`, which a browser has on secure pages only. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
