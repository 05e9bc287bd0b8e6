import { RapidaError } from '@rapida/core';
import { z } from 'zod';
import { MIGRATIONS } from '../database/migrations/index.js';
import { type MovedTable, TABLES_IN_ORDER } from './tables-in-order.js';

/*
 * Lines of JSON: one that says what it is, one for each row, and one with how many there are of each table, without which the
 * file was cut off. Rows are as they are stored, sealed values and hashes of keys too.
 */

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;
export type Counts = Readonly<Record<string, number>>;

/** Rows of one schema do not fit another: whoever has an older one opens the old database with this version first. */
export const HEADER = { format: 'rapida-data', version: 1, schema: MIGRATIONS.length } as const;

const headerSchema = z.object({ format: z.literal(HEADER.format), version: z.number(), schema: z.number() });
const value = z.union([z.string(), z.number(), z.null()]);
const table = z.enum(TABLES_IN_ORDER as [MovedTable, ...MovedTable[]]);
const rowSchema = z.tuple([table, z.record(z.string(), value)]);
const endSchema = z.object({ counts: z.record(z.string(), z.number()) });

export type Entry = { readonly table: MovedTable; readonly row: Row } | { readonly counts: Counts };

export function checkHeader(line: string | undefined): void {
  const header = headerSchema.safeParse(parsed(line ?? ''));
  if (!header.success)
    throw new RapidaError('invalid_request', 'It is no export of rapida: its first line says nothing of it.');
  const { version, schema } = header.data;
  if (version === HEADER.version && schema === HEADER.schema) return;
  throw new RapidaError(
    'invalid_request',
    `It was exported by another version: its schema is ${schema}, that of this program ${HEADER.schema}. Export it again with this version.`,
  );
}

/** Of any line after the first. `number` counts from 1, as editors do; what the line holds is not repeated. */
export function readEntry(line: string, number: number): Entry {
  const json = parsed(line);
  const row = rowSchema.safeParse(json);
  if (row.success) return { table: row.data[0], row: row.data[1] };
  const end = endSchema.safeParse(json);
  if (end.success) return end.data;
  throw new RapidaError('invalid_request', `line ${number}: it is no row of an export.`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
