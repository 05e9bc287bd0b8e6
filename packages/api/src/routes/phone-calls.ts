import type { OutboundUseCases } from '@rapida/calls';
import { RapidaError } from '@rapida/core';
import type { ApiInstance } from '../api-instance.js';
import type { SendError } from '../error-reply.js';
import { talkErrors } from '../openapi.js';
import {
  callPlacedSchema,
  callsPlacedSchema,
  phoneCallSchema,
  phoneCallsSchema,
  placingHeaders,
  readIdempotencyKey,
  readPhoneCall,
  readPhoneCalls,
  toPlacedCall,
} from '../schemas/phone-call.js';

const FAILURES = [
  'assistant_id_malformed',
  'assistant_not_found',
  'assistant_version_not_found',
  'deployment_disabled',
  'deployment_incomplete',
  'credential_unreadable',
  'number_missing',
  'number_invalid',
  'caller_id_invalid',
  'idempotency_conflict',
  'queue_full',
  'draining',
  'body_too_large',
] as const;

export interface PhoneCallDependencies {
  readonly outbound: OutboundUseCases;
  readonly bulkBodyBytesMax: number;
  /** In the envelope of these routes. */
  readonly sendError: SendError;
}

/** Calls out. Wants an encapsulation of its own: its errors have another shape than those of all other routes. */
export function addPhoneCallRoutes(api: ApiInstance, dependencies: PhoneCallDependencies): void {
  const { outbound, bulkBodyBytesMax: bodyLimit, sendError } = dependencies;
  api.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply));

  const config = { access: ['calls'] } as const;
  // The schemas describe; the handlers read what was sent themselves, for refusals with codes of their own.
  const validatorCompiler = () => (sent: unknown) => ({ value: sent });
  const schema = { tags: ['calls'], headers: placingHeaders };
  api.post(
    '/v1/talk/create-phone-call',
    {
      ...{ config, validatorCompiler },
      schema: {
        ...schema,
        summary: 'Queues a call to be placed at once, or when its options say',
        operationId: 'createPhoneCall',
        body: phoneCallSchema,
        response: { 200: callPlacedSchema, ...talkErrors(...FAILURES) },
      },
    },
    async ({ projectId, headers, body }) => {
      const key = readIdempotencyKey(headers['idempotency-key']);
      const [call] = await outbound.place(projectId, [readPhoneCall(body)], key);
      if (call === undefined) throw new RapidaError('internal');
      return { code: 200, success: true, data: toPlacedCall(call) } as const;
    },
  );
  api.post(
    '/v1/talk/create-bulk-phone-call',
    {
      ...{ config, validatorCompiler, bodyLimit },
      schema: {
        ...schema,
        summary: 'Queues up to 1000 calls, all or none',
        operationId: 'createBulkPhoneCall',
        body: phoneCallsSchema,
        response: { 200: callsPlacedSchema, ...talkErrors('bulk_invalid', ...FAILURES) },
      },
    },
    async ({ projectId, headers, body }) => {
      const key = readIdempotencyKey(headers['idempotency-key']);
      const calls = await outbound.place(projectId, readPhoneCalls(body), key);
      return { code: 200, success: true, data: calls.map(toPlacedCall) } as const;
    },
  );
}
