import type { IncomingHttpHeaders } from 'node:http';
import type { KeyUseCases, SignInUseCases } from '@rapida/calls';
import { type Clock, type EntityId, type KeyScope, RapidaError } from '@rapida/core';
import type { FastifyInstance } from 'fastify';
import { inTime } from './in-time.js';
import { hasCsrfHeader, isSameOrigin } from './same-origin.js';
import { sessionIn } from './session-cookie.js';

/** Who may use a route: anybody, or a key or session with one of these scopes (`admin` may do everything). */
export type Access = 'public' | readonly KeyScope[];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Of the key or session; empty on public routes. */
    projectId: EntityId;
    /** The key's, or {@link PASSWORD_ID}; empty on public routes. */
    keyId: EntityId;
    /** Of whoever is signed in with a browser and sent no key. */
    sessionId: string | undefined;
  }
}

/** Stands for the key of sessions that were opened with the password. No key has it: ids have the time in them. */
export const PASSWORD_ID: EntityId = '0';

/** What of a request says who it is from. */
export interface Asking {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
  /** A WebSocket is a GET that can do everything, and takes no headers. */
  readonly isUpgrade?: true;
}

export interface Principal {
  readonly projectId: EntityId;
  readonly keyId: EntityId;
  readonly sessionId: string | undefined;
}

/** The one place that knows who may do something: a key, else a session. Fails with what is wrong with them, bounded in time. */
export type Admit = (asking: Asking, scopes: readonly KeyScope[]) => Promise<Principal>;

export interface AccessDependencies {
  readonly keys: Pick<KeyUseCases, 'authenticate'>;
  readonly signIn: Pick<SignInUseCases, 'authenticate'>;
  readonly clock: Clock;
  readonly answerMsMax: number;
}

export function createAdmit({ keys, signIn, clock, answerMsMax }: AccessDependencies): Admit {
  return async (asking, scopes) => {
    const key = keyIn(asking.headers, asking.query);
    if (key !== undefined) {
      const record = await inTime(clock, answerMsMax, keys.authenticate(key, scopes));
      return { projectId: record.projectId, keyId: record.id, sessionId: undefined };
    }
    const sessionId = sessionIn(asking.headers);
    if (sessionId === undefined) throw new RapidaError('key_missing');
    refuseForgery(asking);
    const { projectId, keyId } = await inTime(clock, answerMsMax, signIn.authenticate(sessionId, scopes));
    return { projectId, keyId: keyId ?? PASSWORD_ID, sessionId };
  };
}

/** A browser sends the cookie by itself, so what changes something must come from a page of ours. */
export function refuseForgery({ method = '', headers, isUpgrade }: Asking): void {
  const isSafe = method === 'GET' || method === 'HEAD';
  if (isSafe && isUpgrade === undefined) return;
  if (!isSameOrigin(headers) || (!isSafe && !hasCsrfHeader(headers))) throw new RapidaError('csrf_refused');
}

/** Asks for the key before anything of the request is read. A route that does not say who may use it cannot be added. */
export function guardRoutes(fastify: FastifyInstance, admit: Admit): void {
  fastify.decorateRequest('projectId', '');
  fastify.decorateRequest('keyId', '');
  fastify.decorateRequest('sessionId', undefined);
  fastify.addHook('onRoute', ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say who may use it`);
  });
  fastify.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    // Only the answer `not_found` has no access.
    if (access === undefined || access === 'public') return;
    Object.assign(request, await admit(request, access));
  });
}

export const KEY_NAME = 'x-api-key';

/** The header wins over the query. */
export function keyIn(headers: IncomingHttpHeaders, query: unknown): string | undefined {
  const inHeader = headers[KEY_NAME];
  if (typeof inHeader === 'string' && inHeader !== '') return inHeader;
  const inQuery = (query as Readonly<Record<string, unknown>>)[KEY_NAME];
  return typeof inQuery === 'string' && inQuery !== '' ? inQuery : undefined;
}
