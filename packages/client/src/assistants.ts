import type { Http } from './http.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import type {
  Assistant,
  AssistantInput,
  AssistantVersion,
  NewTestCall,
  Page,
  PageQuery,
  PhoneDeployment,
  PhoneDeploymentInput,
} from './schemas.js';
import { startTestCall, type TestCall } from './test-call.js';

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

  /** Replaces the whole configuration, as a new version that is live at once. What `get` gave can be changed and given here. */
  save(id: string, body: AssistantInput, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('PUT', `${PATH}/${inPath(id)}`, { body, signal });
  }

  /** What was saved of it, one page, newest first. */
  versions(id: string, query: PageQuery = {}, options: RequestOptions = {}): Promise<Page<AssistantVersion>> {
    return pageOf(this.#http, versionsOf(id), query, options);
  }

  /** All of them, newest first, a page at a time. */
  eachVersion(
    id: string,
    query: PageQuery = {},
    options: RequestOptions = {},
  ): AsyncGenerator<AssistantVersion, void, undefined> {
    return eachOf(this.#http, versionsOf(id), query, options);
  }

  /** The assistant with the configuration of that version. Fails with `assistant_version_not_found`. */
  getVersion(id: string, version: number, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('GET', `${versionsOf(id)}/${version}`, { signal });
  }

  /** Saves a version without making it live. */
  addVersion(id: string, body: AssistantInput, { signal }: RequestOptions = {}): Promise<AssistantVersion> {
    return this.#http.json('POST', versionsOf(id), { body, signal });
  }

  /** Makes a version live, for calls from now on; an older one is a roll-back. Fails with `assistant_version_not_found`. */
  publish(id: string, version: number, { signal }: RequestOptions = {}): Promise<Assistant> {
    return this.#http.json('POST', `${versionsOf(id)}/${version}/publish`, { signal });
  }

  /**
   * Calls it from this program, by text that a voice speaks or with sound of your own: the same pipeline, a record like any other's. Needs
   * scope `calls`. Fails with `assistant_version_not_found`, `at_capacity`, `draining`, and with `unreachable` where its sound is refused.
   */
  testCall(id: string, body: NewTestCall, options: RequestOptions = {}): Promise<TestCall> {
    return startTestCall(this.#http, id, body, options);
  }

  /** With its versions; its calls stay. */
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

function versionsOf(id: string): string {
  return `${PATH}/${inPath(id)}/versions`;
}
