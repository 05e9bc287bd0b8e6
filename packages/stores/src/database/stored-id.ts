import { type EntityId, isEntityId } from '@rapida/core';

const DIGITS = 20;

/**
 * Ids are unsigned 64-bit numbers. SQLite's integers are signed and JavaScript's lose the low digits, so they are kept
 * as text, padded to the 20 digits of the largest: then the order of the text is the order of the numbers, which is
 * their age, under every collation. What is no id becomes empty text, which no row has (the schema checks the length).
 */
export function toStoredId(id: EntityId): string {
  return isEntityId(id) ? id.padStart(DIGITS, '0') : '';
}

export function fromStoredId(stored: string): EntityId {
  return stored.replace(/^0+(?=[0-9])/, '');
}

/** Filled up to a power of two with what no row has, so that a list that grows and shrinks makes few statements. */
export function toStoredIds(ids: readonly EntityId[]): string[] {
  const stored = ids.map(toStoredId);
  const length = 2 ** Math.ceil(Math.log2(stored.length));
  return [...stored, ...Array<string>(length - stored.length).fill('')];
}
