import { Code, ConnectError } from '@connectrpc/connect';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { ERRORS, type ErrorCode, RapidaError } from '@rapida/core';
import { ErrorSchema } from '../../proto/gen/common_pb.js';
import { ERROR_NUMBERS } from '../error-numbers.js';

/** The one border where our errors become gRPC: a code without a status does not compile. */
export const GRPC_CODE: Readonly<Record<ErrorCode, Code>> = {
  invalid_request: Code.InvalidArgument,
  body_too_large: Code.ResourceExhausted,
  not_found: Code.Unimplemented,
  assistant_id_malformed: Code.InvalidArgument,
  caller_missing: Code.InvalidArgument,
  key_missing: Code.Unauthenticated,
  key_invalid: Code.Unauthenticated,
  key_scope: Code.PermissionDenied,
  session_missing: Code.Unauthenticated,
  session_over: Code.Unauthenticated,
  csrf_refused: Code.PermissionDenied,
  password_wrong: Code.Unauthenticated,
  password_unset: Code.FailedPrecondition,
  password_unfit: Code.InvalidArgument,
  setup_token_invalid: Code.Unauthenticated,
  too_many_sign_ins: Code.ResourceExhausted,
  assistant_not_found: Code.NotFound,
  assistant_version_not_found: Code.NotFound,
  assistant_invalid: Code.InvalidArgument,
  assistant_name_taken: Code.AlreadyExists,
  call_not_found: Code.NotFound,
  call_ended: Code.FailedPrecondition,
  call_not_live: Code.FailedPrecondition,
  node_gone: Code.Unavailable,
  recording_not_found: Code.NotFound,
  key_not_found: Code.NotFound,
  credential_not_found: Code.NotFound,
  credential_invalid: Code.InvalidArgument,
  credential_name_taken: Code.AlreadyExists,
  credential_in_use: Code.FailedPrecondition,
  credential_unreadable: Code.FailedPrecondition,
  webhook_not_found: Code.NotFound,
  webhook_target_refused: Code.InvalidArgument,
  webhook_limit: Code.ResourceExhausted,
  delivery_not_found: Code.NotFound,
  event_type_missing: Code.InvalidArgument,
  deployment_invalid: Code.InvalidArgument,
  deployment_incomplete: Code.FailedPrecondition,
  deployment_disabled: Code.FailedPrecondition,
  number_missing: Code.InvalidArgument,
  number_invalid: Code.InvalidArgument,
  caller_id_invalid: Code.InvalidArgument,
  bulk_invalid: Code.InvalidArgument,
  idempotency_conflict: Code.FailedPrecondition,
  too_many_streams: Code.ResourceExhausted,
  queue_full: Code.Unavailable,
  number_rejected: Code.FailedPrecondition,
  trunk_unknown: Code.FailedPrecondition,
  ari_unauthorized: Code.FailedPrecondition,
  ari_unreachable: Code.Unavailable,
  ari_failed: Code.FailedPrecondition,
  no_media: Code.FailedPrecondition,
  transfer_not_allowed: Code.FailedPrecondition,
  at_capacity: Code.Unavailable,
  draining: Code.Unavailable,
  context_malformed: Code.NotFound,
  context_unknown: Code.NotFound,
  context_used: Code.NotFound,
  context_expired: Code.NotFound,
  context_mismatch: Code.FailedPrecondition,
  media_start_missing: Code.InvalidArgument,
  media_format_unknown: Code.InvalidArgument,
  bad_handshake: Code.InvalidArgument,
  answer_timeout: Code.Unavailable,
  stopping: Code.Unavailable,
  too_many_connections: Code.Unavailable,
  setting_invalid: Code.Internal,
  port_in_use: Code.Internal,
  provider_unconfigured: Code.FailedPrecondition,
  provider_auth: Code.FailedPrecondition,
  provider_rejected: Code.FailedPrecondition,
  provider_rate_limited: Code.Unavailable,
  provider_unavailable: Code.Unavailable,
  provider_timeout: Code.Unavailable,
  provider_protocol: Code.Internal,
  tool_unknown: Code.Internal,
  tool_refused: Code.Internal,
  tool_failed: Code.Unavailable,
  tool_timeout: Code.Unavailable,
  analysis_malformed: Code.Unavailable,
  analysis_overloaded: Code.Unavailable,
  analysis_abandoned: Code.Internal,
  phrase_unknown_word: Code.InvalidArgument,
  store_failed: Code.Unavailable,
  internal: Code.Internal,
};

/** Trailer with the error's code; sent with every error. */
export const ERROR_TRAILER = 'x-rapida-error';

const MESSAGE_TRAILER = 'grpc-message';

/** A status travels in trailers, whose size is limited, and a message may name a key as long as the request. */
const MESSAGE_CHARS_MAX = 500;

/** Status, code in a trailer, and the message `Error` as a detail. `requestId` is named where only the log can tell more. */
export function toConnectError(error: RapidaError, requestId: string): ConnectError {
  const { code } = error;
  const told = code === 'internal' ? `${ERRORS.internal.text} Request id: ${requestId}` : error.message;
  // By way of bytes: half a surrogate pair cannot be sent.
  const message = Buffer.from(told.slice(0, MESSAGE_CHARS_MAX)).toString();
  const value = { errorCode: ERROR_NUMBERS[code], errorMessage: `${code}: ${message}`, humanMessage: message };
  const headers = { [ERROR_TRAILER]: code };
  return new ConnectError(message, GRPC_CODE[code], headers, [{ desc: ErrorSchema, value }], error.cause);
}

/**
 * The trailer of a call that went wrong, in our form: the library knows nothing of our codes where it found the error in the
 * request itself. Its `Internal` is a message that cannot be read: what fails in a handler has become one of ours before.
 */
export function completeTrailer(trailer: Headers, requestId: string, messageBytesMax: number): void {
  const status = Number(trailer.get('grpc-status'));
  if (!trailer.has(ERROR_TRAILER)) {
    if (status === Code.ResourceExhausted) {
      const error = new RapidaError('body_too_large', `A message may have at most ${messageBytesMax} bytes.`);
      setTrailerStatus(trailer, toConnectError(error, requestId));
    } else if (status === Code.Internal || status === Code.InvalidArgument) {
      const error = new RapidaError('invalid_request', 'The message or its headers cannot be read.');
      setTrailerStatus(trailer, toConnectError(error, requestId));
    }
  }
  const message = trailer.get(MESSAGE_TRAILER);
  // The library encodes more than other clients decode (`:` and `/` among it).
  if (message !== null) trailer.set(MESSAGE_TRAILER, encodeURI(decodeURIComponent(message)));
}
