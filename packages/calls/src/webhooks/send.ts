import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Clock, type EntityId, linkedAbort, RapidaError } from '@rapida/core';
import { Webhook } from 'standardwebhooks';
import type { CheckedTarget } from './target.js';

/** One attempt in all: the name, the connection, and the answer. */
export const SEND_MS_MAX = 10_000;
/** Nothing of an answer is used; this much is read, so that a polite receiver can finish its sentence. */
export const ANSWER_BYTES_MAX = 1_024;
export const USER_AGENT = 'rapida-webhooks/1';
/** Where a host has several addresses, the next is tried after this: one that is not reachable costs no more. */
const NEXT_ADDRESS_AFTER_MS = 2_500;

export interface Outgoing {
  /** The same in every attempt. */
  readonly id: EntityId;
  readonly url: string;
  readonly body: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

export interface SendOutcome {
  readonly status: number | null;
  /** Why there was no status, for people. */
  readonly error: string | null;
  readonly retryAfter: string | undefined;
}

export interface SendDependencies {
  readonly clock: Clock;
  /** Asked anew for each attempt; only what it returns is connected to. */
  readonly checkTarget: (url: string) => Promise<CheckedTarget>;
}

/**
 * POSTs once, signed after Standard Webhooks. Follows no redirect: its status is the outcome. Never rejects; undefined
 * where `signal` ended it before there was an outcome.
 */
export async function send(
  { clock, checkTarget }: SendDependencies,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<SendOutcome | undefined> {
  const { controller, unlink } = linkedAbort(signal);
  const timer = clock.setTimer(SEND_MS_MAX, () => controller.abort());
  try {
    const headers = signedHeaders(outgoing, clock.wallMs());
    const target = await unlessAborted(checkTarget(outgoing.url), controller.signal);
    const { statusCode, headers: answered } = await post(target, headers, outgoing.body, controller.signal);
    return { status: statusCode ?? null, error: null, retryAfter: answered['retry-after'] };
  } catch (error) {
    if (signal.aborted) return undefined;
    const why = controller.signal.aborted ? `no answer within ${SEND_MS_MAX / 1_000} s` : reasonOf(error);
    return { status: null, error: why, retryAfter: undefined };
  } finally {
    timer.cancel();
    unlink();
  }
}

function signedHeaders({ id, body, secret }: Outgoing, atMs: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

/** Resolves with the head of the answer when enough of its body was read, and leaves no connection behind. */
function post(
  { url, addresses }: CheckedTarget,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  // Whatever the name means by now. Not asked where the host is an address already: that was checked itself.
  const lookup: LookupFunction = (_hostname, { all }, found) => {
    const [first] = addresses;
    if (all) found(null, [...addresses]);
    else found(null, first?.address ?? '', first?.family);
  };
  const connecting = { lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS };
  const options = { method: 'POST', headers, signal };
  return new Promise((resolve, reject) => {
    // An agent of its own keeps no connection that a later check would not have seen.
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: new HttpsAgent({ ...connecting, rejectUnauthorized: true }) })
        : httpRequest(url, { ...options, agent: new HttpAgent(connecting) });
    request.on('error', reject);
    request.once('response', (response) => {
      let bytes = 0;
      const enough = (): void => {
        request.destroy();
        resolve(response);
      };
      // The status was said: what goes wrong after it changes nothing.
      request.off('error', reject).on('error', enough);
      response.once('close', enough).on('error', enough);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes >= ANSWER_BYTES_MAX) enough();
      });
    });
    request.end(body);
  });
}

/** What the platform says in full may quote addresses: its code will do. */
function reasonOf(error: unknown): string {
  if (error instanceof RapidaError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? `no answer: ${code}` : 'no answer';
}

/** Rejects as soon as `signal` aborts, whatever becomes of `work`. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
