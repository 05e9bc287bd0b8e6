import { type Json, type JsonObject, RapidaError } from '@rapida/core';
import { KEY_NAME } from './access.js';

/** Of an event, as a dialplan or a PBX calls it. */
const TYPE = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;
const TYPE_NAMES = ['type', 'event'];
/** Objects and lists within each other: what is nested deeper could not be written down. */
const LEVELS_MAX = 32;

type Parameters = Readonly<Record<string, unknown>>;

export interface EventReport {
  readonly type: string;
  /** All that was told but the type: texts where it came by query or form, JSON where it came so. */
  readonly fields: JsonObject;
}

/**
 * What is told of a call. `query` wins over `body`; a name given twice in the query counts once, with its last value. A key
 * needs none here and is kept nowhere. Fails with event_type_missing, invalid_request, or, where the fields are more than
 * `bytesMax` as JSON, body_too_large.
 */
export function readEventReport(
  query: Parameters,
  body: Parameters,
  key: string | undefined,
  bytesMax: number,
): EventReport {
  const told = new Map(Object.entries({ ...body, ...lastOfEach(query) }));
  const name = TYPE_NAMES.find((one) => !isEmpty(told.get(one)));
  if (name === undefined) throw new RapidaError('event_type_missing');
  const type = told.get(name);
  if (typeof type !== 'string' || !TYPE.test(type)) {
    throw new RapidaError('invalid_request', `${name}: must be 1 to 100 printable characters`);
  }
  told.delete(name);
  if ([...told.values()].some((value) => isDeeperThan(value, LEVELS_MAX))) {
    throw new RapidaError('invalid_request', `body: is nested deeper than ${LEVELS_MAX} levels`);
  }
  const kept = [...told].filter(
    ([field, value]) => field.toLowerCase() !== KEY_NAME && (key === undefined || !JSON.stringify(value).includes(key)),
  );
  // What a JSON body held is JSON, and all else is text.
  const fields = Object.fromEntries(kept) as Readonly<Record<string, Json>>;
  if (Buffer.byteLength(JSON.stringify(fields)) > bytesMax) throw new RapidaError('body_too_large');
  return { type, fields };
}

function lastOfEach(query: Parameters): Parameters {
  const entries = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
