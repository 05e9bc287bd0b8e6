export * from './circuit-breaker.js';
export * from './engine-chain.js';
export * from './linked-abort.js';
export * from './llm-fallback.js';
export * from './retry.js';
export * from './stt-reopen.js';
export * from './timeouts.js';
export * from './tts-fallback.js';
