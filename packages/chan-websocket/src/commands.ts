import { ChanWebSocketError } from './errors.js';
import type { ControlForm } from './events.js';

/** Commands that are a bare word. */
export type PlainCommandName =
  | 'ANSWER'
  | 'HANGUP'
  | 'START_MEDIA_BUFFERING'
  | 'FLUSH_MEDIA'
  | 'PAUSE_MEDIA'
  | 'CONTINUE_MEDIA'
  | 'GET_STATUS'
  | 'REPORT_QUEUE_DRAINED';

/** Seen from the app: `in` = Asterisk only sends media, `out` = Asterisk only plays it. */
export type MediaDirection = 'both' | 'in' | 'out';

/** Everything the app may say in text. */
export type Command =
  | { readonly command: PlainCommandName }
  /** Answered with `MEDIA_BUFFERING_COMPLETED` when playback gets there. */
  | { readonly command: 'STOP_MEDIA_BUFFERING'; readonly correlationId?: string }
  /** Answered with `MEDIA_MARK_PROCESSED` when playback gets there; never after `FLUSH_MEDIA`. From Asterisk 20.18 / 22.8. */
  | { readonly command: 'MARK_MEDIA'; readonly correlationId?: string }
  /** JSON only, from Asterisk 20.19 / 22.9. */
  | { readonly command: 'SET_MEDIA_DIRECTION'; readonly direction: MediaDirection };

/** Asterisk drops longer command messages with no more than a line in its log. UTF-8 bytes. */
export const COMMAND_BYTES_MAX = 128;
/** Leaves room for the JSON around an id that needs no escaping. */
export const CORRELATION_ID_CHARS_MAX = 64;

const PLAIN_COMMANDS: ReadonlySet<string> = new Set<PlainCommandName>([
  'ANSWER',
  'HANGUP',
  'START_MEDIA_BUFFERING',
  'FLUSH_MEDIA',
  'PAUSE_MEDIA',
  'CONTINUE_MEDIA',
  'GET_STATUS',
  'REPORT_QUEUE_DRAINED',
]);
const DIRECTIONS: ReadonlySet<string> = new Set<MediaDirection>(['both', 'in', 'out']);

/**
 * Writes a command. Throws a ChanWebSocketError for what Asterisk would silently drop or misread: `command_too_long` (over 128 bytes),
 * `id_invalid` (empty, over 64 characters, control characters, surrounding space), `direction_needs_json`.
 */
export function formatCommand(command: Command, form: ControlForm): string {
  const id = 'correlationId' in command ? command.correlationId : undefined;
  if (id !== undefined && !isCorrelationId(id)) {
    throw new ChanWebSocketError(
      'id_invalid',
      'a correlation id is 1 to 64 printable characters with no space around them',
    );
  }
  const written = form === 'json' ? jsonCommand(command, id) : plainCommand(command, id);
  if (Buffer.byteLength(written) > COMMAND_BYTES_MAX) {
    throw new ChanWebSocketError('command_too_long', `a command is at most ${COMMAND_BYTES_MAX} bytes`);
  }
  return written;
}

function jsonCommand(command: Command, correlation_id: string | undefined): string {
  const direction = command.command === 'SET_MEDIA_DIRECTION' ? command.direction : undefined;
  return JSON.stringify({ command: command.command, correlation_id, direction });
}

function plainCommand(command: Command, id: string | undefined): string {
  if (command.command === 'SET_MEDIA_DIRECTION') {
    throw new ChanWebSocketError('direction_needs_json', 'SET_MEDIA_DIRECTION exists in JSON only');
  }
  return id === undefined ? command.command : `${command.command} ${id}`;
}

function isCorrelationId(id: string): boolean {
  // \p{Cs} with the u flag is a lone surrogate, which no UTF-8 can carry.
  return id.length > 0 && id.length <= CORRELATION_ID_CHARS_MAX && id.trim() === id && !/[\p{Cc}\p{Cs}]/u.test(id);
}

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly code: 'too_long' | 'malformed' | 'unknown_command' };

/** Reads a command as Asterisk does: by the form of the channel, surrounding space stripped, ids taken as they are. Never throws. */
export function parseCommand(text: string, form: ControlForm): ParsedCommand {
  if (text.length > COMMAND_BYTES_MAX || Buffer.byteLength(text) > COMMAND_BYTES_MAX)
    return { ok: false, code: 'too_long' };
  const stripped = text.trim();
  if (form === 'plain-text') {
    const space = stripped.indexOf(' ');
    const name = space < 0 ? stripped : stripped.slice(0, space);
    return toCommand(name, space < 0 ? undefined : stripped.slice(space + 1), undefined);
  }
  try {
    const value: unknown = JSON.parse(stripped);
    if (typeof value !== 'object' || value === null) return { ok: false, code: 'malformed' };
    const { command, correlation_id, direction } = value as Record<string, unknown>;
    return toCommand(command, correlation_id, direction);
  } catch {
    return { ok: false, code: 'malformed' };
  }
}

function toCommand(name: unknown, id: unknown, direction: unknown): ParsedCommand {
  if (typeof name !== 'string') return { ok: false, code: 'unknown_command' };
  if (PLAIN_COMMANDS.has(name)) return { ok: true, command: { command: name as PlainCommandName } };
  if (name === 'MARK_MEDIA' || name === 'STOP_MEDIA_BUFFERING') {
    return { ok: true, command: typeof id === 'string' ? { command: name, correlationId: id } : { command: name } };
  }
  if (name === 'SET_MEDIA_DIRECTION' && typeof direction === 'string' && DIRECTIONS.has(direction)) {
    return { ok: true, command: { command: name, direction: direction as MediaDirection } };
  }
  return { ok: false, code: 'unknown_command' };
}
