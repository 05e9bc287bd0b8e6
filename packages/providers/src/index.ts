export * from './local/index.js';
export * from './openai-compatible/index.js';
