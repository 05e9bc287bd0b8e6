import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { giveAnswer } from '../../wire/testing/fake-http.js';
import { chatAnswer, type FakeAnswer, jsonAnswer, speechAnswer, transcriptionAnswer } from './fake-answers.js';

/**
 * OpenAI's server as its public API reference describes it, on a port of this machine: it checks key and fields,
 * answers each of the three endpoints sensibly, and does what it is scripted to where a test wants trouble.
 */
export interface FakeOpenAi {
  readonly baseUrl: string;
  /** In order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** The next requests to `path` are answered with these, later ones sensibly again. */
  script(path: FakePath, ...answers: FakeAnswer[]): void;
  /** All requests to `path` from now on are answered with this. */
  always(path: FakePath, answer: FakeAnswer): void;
  /** Resolves when `count` requests have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Also ends what is still being answered. Idempotent. */
  close(): Promise<void>;
}

export type FakePath = '/audio/transcriptions' | '/audio/speech' | '/chat/completions';

export interface FakeRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  /** The parsed body; a form's texts as strings, its files as `File`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Resolves when the answer is over: `whole`, or `cut` when one side broke the connection before its end. */
  readonly over: Promise<'whole' | 'cut'>;
}

export const FAKE_KEY = 'sk-fake-key-0123456789';

export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const requests: FakeRequest[] = [];
  const scripts = new Map<string, FakeAnswer[]>();
  const standing = new Map<string, FakeAnswer>();
  const waiters = new Set<() => void>();

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').replace(/^\/v1/, '');
    const over = new Promise<'whole' | 'cut'>((resolve) => {
      outgoing.once('close', () => resolve(outgoing.writableFinished ? 'whole' : 'cut'));
    });
    const body = await readBody(incoming);
    const { authorization } = incoming.headers;
    requests.push({ path, authorization, body, over });
    const scripted = scripts.get(path)?.shift() ?? standing.get(path);
    for (const waiter of waiters) waiter();
    const refusal = incoming.method === 'POST' ? refuse(path, authorization, body) : jsonAnswer(404, {});
    await giveAnswer(outgoing, refusal ?? scripted ?? sensible(path, body));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    script: (path, ...answers) => void scripts.set(path, [...(scripts.get(path) ?? []), ...answers]),
    always: (path, answer) => void standing.set(path, answer),
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const type = incoming.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    return Object.fromEntries(form.entries());
  }
  return type.startsWith('application/json') ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {};
}

/** Fields that the reference calls required, and the limits it names. */
function refuse(path: string, authorization: string | undefined, body: Record<string, unknown>) {
  if (authorization !== `Bearer ${FAKE_KEY}`) {
    const key = authorization?.replace('Bearer ', '') ?? '';
    return errorAnswer(401, `Incorrect API key provided: ${key}.`, 'invalid_request_error', 'invalid_api_key');
  }
  const missing = required(path)?.find((field) => body[field] === undefined || body[field] === '');
  if (missing !== undefined) {
    return errorAnswer(400, `Missing required parameter: '${missing}'.`, 'invalid_request_error', null);
  }
  if (body.model === 'unknown-model') {
    return errorAnswer(404, 'The model `unknown-model` does not exist', 'invalid_request_error', 'model_not_found');
  }
  return undefined;
}

function required(path: string): readonly string[] | undefined {
  if (path === '/audio/transcriptions') return ['file', 'model'];
  if (path === '/audio/speech') return ['model', 'input', 'voice'];
  if (path === '/chat/completions') return ['model', 'messages'];
  return undefined;
}

function sensible(path: string, body: Record<string, unknown>): FakeAnswer {
  if (path === '/audio/transcriptions') return transcriptionAnswer('Hello world.');
  if (path === '/chat/completions') return chatAnswer(['Good', ' morning', '.']);
  if (path === '/audio/speech') return speechAnswer(body.response_format === 'pcm' ? 500 : 0);
  return errorAnswer(404, `Invalid URL (POST ${path})`, 'invalid_request_error', null);
}

export function errorAnswer(status: number, message: string, type: string, code: string | null): FakeAnswer {
  return jsonAnswer(status, { error: { message, type, param: null, code } });
}
