export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

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

  /** Everything a list has, page by page; the newest 10,000 where it has more. */
  async all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES_MAX; page++) {
      const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { data, nextCursor } = await this.get<Page<T>>(`${path}?limit=${PAGE_SIZE}${from}`);
      found.push(...data);
      cursor = nextCursor;
      if (cursor === null) break;
    }
    return found;
  }

  async text(path: string): Promise<string> {
    return (await this.#request('GET', path)).text();
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', path)).arrayBuffer());
  }

  /** JSON of a successful answer; undefined where it has no body. */
  async send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, options: SendOptions = {}): Promise<T> {
    const text = await (await this.#request(method, path, options)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #request(method: string, path: string, { body, headers: more = {} }: SendOptions = {}): Promise<Response> {
    const headers: Record<string, string> = { ...more };
    if (this.#key !== undefined) headers['x-api-key'] = this.#key;
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

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

const REQUEST_MS_MAX = 30_000;
const PAGE_SIZE = 200;
const PAGES_MAX = 50;

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What to do about it with this command. */
const ADVICE: Readonly<Record<string, string>> = {
  key_missing: 'set RAPIDA_API_KEY or --key',
  deployment_incomplete: 'rapida credentials create <name> ..., then rapida assistants deploy --credential <name>',
  deployment_disabled: 'rapida assistants deploy --enable',
  webhook_not_found: 'rapida webhooks list',
  delivery_not_found: 'rapida webhooks deliveries',
};

async function failureOf(answer: Response): Promise<ApiFailure> {
  const told = errorIn(await answer.text());
  if (told === undefined) return new ApiFailure('http_error', `the server answered ${answer.status}`);
  const { code, message } = told;
  const advice = ADVICE[code];
  return new ApiFailure(code, `${message} (${code})${advice === undefined ? '' : `: ${advice}`}`);
}

interface TalkError {
  readonly errorCode?: string;
  /** Begins with the code that the other routes have, and a colon. */
  readonly errorMessage?: string;
  readonly humanMessage?: string;
}

/** Of `{error, code}`, or of the envelope that the answers about placing calls have. */
function errorIn(text: string): { readonly code: string; readonly message: string } | undefined {
  const body = jsonOf(text) as { error?: string | TalkError | null; code?: unknown } | null | undefined;
  const error = body?.error;
  if (typeof error === 'string') return { code: String(body?.code), message: error };
  if (typeof error !== 'object' || error === null) return undefined;
  const { errorCode = 'http_error', errorMessage = '', humanMessage = '' } = error;
  const code = /^[a-z_]+(?=: )/.exec(errorMessage)?.[0] ?? errorCode;
  return { code, message: humanMessage || errorMessage };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
