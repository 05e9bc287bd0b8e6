/** How control messages are written on a connection: the dial option `f(json)`, or plain text. Asterisk decides, the app follows. */
export type ControlForm = 'plain-text' | 'json';

/** First message of every connection. */
export interface MediaStartEvent {
  readonly event: 'MEDIA_START';
  readonly connectionId: string;
  readonly channel: string;
  /** Of the WebSocket leg, not of the caller. Undefined before Asterisk 20.17 / 22.7. */
  readonly channelId: string | undefined;
  readonly format: string;
  /** Bytes; 0 in passthrough. Undefined when it was missing or no whole number. */
  readonly optimalFrameSize: number | undefined;
  readonly ptimeMs: number | undefined;
  /** Inherited variables of the caller's channel. Empty in plain text. Names are not validated: a caller may have chosen values. */
  readonly channelVariables: ReadonlyMap<string, string>;
}

/** The state of Asterisk's queue; the answer to `GET_STATUS`. */
export interface StatusEvent {
  readonly event: 'STATUS';
  readonly channelId: string | undefined;
  readonly queueLength: number;
  readonly xonLevel: number;
  readonly xoffLevel: number;
  readonly queueFull: boolean;
  readonly bulkMedia: boolean;
  readonly mediaPaused: boolean;
}

export interface DtmfEndEvent {
  readonly event: 'DTMF_END';
  readonly channelId: string | undefined;
  /** One of `0`-`9`, `A`-`D`, `*`, `#`. */
  readonly digit: string;
}

export interface SignalEvent {
  readonly event: 'MEDIA_XOFF' | 'MEDIA_XON' | 'QUEUE_DRAINED';
  readonly channelId: string | undefined;
}

export interface CorrelatedEvent {
  readonly event: 'MEDIA_BUFFERING_COMPLETED' | 'MEDIA_MARK_PROCESSED';
  readonly channelId: string | undefined;
  /** Empty when the command carried none. */
  readonly correlationId: string;
}

export interface ErrorEvent {
  readonly event: 'ERROR';
  readonly channelId: string | undefined;
  readonly errorText: string;
}

/** Everything Asterisk says in text. */
export type AsteriskEvent = MediaStartEvent | StatusEvent | DtmfEndEvent | SignalEvent | CorrelatedEvent | ErrorEvent;

export type ParsedEvent =
  | { readonly ok: true; readonly event: AsteriskEvent; readonly form: ControlForm }
  | { readonly ok: false; readonly code: 'too_long' | 'malformed' | 'unknown_event' };

/** Longer text is not parsed at all. UTF-16 units, so at most three times as many bytes; the transport's own limit is below that. */
export const EVENT_CHARS_MAX = 65_536;

type Fields = ReadonlyMap<string, unknown>;

/** Reads one text message of Asterisk in either form. Never throws. Fields it does not know are ignored, so newer releases parse. */
export function parseEvent(text: string): ParsedEvent {
  if (text.length > EVENT_CHARS_MAX) return { ok: false, code: 'too_long' };
  const form: ControlForm = text.trimStart().startsWith('{') ? 'json' : 'plain-text';
  const fields = form === 'json' ? jsonFields(text) : plainFields(text.trim());
  const name = fields?.get('event');
  if (fields === undefined || typeof name !== 'string' || name === '') return { ok: false, code: 'malformed' };
  const event = toEvent(name, fields);
  return typeof event === 'string' ? { ok: false, code: event } : { ok: true, event, form };
}

function jsonFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** `NAME key:value key:value`, `NAME id`; only `error_text` runs to the end of the line. */
function plainFields(text: string): Fields {
  const space = text.indexOf(' ');
  const event = space < 0 ? text : text.slice(0, space);
  const rest = space < 0 ? '' : text.slice(space + 1);
  const fields = new Map<string, unknown>([['event', event]]);
  if (isCorrelated(event)) return fields.set('correlation_id', rest.trim());
  const errorAt = event === 'ERROR' ? rest.indexOf('error_text:') : -1;
  if (errorAt >= 0) fields.set('error_text', rest.slice(errorAt + 'error_text:'.length));
  for (const pair of (errorAt < 0 ? rest : rest.slice(0, errorAt)).split(' ')) {
    const colon = pair.indexOf(':');
    // The first of two equal names counts: nothing later in the line can replace what Asterisk wrote.
    if (colon > 0 && !fields.has(pair.slice(0, colon))) fields.set(pair.slice(0, colon), pair.slice(colon + 1));
  }
  return fields;
}

function toEvent(name: string, fields: Fields): AsteriskEvent | 'malformed' | 'unknown_event' {
  const channelId = text(fields, 'channel_id');
  switch (name) {
    case 'MEDIA_START':
      return toMediaStart(channelId, fields);
    case 'DTMF_END': {
      const digit = text(fields, 'digit')?.toUpperCase() ?? '';
      return /^[0-9A-D*#]$/.test(digit) ? { event: name, channelId, digit } : 'malformed';
    }
    case 'MEDIA_XOFF':
    case 'MEDIA_XON':
    case 'QUEUE_DRAINED':
      return { event: name, channelId };
    case 'MEDIA_BUFFERING_COMPLETED':
    case 'MEDIA_MARK_PROCESSED':
      return { event: name, channelId, correlationId: text(fields, 'correlation_id') ?? '' };
    case 'STATUS':
      return toStatus(channelId, fields);
    case 'ERROR':
      return { event: name, channelId, errorText: text(fields, 'error_text') ?? '' };
    default:
      return 'unknown_event';
  }
}

function toMediaStart(channelId: string | undefined, fields: Fields): MediaStartEvent | 'malformed' {
  const format = text(fields, 'format');
  if (format === undefined || format === '') return 'malformed';
  const variables = fields.get('channel_variables');
  const entries = typeof variables === 'object' && variables !== null ? Object.entries(variables) : [];
  return {
    event: 'MEDIA_START',
    connectionId: text(fields, 'connection_id') ?? '',
    channel: text(fields, 'channel') ?? '',
    channelId,
    format,
    optimalFrameSize: whole(fields, 'optimal_frame_size'),
    ptimeMs: whole(fields, 'ptime'),
    channelVariables: new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
  };
}

function toStatus(channelId: string | undefined, fields: Fields): StatusEvent | 'malformed' {
  const queueLength = whole(fields, 'queue_length');
  const xonLevel = whole(fields, 'xon_level');
  const xoffLevel = whole(fields, 'xoff_level');
  if (queueLength === undefined || xonLevel === undefined || xoffLevel === undefined) return 'malformed';
  const flag = (name: string): boolean => [true, 'true'].includes(fields.get(name) as boolean | string);
  return {
    event: 'STATUS',
    channelId,
    queueLength,
    xonLevel,
    xoffLevel,
    queueFull: flag('queue_full'),
    bulkMedia: flag('bulk_media'),
    mediaPaused: flag('media_paused'),
  };
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  return typeof value === 'string' ? value : undefined;
}

function whole(fields: Fields, name: string): number | undefined {
  const value = fields.get(name);
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function isCorrelated(name: string): boolean {
  return name === 'MEDIA_BUFFERING_COMPLETED' || name === 'MEDIA_MARK_PROCESSED';
}
