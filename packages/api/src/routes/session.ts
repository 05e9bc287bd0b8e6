import type { OpenedSession, Session, SignInUseCases } from '@rapida/calls';
import { type Clock, RapidaError } from '@rapida/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseForgery } from '../access.js';
import type { ApiInstance } from '../api-instance.js';
import { inTime } from '../in-time.js';
import { noContent, publicErrors } from '../openapi.js';
import { isSameOrigin } from '../same-origin.js';
import { sessionSchema, setUpSchema, signInSchema, signInStateSchema, toSession } from '../schemas/session.js';
import { sessionCookie, sessionIn } from '../session-cookie.js';

export interface SessionRouteDependencies {
  readonly signIn: SignInUseCases;
  readonly clock: Clock;
  readonly answerMsMax: number;
  /** Where a browser sees this server, unless a proxy says otherwise. */
  readonly pathPrefix: string;
}

const tags = ['session'];
const PUBLIC = { access: 'public' } as const;

/** How a browser signs in and out. What it gets is a cookie that scripts cannot read. */
export function addSessionRoutes(api: ApiInstance, dependencies: SessionRouteDependencies): void {
  const { signIn, clock, answerMsMax, pathPrefix: configured } = dependencies;
  addStateRoute(api, dependencies);

  function signedIn(request: FastifyRequest, reply: FastifyReply, { id, session }: OpenedSession) {
    const maxAgeSeconds = Math.floor((session.expiresAtMs - session.createdAtMs) / 1000);
    reply.header('set-cookie', sessionCookie(request.raw, { id, maxAgeSeconds, configured }));
    return toSession(session);
  }

  api.post(
    '/v1/session',
    {
      config: PUBLIC,
      schema: {
        ...{ tags, summary: 'Signs in with an API key or the password', operationId: 'signIn', body: signInSchema },
        response: {
          200: sessionSchema,
          ...publicErrors('key_invalid', 'password_wrong', 'password_unset', 'csrf_refused', 'too_many_sign_ins'),
        },
      },
    },
    async (request, reply) => {
      refuseForeign(request);
      const { body, ip } = request;
      const opening = 'apiKey' in body ? signIn.withKey(body.apiKey, ip) : signIn.withPassword(body.password, ip);
      return signedIn(request, reply, await opening);
    },
  );
  api.post(
    '/v1/session/setup',
    {
      config: PUBLIC,
      schema: {
        ...{ tags, summary: 'Sets the password with the token of a set-up link, and signs in', operationId: 'setUp' },
        body: setUpSchema,
        response: {
          200: sessionSchema,
          ...publicErrors('setup_token_invalid', 'password_unfit', 'csrf_refused', 'too_many_sign_ins'),
        },
      },
    },
    async (request, reply) => {
      refuseForeign(request);
      const { body, ip } = request;
      return signedIn(request, reply, await signIn.setUp(body.token, body.password, ip));
    },
  );
  api.get(
    '/v1/session',
    {
      config: PUBLIC,
      schema: {
        ...{ tags, summary: 'Who is signed in', operationId: 'getSession' },
        response: { 200: sessionSchema, ...publicErrors('session_missing', 'session_over') },
      },
    },
    async ({ headers }) => {
      const id = sessionIn(headers);
      if (id === undefined) throw new RapidaError('session_missing');
      return toSession(await inTime(clock, answerMsMax, signIn.get(id)));
    },
  );
  api.delete(
    '/v1/session',
    {
      config: PUBLIC,
      schema: {
        ...{ tags, summary: 'Signs out', operationId: 'signOut' },
        response: { 204: noContent, ...publicErrors('csrf_refused') },
      },
    },
    async (request, reply) => {
      const { method, headers, query } = request;
      refuseForgery({ method, headers, query });
      const id = sessionIn(headers);
      if (id !== undefined) await signIn.end(id);
      reply.header('set-cookie', sessionCookie(request.raw, { id: '', maxAgeSeconds: 0, configured }));
      return reply.code(204).send();
    },
  );
}

/** Answers everybody, so that a page can ask before it knows whether anybody is signed in. */
function addStateRoute(api: ApiInstance, { signIn, clock, answerMsMax }: SessionRouteDependencies): void {
  api.get(
    '/v1/sign-in',
    {
      config: PUBLIC,
      schema: {
        ...{ tags, summary: 'How one can sign in with a browser', operationId: 'getSignIn' },
        response: { 200: signInStateSchema, ...publicErrors() },
      },
    },
    async ({ headers }) => {
      const [state, session] = await inTime(
        clock,
        answerMsMax,
        Promise.all([signIn.state(), sessionOf(signIn, headers)]),
      );
      return { ...state, session: session === undefined ? null : toSession(session) };
    },
  );
}

/** Undefined where there is none, or where it is over: to who only asks, both are the same. */
async function sessionOf(signIn: SignInUseCases, headers: FastifyRequest['headers']): Promise<Session | undefined> {
  const id = sessionIn(headers);
  if (id === undefined) return undefined;
  try {
    return await signIn.get(id);
  } catch (error) {
    if (RapidaError.from(error).code === 'session_over') return undefined;
    throw error;
  }
}

/** Nobody is to be signed in as somebody else by a page of another server. */
function refuseForeign({ headers }: FastifyRequest): void {
  if (!isSameOrigin(headers)) throw new RapidaError('csrf_refused');
}
