import type { Http } from './http.js';
import type { RequestOptions } from './pages.js';
import type { OverviewFigures, OverviewQuery } from './schemas.js';

/** How calls went over time. Needs scope `calls`. */
export class Overview {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Calls, outcomes, response times with their parts, interruptions and errors of providers, in buckets of an hour or a day and in
   * all; what is held now. Default: the last 24 hours by hour. At most 100 buckets; ten seconds old at most, ten minutes where a bucket is long over.
   */
  get(query: OverviewQuery = {}, { signal }: RequestOptions = {}): Promise<OverviewFigures> {
    return this.#http.json('GET', '/v1/overview', { query: { ...query }, signal });
  }
}
