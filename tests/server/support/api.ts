import { expect, vi } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RequestOptions {
  readonly method?: string;
  /** In the header `x-api-key`; undefined: none is sent. */
  readonly key?: string | undefined;
  /** Sent as it is, as JSON. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function request(url: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', key, body, headers } = options;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key !== undefined && { 'x-api-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

export interface CallJson {
  readonly id: string;
  readonly contextId: string;
  readonly state: string;
  readonly from: string;
  readonly transport: string | null;
  readonly disconnectedBy: string | null;
  readonly reason: string | null;
  readonly hasRecording: boolean;
}

/** Asterisk closes its socket, which resets the connection where sound of ours was not read yet: the same hangup. */
export const CALLER_HANGUP = 'caller_hangup';

export interface TurnJson {
  readonly role: string;
  readonly text: string;
}

/** What the tests ask of a server, as the holder of a key. Anything but a success fails the test. */
export class Api {
  readonly url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  async get<T>(path: string): Promise<T> {
    return this.#json<T>(await request(this.url, path, { key: this.key }), path);
  }

  async send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
    return this.#json<T>(await request(this.url, path, { method, key: this.key, body: JSON.stringify(body) }), path);
  }

  /** Phase 1: the context id. */
  async register(assistantId: string, from = '+15551230000'): Promise<string> {
    const path = `/v1/talk/asterisk/call/${assistantId}?from=${encodeURIComponent(from)}`;
    const answer = await request(this.url, path, { key: this.key });
    expect(answer.status, answer.text).toBe(200);
    return answer.text;
  }

  async callOf(contextId: string): Promise<CallJson> {
    const { data } = await this.get<{ data: CallJson[] }>('/v1/calls?limit=200');
    const call = data.find((one) => one.contextId === contextId);
    if (call === undefined) throw new Error(`no call was registered under ${contextId}`);
    return call;
  }

  /** Waits for the record of a call to say so. */
  async ended(contextId: string, as: Partial<CallJson>, withinMs = 5_000): Promise<CallJson> {
    return vi.waitFor(
      async () => {
        const call = await this.callOf(contextId);
        expect(call).toMatchObject(as);
        return call;
      },
      { timeout: withinMs, interval: 20 },
    );
  }

  transcript(callId: string): Promise<{ data: TurnJson[] }> {
    return this.get(`/v1/calls/${callId}/transcript`);
  }

  #json<T>({ status, text }: Answer, path: string): T {
    expect(status, `${path}: ${text}`).toBeLessThan(300);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
