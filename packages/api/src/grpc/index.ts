export { GRPC_CODE } from './grpc-errors.js';
export { GRPC_LIMITS, type GrpcLimits } from './grpc-limits.js';
export { createGrpcServer, type GrpcDependencies, type GrpcServer } from './grpc-server.js';
