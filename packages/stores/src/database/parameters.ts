/**
 * What both databases can hold as a value, and hold alike. SQLite's driver ends the whole process on a boolean and takes
 * `undefined` for null, so both are refused; U+0000, which PostgreSQL cannot keep and SQLite's driver cuts text at, becomes
 * U+FFFD, as both make of half a surrogate pair.
 */
export function storable(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    if (typeof value === 'number' || value === null) return value;
    throw new TypeError(`a column cannot hold a value of type ${typeof value}`);
  });
}
