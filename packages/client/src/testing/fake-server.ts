import type { Clock } from '../clock.js';
import { Rapida, type RapidaOptions } from '../rapida.js';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly redirect: string | undefined;
}

/** What one request meets: an answer, a failure of the network, or nothing until it is aborted. */
export type Step =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly failure: Error }
  | 'silence';

export interface FakeServer {
  readonly fetch: typeof fetch;
  readonly asked: readonly Asked[];
}

export const URL_OF_FAKE = 'http://pbx-ai.example.com:8080';
export const KEY = 'rpd-0123456789-top-secret';

/** Takes one step for each request, and the last one for all that come after it. */
export function createFakeServer(...steps: readonly Step[]): FakeServer {
  const asked: Asked[] = [];
  const answer: typeof fetch = async (input, init = {}) => {
    const { method = 'GET', headers, body, signal } = init;
    const text = typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined;
    asked.push({
      ...{ method, path: String(input).replace(URL_OF_FAKE, ''), body: text, redirect: init.redirect },
      headers: headers as Record<string, string>,
    });
    const step = steps[Math.min(asked.length, steps.length) - 1] ?? 'silence';
    if (step === 'silence') return untilAborted(signal ?? undefined);
    if ('failure' in step) throw step.failure;
    const { status = 200, headers: more = {}, body: sent } = step;
    return new Response(bodyOf(sent), { status, headers: more });
  };
  return { fetch: answer, asked };
}

function bodyOf(sent: unknown): string | null {
  if (sent === undefined) return null;
  return typeof sent === 'string' ? sent : JSON.stringify(sent);
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export function clientOf({ fetch }: FakeServer, clock: Clock, more: Partial<RapidaOptions> = {}): Rapida {
  return new Rapida({ url: URL_OF_FAKE, apiKey: KEY, fetch, clock, ...more });
}
