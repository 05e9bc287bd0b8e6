export * from './engines.js';
export * from './local/index.js';
export { OPENAI_BASE_URL } from './openai-compatible/server.js';
export { type ProbedProvider, probeProvider } from './probes.js';
export { loadSpeakable, type Speakable, speakingAloud } from './speakable/index.js';
export type { CommonParts, RemoteProvider } from './vendor.js';
