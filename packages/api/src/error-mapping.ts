import { ERRORS, type ErrorCode, RapidaError } from '@rapida/core';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** The one border where our errors become HTTP: a code without a status does not compile. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_request: 400,
  body_too_large: 413,
  not_found: 404,
  assistant_id_malformed: 400,
  caller_missing: 400,
  key_missing: 401,
  key_invalid: 401,
  key_scope: 403,
  session_missing: 401,
  session_over: 401,
  csrf_refused: 403,
  password_wrong: 401,
  password_unset: 409,
  password_unfit: 400,
  setup_token_invalid: 401,
  too_many_sign_ins: 429,
  assistant_not_found: 404,
  assistant_invalid: 400,
  assistant_name_taken: 409,
  call_not_found: 404,
  call_ended: 409,
  call_not_live: 409,
  node_gone: 503,
  recording_not_found: 404,
  key_not_found: 404,
  credential_not_found: 404,
  credential_invalid: 400,
  credential_name_taken: 409,
  credential_in_use: 409,
  // The operator has to give back a key of the vault, or save it anew: trying again helps nobody.
  credential_unreadable: 409,
  webhook_not_found: 404,
  webhook_target_refused: 400,
  webhook_limit: 409,
  delivery_not_found: 404,
  event_type_missing: 400,
  deployment_invalid: 400,
  deployment_incomplete: 409,
  deployment_disabled: 409,
  number_missing: 400,
  number_invalid: 400,
  caller_id_invalid: 400,
  assistant_version_not_found: 404,
  bulk_invalid: 400,
  idempotency_conflict: 409,
  too_many_streams: 429,
  queue_full: 503,
  number_rejected: 400,
  trunk_unknown: 409,
  ari_unauthorized: 502,
  ari_unreachable: 503,
  ari_failed: 502,
  no_media: 504,
  transfer_not_allowed: 409,
  at_capacity: 503,
  bad_handshake: 400,
  answer_timeout: 503,
  stopping: 503,
  draining: 503,
  // An address under which no call can be, whatever is wrong with its id.
  context_malformed: 404,
  context_unknown: 404,
  context_used: 404,
  context_expired: 404,
  context_mismatch: 409,
  media_start_missing: 400,
  media_format_unknown: 400,
  too_many_connections: 503,
  setting_invalid: 500,
  port_in_use: 500,
  provider_unconfigured: 409,
  provider_auth: 502,
  provider_rejected: 502,
  provider_rate_limited: 503,
  provider_unavailable: 503,
  provider_timeout: 504,
  provider_protocol: 502,
  tool_unknown: 502,
  tool_refused: 502,
  tool_failed: 502,
  tool_timeout: 504,
  analysis_malformed: 502,
  analysis_overloaded: 503,
  analysis_abandoned: 500,
  phrase_unknown_word: 400,
  store_failed: 503,
  internal: 500,
};

/** Sent as `Retry-After` with every 503 and 429 but those of {@link retryAfterSeconds}. */
export const RETRY_AFTER_SECONDS = 5;

/** Who has guessed too often is not to be told to go on guessing in a moment. */
export function retryAfterSeconds(code: ErrorCode): number {
  return code === 'too_many_sign_ins' ? 600 : RETRY_AFTER_SECONDS;
}

export interface ErrorBody {
  /** For people. */
  readonly error: string;
  /** For programs; stable. */
  readonly code: ErrorCode;
}

/** `requestId` is named where the text sends the reader to the log. */
export function errorBody(error: RapidaError, requestId: string): ErrorBody {
  const { code, message } = error;
  return { error: code === 'internal' ? `${ERRORS.internal.text} Request id: ${requestId}` : message, code };
}

/** What a handler, the validation or the framework threw, as one of ours. Everything unforeseen is `internal`. */
export function toRapidaError(thrown: unknown): RapidaError {
  if (thrown instanceof RapidaError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) return new RapidaError('invalid_request', validationMessage(thrown));
  const { code, statusCode } = frameworkError(thrown);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new RapidaError('body_too_large');
  const text = FRAMEWORK_TEXTS.get(code);
  if (text !== undefined) return new RapidaError('invalid_request', text);
  if (statusCode >= 400 && statusCode < 500) return new RapidaError('invalid_request', undefined, { cause: thrown });
  return RapidaError.from(thrown);
}

/** Our own words: the framework's may quote the request, and with it a key. */
const FRAMEWORK_TEXTS: ReadonlyMap<string, string> = new Map([
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'The body is not valid JSON.'],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    'The content type of the body is not one that is read here; send application/json.',
  ],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'The length of the body is not what Content-Length says.'],
  ['FST_ERR_BAD_URL', 'The path is not correctly percent-encoded.'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'A part of the path is too long.'],
]);

function frameworkError(thrown: unknown): { code: string; statusCode: number } {
  const { code, statusCode } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  return { code: typeof code === 'string' ? code : '', statusCode: typeof statusCode === 'number' ? statusCode : 500 };
}

const ISSUES_NAMED_MAX = 5;

function validationMessage(error: {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string | undefined;
}): string {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'request');
  return error.validation
    .slice(0, ISSUES_NAMED_MAX)
    .map(({ instancePath, message }) => {
      const field = instancePath.slice(1).replaceAll('/', '.');
      return `${field === '' ? part : field}: ${message ?? 'is not valid'}`;
    })
    .join('; ');
}
