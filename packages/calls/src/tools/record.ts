import type { ToolRecord } from '@rapida/conversation';
import type { JsonObject } from '@rapida/core';
import { ENTRIES_BYTES_MAX, ENTRIES_MAX } from '../bounded-entries.js';
import type { Journal } from '../journal.js';

/** Of arguments and of a result, in the record of a call. */
export const TOOL_TEXT_CHARS_MAX = 2_000;

export function toolEvent({ call, result, code, durationMs }: ToolRecord): JsonObject {
  const args = JSON.stringify(call.args);
  return {
    name: call.name,
    args: args.length > TOOL_TEXT_CHARS_MAX ? `${args.slice(0, TOOL_TEXT_CHARS_MAX)}…` : call.args,
    result: result.length > TOOL_TEXT_CHARS_MAX ? `${result.slice(0, TOOL_TEXT_CHARS_MAX)}…` : result,
    ...{ code, durationMs },
  };
}

/** What the model notes about a call, beside the metadata it came with, within the limits of all metadata; more is not kept. */
export function createNotes(
  metadata: Readonly<Record<string, string>>,
  journal: Pick<Journal, 'patch'>,
): (name: string, value: string) => void {
  let noted = metadata;
  return (name, value) => {
    const next = { ...noted, [name]: value };
    const pairs = Object.entries(next);
    const bytes = pairs.reduce((sum, [key, text]) => sum + Buffer.byteLength(key) + Buffer.byteLength(text), 0);
    if (pairs.length > ENTRIES_MAX || bytes > ENTRIES_BYTES_MAX) return;
    noted = next;
    journal.patch({ metadata: next });
  };
}
