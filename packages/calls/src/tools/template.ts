import { RapidaError } from '@rapida/core';

/** Values for `{{name}}`: the model's arguments, then those of the call. */
export type Values = Readonly<Record<string, unknown>>;

const PLACE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** Each value is one piece of the address, whatever is in it: it can lead to no other path, host or parameter. */
export function fillUrl(template: string, values: Values): string {
  return template.replaceAll(PLACE, (_, name: string) => {
    const text = textOf(values, name);
    // A URL is shortened by these when it is read.
    if (/^\.{1,2}$/.test(text)) throw new RapidaError('tool_refused', `${name} may not be "${text}"`);
    // Half a surrogate pair cannot be written.
    return encodeURIComponent(text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD'));
  });
}

export function fillHeader(template: string, values: Values): string {
  const filled = template.replaceAll(PLACE, (_, name: string) => textOf(values, name));
  // Another line would be another header; only these can be sent at all.
  return filled.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' ').trim();
}

/** Values are put in as JSON; within quotes as the inside of a text. What comes of it is JSON where the template is. */
export function fillJson(template: string, values: Values): string {
  return template.replaceAll(PLACE, (_, name: string, offset: number) => {
    const isInText = (template.slice(0, offset).match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
    if (!isInText) return JSON.stringify(values[name] ?? null);
    return JSON.stringify(textOf(values, name)).slice(1, -1);
  });
}

function textOf(values: Values, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
