import type { Http } from './http.js';
import type { RequestOptions } from './pages.js';
import type { SetUpToken } from './schemas.js';

const PATH = '/v1/password';

/** The password of the dashboard. Needs scope `admin`, of the installation's first project. */
export class Password {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Every session that was opened with the former one ends. */
  change(password: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('PUT', PATH, { body: { password }, signal });
  }

  /** For one use, within an hour; the one that was made before is worth nothing any more. The page is `/setup#TOKEN`. */
  setUpToken({ signal }: RequestOptions = {}): Promise<SetUpToken> {
    return this.#http.json('POST', `${PATH}/setup-token`, { signal });
  }
}
