export { type ClientErrorCode, RapidaApiError } from './api-error.js';
export type { Assistants } from './assistants.js';
export type { DroppedSound, Sound } from './call-sound.js';
export type { LiveEvent, LiveOnlyType, StreamFilter } from './call-stream.js';
export type { Calls, InboundCall } from './calls.js';
export type { Clock } from './clock.js';
export type { Credentials } from './credentials.js';
export { CsvProblem, type CsvRecord, parseCsv } from './csv.js';
export type { Dialplan } from './dialplan.js';
export type { FollowOptions } from './follow-call.js';
export type { components, operations, paths } from './generated/openapi.js';
export type { Keys } from './keys.js';
export type { HeardOfCall } from './listen.js';
export type { Nodes } from './nodes.js';
export type { Overview } from './overview.js';
export type { RequestOptions } from './pages.js';
export type { Password } from './password.js';
export type { CallOverrides, NewCall, PlaceOptions } from './phone-call.js';
export { Rapida, type RapidaOptions } from './rapida.js';
export type { Recording } from './recording.js';
export * from './schemas.js';
export type { TestCall, TestCallMessage } from './test-call.js';
export {
  TOLERANCE_SECONDS,
  type VerifyOptions,
  verifyWebhook,
  type WebhookCall,
  type WebhookCallEvent,
  type WebhookErrorCode,
  type WebhookEvent,
  type WebhookHeaders,
  type WebhookTestEvent,
  WebhookVerificationError,
} from './verify-webhook.js';
export type { OpenWebSocket, WebSocketLike } from './web-socket.js';
export type { Webhooks } from './webhooks.js';
