import type { Http } from './http.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import type { CreatedWebhook, Delivery, DeliveryFilter, Page, PageQuery, Webhook, WebhookInput } from './schemas.js';

const PATH = '/v1/webhooks';

/**
 * Who is told of the events of calls; {@link verifyWebhook} is for the receiver. Needs scope `admin`. Of an id that is not known:
 * `webhook_not_found`, `delivery_not_found`.
 */
export class Webhooks {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** One page, newest first, without secrets. */
  list(query: PageQuery = {}, options: RequestOptions = {}): Promise<Page<Webhook>> {
    return pageOf(this.#http, PATH, query, options);
  }

  /** All of them, newest first, a page at a time. */
  each(query: PageQuery = {}, options: RequestOptions = {}): AsyncGenerator<Webhook, void, undefined> {
    return eachOf(this.#http, PATH, query, options);
  }

  get(id: string, { signal }: RequestOptions = {}): Promise<Webhook> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}`, { signal });
  }

  /**
   * Its `secret` is in this answer and never again. Fails with `webhook_target_refused` for an address that is not of the public
   * internet, and with `webhook_limit` above 50 of a project.
   */
  create(body: WebhookInput, { signal }: RequestOptions = {}): Promise<CreatedWebhook> {
    return this.#http.json('POST', PATH, { body, signal });
  }

  /** Replaces it: what is left out has its default. The secret stays. */
  save(id: string, body: WebhookInput, { signal }: RequestOptions = {}): Promise<Webhook> {
    return this.#http.json('PUT', `${PATH}/${inPath(id)}`, { body, signal });
  }

  /** With its deliveries. */
  remove(id: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('DELETE', `${PATH}/${inPath(id)}`, { signal });
  }

  /** A new secret, which signs all deliveries from now on; the former one signs nothing any more. */
  rotateSecret(id: string, { signal }: RequestOptions = {}): Promise<{ readonly secret: string }> {
    return this.#http.json('POST', `${PATH}/${inPath(id)}/secret`, { signal });
  }

  /** Queues an event of type `test`. */
  test(id: string, { signal }: RequestOptions = {}): Promise<{ readonly deliveryId: string }> {
    return this.#http.json('POST', `${PATH}/${inPath(id)}/test`, { signal });
  }

  /** One page of what was, is and was in vain delivered, newest first. */
  deliveries(filter: DeliveryFilter = {}, options: RequestOptions = {}): Promise<Page<Delivery>> {
    return pageOf(this.#http, `${PATH}/deliveries`, filter, options);
  }

  /** All of them, newest first, a page at a time. */
  eachDelivery(filter: DeliveryFilter = {}, options: RequestOptions = {}): AsyncGenerator<Delivery, void, undefined> {
    return eachOf(this.#http, `${PATH}/deliveries`, filter, options);
  }

  /** Queues a delivery once more, whatever became of it, under the same id. */
  resend(deliveryId: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('POST', `${PATH}/deliveries/${inPath(deliveryId)}/resend`, { signal });
  }
}
