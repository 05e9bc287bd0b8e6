export * from './chain.js';
export * from './engines.js';
export * from './faults.js';
export * from './playout.js';
export * from './realtime.js';
export * from './tls.js';
export * from './virtual-clock.js';
export * from './write-spool.js';
