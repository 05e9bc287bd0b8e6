export * from './linked-abort.js';
export * from './retry.js';
export * from './stt-reopen.js';
export * from './timeouts.js';
