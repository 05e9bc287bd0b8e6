/** A path with these values in its query, without those that are undefined. */
export function withQuery(path: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const query = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
