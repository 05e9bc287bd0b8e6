import type { Http } from './http.js';
import type { RequestOptions } from './pages.js';
import type { DialplanFiles, DialplanRequest, Page } from './schemas.js';

const PATH = '/v1/dialplan';

/** What an Asterisk needs to send its calls here: the files of `rapida dialplan`. Needs scope `calls`. */
export class Dialplan {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The files, with the addresses this server knows of itself, and with `keyPlaceholder` where a key of scope `inbound` belongs. */
  write(request: DialplanRequest, { signal }: RequestOptions = {}): Promise<DialplanFiles> {
    return this.#http.json('POST', PATH, { body: request, repeat: 'safe', signal });
  }

  /** Of Asterisk, newest first: what it can be written for. */
  async releases({ signal }: RequestOptions = {}): Promise<readonly string[]> {
    const { data } = await this.#http.json<Page<string>>('GET', `${PATH}/releases`, { signal });
    return data;
  }
}
