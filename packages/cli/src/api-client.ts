/** The little of the REST API that the command needs; the SDK is for everything else. */
export class ApiClient {
  readonly url: string;
  readonly #key: string | undefined;

  constructor(url: string, key: string | undefined) {
    this.url = url.replace(/\/+$/, '');
    this.#key = key;
  }

  /** JSON of a successful answer; an {@link ApiFailure} otherwise. */
  async get<T>(path: string): Promise<T> {
    return (await this.#request('GET', path)).json() as Promise<T>;
  }

  async text(path: string): Promise<string> {
    return (await this.#request('GET', path)).text();
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', path)).arrayBuffer());
  }

  async send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
    const text = await (await this.#request(method, path, body)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = this.#key === undefined ? {} : { 'x-api-key': this.#key };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, signal: AbortSignal.timeout(REQUEST_MS_MAX) };
    const answer = await fetch(
      `${this.url}${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    ).catch((error: unknown) => {
      throw new ApiFailure(
        'unreachable',
        `no answer from ${this.url}: is the server running? (set RAPIDA_URL or --url)`,
        {
          cause: error,
        },
      );
    });
    if (answer.ok) return answer;
    throw await failureOf(answer);
  }
}

const REQUEST_MS_MAX = 30_000;

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

async function failureOf(answer: Response): Promise<ApiFailure> {
  const text = await answer.text();
  try {
    const { error, code } = JSON.parse(text) as { error: string; code: string };
    const advice = code === 'key_missing' ? ': set RAPIDA_API_KEY or --key' : '';
    return new ApiFailure(code, `${error} (${code})${advice}`);
  } catch {
    return new ApiFailure('http_error', `the server answered ${answer.status}`);
  }
}
