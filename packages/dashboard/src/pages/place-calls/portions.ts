/** Placed with one request: so that progress is seen, and one that fails leaves few in doubt. */
export const PORTION_CALLS = 100;

export function portionsOf<T>(items: readonly T[], size: number = PORTION_CALLS): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
