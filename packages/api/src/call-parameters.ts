import type { InboundRequest } from '@rapida/calls';
import { KEY_NAME } from './access.js';
import { restorePlus } from './schemas/fields.js';

const FROM_NAMES = ['from', 'caller', 'callerid'];
const TO_NAMES = ['to', 'extension', 'dnid'];
const CHANNEL_NAME = 'channel_id';
const RESUME_NAME = 'resume';
const NAMES_TAKEN: ReadonlySet<string> = new Set([
  ...[...FROM_NAMES, ...TO_NAMES, CHANNEL_NAME, RESUME_NAME, KEY_NAME],
]);

/** `resume`: the context id of the call to be taken up again instead. */
export interface CallParameters extends Pick<InboundRequest, 'from' | 'to' | 'channelId' | 'metadata'> {
  readonly resume: string | undefined;
}

type Parameters = Readonly<Record<string, unknown>>;

/**
 * What a dialplan says about a call. `query` wins over `body`; a name given twice counts once, with its last value. The
 * key becomes metadata under no name. An absent caller is the empty string: the use-case refuses it.
 */
export function readCallParameters(query: Parameters, body: Parameters, key: string | undefined): CallParameters {
  const texts = new Map(Object.entries({ ...body, ...query }).map(([name, value]) => [name, toText(value)]));
  const firstOf = (names: readonly string[]): string | undefined =>
    names.map((name) => restorePlus(texts.get(name) ?? '')).find((text) => text !== '');
  const metadata = [...texts].filter(
    ([name, value]) => !NAMES_TAKEN.has(name.toLowerCase()) && (key === undefined || !value.includes(key)),
  );
  return {
    from: firstOf(FROM_NAMES) ?? '',
    to: firstOf(TO_NAMES) ?? null,
    channelId: firstOf([CHANNEL_NAME]) ?? null,
    metadata: Object.fromEntries(metadata),
    resume: firstOf([RESUME_NAME]),
  };
}

/** JSON bodies may bring numbers as numbers, and more: kept as JSON. */
function toText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.at(-1) ?? '';
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
