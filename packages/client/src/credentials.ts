import type { Http } from './http.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import type {
  Credential,
  CredentialCheck,
  CredentialForm,
  CredentialInput,
  CredentialUse,
  NewCredential,
  Page,
  PageQuery,
  Reencryption,
} from './schemas.js';

const PATH = '/v1/credentials';

/** What opens Asterisk and providers, sealed in the server. Needs scope `admin`. Of an id that is not known: `credential_not_found`. */
export class Credentials {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** One page, newest first, without values. */
  list(query: PageQuery = {}, options: RequestOptions = {}): Promise<Page<Credential>> {
    return pageOf(this.#http, PATH, query, options);
  }

  /** All of them, newest first, a page at a time. */
  each(query: PageQuery = {}, options: RequestOptions = {}): AsyncGenerator<Credential, void, undefined> {
    return eachOf(this.#http, PATH, query, options);
  }

  get(id: string, { signal }: RequestOptions = {}): Promise<Credential> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}`, { signal });
  }

  /** Fails with `credential_invalid`, which names the field and never its value, or `credential_name_taken`. */
  create(body: NewCredential, { signal }: RequestOptions = {}): Promise<Credential> {
    return this.#http.json('POST', PATH, { body, signal });
  }

  /** Replaces it; without a `value` the old one stays. The provider cannot change. */
  save(id: string, body: CredentialInput, { signal }: RequestOptions = {}): Promise<Credential> {
    return this.#http.json('PUT', `${PATH}/${inPath(id)}`, { body, signal });
  }

  /** Fails with `credential_in_use` while an assistant names it. */
  remove(id: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('DELETE', `${PATH}/${inPath(id)}`, { signal });
  }

  /** Asks the other side whether it opens. That it does not is an answer, not an error. */
  test(id: string, { signal }: RequestOptions = {}): Promise<CredentialCheck> {
    return this.#http.json('POST', `${PATH}/${inPath(id)}/test`, { signal });
  }

  /** The assistants that name it, by their names. */
  async uses(id: string, { signal }: RequestOptions = {}): Promise<readonly CredentialUse[]> {
    const { data } = await this.#http.json<Page<CredentialUse>>('GET', `${PATH}/${inPath(id)}/uses`, { signal });
    return data;
  }

  /** What a value consists of, by provider, as JSON Schema. Needs no key. */
  forms({ signal }: RequestOptions = {}): Promise<Readonly<Record<string, CredentialForm>>> {
    return this.#http.json('GET', `${PATH}/schema.json`, { signal });
  }

  /** Seals every credential with the first key of `VAULT__KEY`. */
  reencrypt({ signal }: RequestOptions = {}): Promise<Reencryption> {
    return this.#http.json('POST', `${PATH}/reencrypt`, { signal });
  }
}
