export type { CallPlayout, PlayoutFactory } from './call-leg.js';
export { type CallsRuntime, createUseCases, FAREWELL_MS, type UseCaseDependencies } from './create-use-cases.js';
export { DIRECTIVE_VALID_MS } from './directive.js';
export type { FirstStart } from './first-start.js';
export { frontDeskConfig } from './front-desk.js';
export { type LifecycleInput, next } from './lifecycle.js';
export type { CallRecorder, RecorderFactory } from './recorder.js';
export * from './use-cases.js';
