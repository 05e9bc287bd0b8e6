import type { KeyUseCases } from '@rapida/calls';
import { type Clock, type EntityId, type KeyScope, RapidaError } from '@rapida/core';
import type { FastifyInstance } from 'fastify';
import { inTime } from './in-time.js';

/** Who may use a route: anybody, or a key with one of these scopes (`admin` may do everything). */
export type Access = 'public' | readonly KeyScope[];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Of the key; empty on public routes. */
    projectId: EntityId;
    /** The key's; empty on public routes. */
    keyId: EntityId;
  }
}

export interface AccessDependencies {
  readonly keys: KeyUseCases;
  readonly clock: Clock;
  /** How long it may take, at this moment. */
  readonly answerMs: () => number;
}

/** Asks for the key before anything of the request is read. A route that does not say who may use it cannot be added. */
export function guardRoutes(fastify: FastifyInstance, { keys, clock, answerMs }: AccessDependencies): void {
  fastify.decorateRequest('projectId', '');
  fastify.decorateRequest('keyId', '');
  fastify.addHook('onRoute', ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say who may use it`);
  });
  fastify.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    // Only the answer `not_found` has no access.
    if (access === undefined || access === 'public') return;
    const key = keyIn(request.headers, request.query);
    if (key === undefined) throw new RapidaError('key_missing');
    const record = await inTime(clock, answerMs(), keys.authenticate(key, access));
    request.projectId = record.projectId;
    request.keyId = record.id;
  });
}

export const KEY_NAME = 'x-api-key';

/** The header wins over the query. */
export function keyIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  query: unknown,
): string | undefined {
  const inHeader = headers[KEY_NAME];
  if (typeof inHeader === 'string' && inHeader !== '') return inHeader;
  const inQuery = (query as Readonly<Record<string, unknown>>)[KEY_NAME];
  return typeof inQuery === 'string' && inQuery !== '' ? inQuery : undefined;
}
