import type { MediaUseCases, RegisterInbound, UseCases } from '@rapida/calls';
import type { Clock, ErrorCode, Telemetry } from '@rapida/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { keyIn } from '../access.js';
import type { ApiInstance } from '../api-instance.js';
import { readCallParameters } from '../call-parameters.js';
import { toRapidaError } from '../error-mapping.js';
import type { SendError } from '../error-reply.js';
import { JSON_OR_FORM, readForms } from '../forms.js';
import { inTime } from '../in-time.js';
import { errors, textResponse } from '../openapi.js';

const text = z.union([z.string(), z.array(z.string())]).optional();
const parametersSchema = z
  .looseObject({
    from: text.describe('The caller; or `caller`, or `callerid`'),
    caller: text,
    callerid: text,
    to: text.describe('The number called; or `extension`, or `dnid`'),
    extension: text,
    dnid: text,
    channel_id: text,
    resume: text.describe(
      'The context id of a call whose media was lost: no other is registered, that one is taken up again',
    ),
  })
  .describe('Everything else becomes metadata of the call; the key never does');

const SCHEMA = {
  tags: ['asterisk'],
  summary: 'Registers a call that is coming in; answers the context id for its media',
  params: z.object({ assistantId: z.string().describe('Unsigned 64-bit number in decimal') }),
  querystring: parametersSchema,
  response: {
    200: textResponse('The context id: a lower-case UUID, no newline'),
    ...errors(
      'assistant_id_malformed',
      'caller_missing',
      'body_too_large',
      'assistant_not_found',
      'deployment_disabled',
      'at_capacity',
      'draining',
      'context_unknown',
      'call_ended',
      'resume_limit',
    ),
  },
};
const BODY = z
  .record(z.string(), z.unknown())
  .nullish()
  .describe('The same parameters, JSON or a form; the query wins');

/** What is wrong with a key; whose it is meant to be is not known then. */
const OF_KEYS: readonly ErrorCode[] = ['key_missing', 'key_invalid', 'key_scope'];

export interface RegisterCallDependencies {
  readonly registerInbound: RegisterInbound;
  readonly noteKeyRefused: UseCases['noteKeyRefused'];
  readonly media: Pick<MediaUseCases, 'resume'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long it may take, at this moment. */
  readonly answerMs: () => number;
  readonly sendError: SendError;
}

/** Phase 1. Wants an encapsulation of its own: it reads forms, and counts what it refuses. */
export function addRegisterCallRoutes(api: ApiInstance, dependencies: RegisterCallDependencies): void {
  const { registerInbound, noteKeyRefused, media, clock, telemetry, answerMs, sendError } = dependencies;
  const countedByUseCase = new WeakSet<FastifyRequest['raw']>();

  readForms(api);
  api.setErrorHandler((thrown, request, reply) => {
    if (!countedByUseCase.has(request.raw)) {
      const refusal = toRapidaError(thrown);
      telemetry.count('rapida_calls_refused_total', { code: refusal.code });
      const { assistantId } = request.params as { readonly assistantId: string };
      if (OF_KEYS.includes(refusal.code)) noteKeyRefused(assistantId, refusal);
    }
    return sendError(thrown, request, reply);
  });

  type Request = Pick<FastifyRequest, 'query' | 'body' | 'headers' | 'projectId' | 'raw'> & {
    readonly params: { readonly assistantId: string };
  };
  async function register(request: Request, reply: Pick<FastifyReply, 'type'>): Promise<string> {
    const { projectId, params, headers } = request;
    const query = request.query as Record<string, unknown>;
    const parameters = readCallParameters(query, (request.body ?? {}) as typeof query, keyIn(headers, query));
    const { resume, ...party } = parameters;
    const asked =
      resume === undefined
        ? registerInbound({ projectId, assistantId: params.assistantId, ...party }).then((call) => call.contextId)
        : media.resume(resume, { projectId, assistantId: params.assistantId });
    asked.catch(() => countedByUseCase.add(request.raw));
    const contextId = await inTime(clock, answerMs(), asked);
    reply.type('text/plain; charset=utf-8');
    return contextId;
  }

  const url = '/v1/talk/asterisk/call/:assistantId';
  const config = { access: ['inbound'] } as const;
  api.get(url, { config, schema: { ...SCHEMA, operationId: 'registerCall' } }, register);
  const schema = { ...SCHEMA, body: BODY, consumes: JSON_OR_FORM, operationId: 'registerCallByPost' };
  api.post(url, { config, schema }, register);
}
