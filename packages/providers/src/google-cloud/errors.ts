import { Code, ConnectError } from '@connectrpc/connect';
import { type ErrorCode, RapidaError } from '@rapida/core';
import { quote, rapidaErrorIn } from '../wire/vendor-errors.js';

/** What gRPC's codes mean (google.rpc.Code); the others are the server's failing. */
const CODES: { readonly [code in Code]?: ErrorCode } = {
  [Code.InvalidArgument]: 'provider_rejected',
  [Code.NotFound]: 'provider_rejected',
  [Code.FailedPrecondition]: 'provider_rejected',
  [Code.OutOfRange]: 'provider_rejected',
  [Code.Unimplemented]: 'provider_rejected',
  [Code.Unauthenticated]: 'provider_auth',
  [Code.PermissionDenied]: 'provider_auth',
  [Code.ResourceExhausted]: 'provider_rate_limited',
  [Code.DeadlineExceeded]: 'provider_timeout',
};

/** The failure of a call of gRPC. Google's words are quoted only where they help: of a request that it did not take. */
export function rpcError(thrown: unknown): RapidaError {
  const ours = rapidaErrorIn(thrown);
  if (ours !== undefined) return ours;
  const { code, rawMessage } = ConnectError.from(thrown);
  const meaning = CODES[code] ?? 'provider_unavailable';
  const said = meaning === 'provider_rejected' ? quote(rawMessage, undefined) : '';
  const message = `Google answered ${Code[code]}${said === '' ? '' : `: ${said}`}`;
  return new RapidaError(meaning, message, { cause: thrown });
}
