import type { Logger } from '@rapida/core';
import { pino } from 'pino';

/** Fields that may hold a key, wherever they turn up: the last line of defence, not the first. */
const REDACTED = [
  'key',
  'apiKey',
  'authorization',
  'headers.authorization',
  'headers["x-api-key"]',
  'req.headers["x-api-key"]',
];

/** JSON lines on standard error - standard output belongs to what a command answers - or readable ones on a terminal. */
export function createLogger(level: string, terminal: 'attached' | 'none'): Logger {
  const options = { level, base: null, redact: { paths: REDACTED, censor: '[secret]' } };
  if (terminal === 'none') return pino(options, pino.destination({ dest: 2, sync: false }));
  const pretty = { colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', destination: 2 };
  return pino({ ...options, transport: { target: 'pino-pretty', options: pretty } });
}
