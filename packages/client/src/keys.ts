import type { Http } from './http.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import type { ApiKey, CreatedApiKey, NewApiKey, Page } from './schemas.js';

const PATH = '/v1/api-keys';

/** Who may use the server. Needs scope `admin`. Of an id that is not known: `key_not_found`. */
export class Keys {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** By their first characters; the list has one page. */
  list(options: RequestOptions = {}): Promise<Page<ApiKey>> {
    return pageOf(this.#http, PATH, {}, options);
  }

  each(options: RequestOptions = {}): AsyncGenerator<ApiKey, void, undefined> {
    return eachOf(this.#http, PATH, {}, options);
  }

  /** Its `key` is in this answer and never again. */
  create(body: NewApiKey, { signal }: RequestOptions = {}): Promise<CreatedApiKey> {
    return this.#http.json('POST', PATH, { body, signal });
  }

  /** At once. */
  revoke(id: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('DELETE', `${PATH}/${inPath(id)}`, { signal });
  }
}
