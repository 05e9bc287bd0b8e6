import type { Http } from './http.js';
import { pageOf, type RequestOptions } from './pages.js';
import type { Node, Page } from './schemas.js';

/** The processes of an installation. Needs scope `admin`. */
export class Nodes {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** By their names; the list has one page. */
  list(options: RequestOptions = {}): Promise<Page<Node>> {
    return pageOf(this.#http, '/v1/nodes', {}, options);
  }
}
