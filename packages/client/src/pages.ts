import { RapidaApiError } from './api-error.js';
import type { Http } from './http.js';
import type { Page } from './schemas.js';

/** How every request can be given up. */
export interface RequestOptions {
  /** Aborted, the request ends at once and rejects with the reason of the signal. What the server has begun goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the caller names no limit: the most that the server gives at once. */
const PAGE_LIMIT = 200;

type Filter = object & { readonly limit?: number; readonly cursor?: string };

export function pageOf<T>(http: Http, path: string, filter: Filter, { signal }: RequestOptions): Promise<Page<T>> {
  return http.json<Page<T>>('GET', path, { query: { ...filter }, signal });
}

/** Everything a list has, fetched a page at a time when it is asked for. */
export async function* eachOf<T>(
  http: Http,
  path: string,
  filter: Filter,
  options: RequestOptions,
): AsyncGenerator<T, void, undefined> {
  for (let cursor = filter.cursor; ; ) {
    const at = cursor === undefined ? {} : { cursor };
    const page = await pageOf<T>(http, path, { limit: PAGE_LIMIT, ...filter, ...at }, options);
    yield* page.data;
    if (page.nextCursor === null) return;
    if (page.nextCursor === cursor) {
      throw new RapidaApiError({ status: 200, code: 'answer_invalid', text: `the list ${path} has no end` });
    }
    cursor = page.nextCursor;
  }
}

/** As a part of a path. */
export function inPath(id: string): string {
  return encodeURIComponent(id);
}
