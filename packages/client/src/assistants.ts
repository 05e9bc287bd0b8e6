import type { Http } from './http.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import type { Assistant, AssistantInput, Page, PageQuery, PhoneDeployment, PhoneDeploymentInput } from './schemas.js';

const PATH = '/v1/assistants';

/** Who speaks. Reading needs scope `calls`, changing `admin`. Of an id that is not known: `assistant_not_found`. */
export class Assistants {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** One page, newest first. */
  list(query: PageQuery = {}, options: RequestOptions = {}): Promise<Page<Assistant>> {
    return pageOf(this.#http, PATH, query, options);
  }

  /** All of them, newest first, a page at a time. */
  each(query: PageQuery = {}, options: RequestOptions = {}): AsyncGenerator<Assistant, void, undefined> {
    return eachOf(this.#http, PATH, query, options);
  }

  get(id: string, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}`, { signal });
  }

  /** `{ name }` is enough. Fails with `assistant_invalid`, `assistant_name_taken`, `phrase_unknown_word`. */
  create(body: AssistantInput, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('POST', PATH, { body, signal });
  }

  /** Replaces the whole configuration, as a new version. What `get` gave can be changed and given here. */
  save(id: string, body: AssistantInput, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('PUT', `${PATH}/${inPath(id)}`, { body, signal });
  }

  /** Its calls stay. */
  remove(id: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('DELETE', `${PATH}/${inPath(id)}`, { signal });
  }

  getPhoneDeployment(id: string, { signal }: RequestOptions = {}): Promise<PhoneDeployment> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}/phone-deployment`, { signal });
  }

  /** Replaces it: what is left out has its default. Fails with `deployment_invalid`. */
  savePhoneDeployment(
    id: string,
    body: PhoneDeploymentInput,
    { signal }: RequestOptions = {},
  ): Promise<PhoneDeployment> {
    return this.#http.json('PUT', `${PATH}/${inPath(id)}/phone-deployment`, { body, signal });
  }
}
