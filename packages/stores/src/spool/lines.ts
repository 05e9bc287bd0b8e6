import type { CallWrite, CallWriteOperation, SpooledWrite } from '@rapida/core';

const OPERATIONS: readonly string[] = [
  'transition',
  'patch',
  'appendEvent',
  'addTurn',
] satisfies readonly CallWriteOperation[];

export function toLine({ id, atMs, write: { operation, args }, mayBeStored }: SpooledWrite): string {
  return `${JSON.stringify({ id, atMs, operation, args, mayBeStored })}\n`;
}

/** Undefined where it is none: a line that was cut off when its process was killed. */
export function fromLine(line: string): SpooledWrite | undefined {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const { id, atMs, operation, args, mayBeStored } = given as Readonly<Record<string, unknown>>;
  const isOurs = typeof id === 'string' && typeof atMs === 'number' && OPERATIONS.includes(String(operation));
  if (!isOurs || !Array.isArray(args) || typeof args[0] !== 'string') return undefined;
  // JSON has no `undefined`, and no argument of these is null.
  const write = { operation, args: args.map((arg) => arg ?? undefined) } as unknown as CallWrite;
  return { id, atMs, write, mayBeStored: mayBeStored === true };
}

/** What a file of the spool holds, and how many lines of it cannot be read. */
export function readLines(text: string): { readonly writes: SpooledWrite[]; readonly unreadable: number } {
  const lines = text.split('\n').filter((line) => line !== '');
  const writes = lines.map(fromLine).filter((write) => write !== undefined);
  return { writes, unreadable: lines.length - writes.length };
}
