/** Lists that are shown whole: nobody has as many assistants or webhooks as this, and a page that holds them stays quick. */
const ITEMS_MAX = 2_000;

export async function allOf<T>(each: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of each) {
    items.push(item);
    if (items.length >= ITEMS_MAX) break;
  }
  return items;
}
