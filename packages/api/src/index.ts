export { type Access, KEY_NAME } from './access.js';
export { type Api, type ApiDependencies, createApi } from './create-api.js';
export { type ErrorBody, errorBody, HTTP_STATUS, RETRY_AFTER_SECONDS, toRapidaError } from './error-mapping.js';
export { ERROR_NUMBERS } from './error-numbers.js';
export { ERROR_HEADER } from './error-reply.js';
export { createGrpcServer, type GrpcServer } from './grpc/index.js';
export type { TlsFiles } from './http-server.js';
export { API_LIMITS, type ApiLimits } from './limits.js';
export type { OpenMedia, StartedMedia } from './media-upgrade.js';
