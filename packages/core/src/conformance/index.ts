export * from './api-key-store.js';
export * from './assistant-store.js';
export * from './call-context-store.js';
export * from './call-store.js';
export * from './credential-store.js';
export * from './language-model.js';
export * from './speech-to-text.js';
export * from './text-to-speech.js';
