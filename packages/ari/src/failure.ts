import type { AriFailure, AriFailureKind } from './result.js';

const MESSAGE_CHARS_MAX = 300;

const BY_STATUS: ReadonlyMap<number, AriFailureKind> = new Map([
  [400, 'invalid'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [412, 'conflict'],
  [422, 'unprocessable'],
]);

// Asterisk distinguishes these two by nothing but their text.
const NOT_IN_STASIS = 'Channel not in Stasis application';
const ALLOCATION_FAILED = 'Allocation failed';

export type Redact = (text: string) => string;

export function invalidRequest(message: string): AriFailure {
  return { kind: 'invalid', message: bounded(message), sent: false };
}

export function protocolFailure(message: string, status: number): AriFailure {
  return { kind: 'protocol', status, message: bounded(message), sent: true };
}

export function timeoutFailure(message: string): AriFailure {
  return { kind: 'timeout', message: bounded(message), sent: true };
}

/** `body` is the answer's text, however long. */
export function failureOfStatus(status: number, body: string, redact: Redact): AriFailure {
  const said = errorText(body);
  const shown = said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
  return { kind: kindOfStatus(status, said), status, message: bounded(redact(shown)), sent: true };
}

function kindOfStatus(status: number, said: string): AriFailureKind {
  if (status === 409 && said === NOT_IN_STASIS) return 'not_in_stasis';
  if (status === 500 && said === ALLOCATION_FAILED) return 'allocation_failed';
  return BY_STATUS.get(status) ?? (status >= 500 ? 'server_error' : 'protocol');
}

function errorText(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return '';
    const { message, error } = value as Record<string, unknown>;
    return typeof message === 'string' ? message : typeof error === 'string' ? error : '';
  } catch {
    return '';
  }
}

// Failed before there was a connection, whatever the system call.
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What `fetch` or a WebSocket failed with. Without proof that nothing was sent, it was. */
export function failureOfError(error: unknown, redact: Redact): AriFailure {
  const cause = deepestCause(error);
  const code = cause.code ?? '';
  const message = bounded(redact(cause.message ?? 'no connection'));
  if (code.startsWith('WS_ERR_') || code.startsWith('HPE_')) return { kind: 'protocol', message, sent: true };
  const sent = !(NEVER_SENT.has(code) || cause.syscall === 'connect' || cause.syscall === 'getaddrinfo');
  return { kind: 'unreachable', message, sent };
}

interface Cause {
  readonly code?: string;
  readonly syscall?: string;
  readonly message?: string;
}

function deepestCause(error: unknown): Cause {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    // Several addresses were tried: any of their errors stands for all.
    const next: unknown = cause instanceof AggregateError ? cause.errors[0] : cause.cause;
    if (!(next instanceof Error)) break;
    cause = next;
  }
  if (!(cause instanceof Error)) return {};
  const { code, syscall } = cause as { code?: unknown; syscall?: unknown };
  return {
    message: cause.message === '' ? String(code) : cause.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof syscall === 'string' ? { syscall } : {}),
  };
}

function bounded(text: string): string {
  return text.length <= MESSAGE_CHARS_MAX ? text : `${text.slice(0, MESSAGE_CHARS_MAX - 1)}…`;
}
