import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Answer, request } from './support/api.js';
import { callOverAudioSocket, callOverWebSocket, type Doors } from './support/caller.js';
import { type Finished, logLines, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const PROVIDER_KEY = 'sk-provider-0123456789abcdefghijklmnop';
/** A well-formed key that opens nothing: what is refused is a secret as well, perhaps of another server. */
const WRONG_KEY = `rpd-${'w'.repeat(43)}`;

/** A provider that refuses, and quotes the key in its refusal, as the real ones do. */
function refusingProvider(seen: (string | undefined)[]): Server {
  return createServer((incoming, answer) => {
    seen.push(incoming.headers.authorization);
    incoming.resume();
    const message = `Incorrect API key provided: ${incoming.headers.authorization?.slice('Bearer '.length)}.`;
    answer.writeHead(401, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } }));
  });
}

/** Everything a call and its operator make a server say. */
interface Told {
  readonly answers: Answer[];
  /** What a key must not be found in. */
  texts(): string;
}

function listenTo(): Told {
  const answers: Answer[] = [];
  const texts = () =>
    answers.map(({ text, headers }) => `${[...headers].map((pair) => pair.join(': ')).join('\n')}\n${text}`).join('\n');
  return { answers, texts };
}

interface Keys {
  readonly admin: string;
  readonly inbound: string;
}

/** Calls on engines of the provider, asking with each key in header and query, and then for all that there is to know. */
async function useEverything(doors: Doors, { admin, inbound }: Keys, told: Told): Promise<void> {
  const ask = async (path: string, options: Parameters<typeof request>[2] = {}) => {
    const answer = await request(doors.url, path, options);
    told.answers.push(answer);
    return answer;
  };
  const provider = { provider: 'openai-compatible' };
  const config = { name: 'of a provider', greeting: 'Hello.', stt: provider, llm: provider, tts: provider };
  const made = await ask('/v1/assistants', { method: 'POST', key: admin, body: JSON.stringify(config) });
  expect(made.status, made.text).toBe(201);
  const webhook = `/v1/talk/asterisk/call/${JSON.parse(made.text).id}?from=1&note=kept`;
  const contexts = [
    await ask(webhook, { key: inbound }),
    await ask(`${webhook}&x-api-key=${inbound}`),
    await ask(`${webhook}&x-api-key=${admin}`, { method: 'POST', body: JSON.stringify({ copy: admin }) }),
    await ask(`${webhook}&token=${inbound}`, { key: inbound }),
  ];
  for (const { status, text } of contexts) expect(status, text).toBe(200);
  for (const [index, { text }] of contexts.entries()) {
    const caller = await (index % 2 === 0 ? callOverAudioSocket : callOverWebSocket)(doors, text);
    await settled(doors, admin, text, () => caller.hangup());
  }
  await ask(webhook);
  await ask(webhook, { key: WRONG_KEY });
  await ask(`${webhook}&x-api-key=${WRONG_KEY}`);
  await ask(`/v1/calls?x-api-key=${inbound}`);
  await ask(`/nowhere/${admin}?x-api-key=${admin}`);
  await ask('/v1/assistants', { method: 'POST', key: admin, body: `{"name":"x","${admin}":` });
  await askForAll(ask, admin);
}

/** The greeting is over, heard or failed; then the caller hangs up. */
async function settled(doors: Doors, key: string, contextId: string, hangup: () => void): Promise<void> {
  const stateOf = async () => {
    const { data } = JSON.parse((await request(doors.url, '/v1/calls', { key })).text) as {
      data: { contextId: string; state: string }[];
    };
    return data.find((call) => call.contextId === contextId)?.state;
  };
  await vi.waitFor(async () => expect(await stateOf()).not.toBe('registered'), { timeout: 5_000, interval: 20 });
  const errors = async () => (await request(doors.url, '/metrics')).text;
  await vi.waitFor(async () => expect(await errors()).toMatch(/rapida_provider_errors_total\{[^}]*provider_auth/), {
    timeout: 10_000,
    interval: 50,
  });
  hangup();
  await vi.waitFor(async () => expect(await stateOf()).toMatch(/^(completed|failed)$/), {
    timeout: 10_000,
    interval: 20,
  });
}

async function askForAll(ask: (path: string, options?: { key: string }) => Promise<Answer>, key: string) {
  for (const path of ['/metrics', '/healthz', '/readyz', '/openapi.json']) await ask(path);
  for (const path of ['/v1/api-keys', '/v1/assistants', `/v1/calls?x-api-key=${key}`]) await ask(path, { key });
  const { data } = JSON.parse((await ask('/v1/calls', { key })).text) as { data: { id: string }[] };
  expect(data).toHaveLength(4);
  for (const { id } of data) {
    for (const part of ['', '/events', '/transcript', '/metrics']) {
      expect((await ask(`/v1/calls/${id}${part}`, { key })).status).toBe(200);
    }
  }
}

/** All bytes of the folder but the files that are there to hold a key. */
async function filesOf(dataDir: string): Promise<string> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('-api-key'));
  expect(files.map(({ name }) => name)).toContain('rapida.db');
  const bytes = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
  return bytes.join('\n');
}

describe('no key is found', () => {
  const told = listenTo();
  const authorizations: (string | undefined)[] = [];
  let provider: Server;
  let inProcess: ServerUnderTest;
  let child: ServedProcess;
  let childEnd: Finished;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let files: string;
  const keys: string[] = [PROVIDER_KEY, WRONG_KEY];

  async function makeInboundKey(api: ServerUnderTest['api']): Promise<Keys> {
    const made = await api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'pbx', scopes: ['inbound'] });
    keys.push(made.key, api.key);
    return { admin: api.key, inbound: made.key };
  }

  beforeAll(async () => {
    provider = refusingProvider(authorizations);
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const environment = {
      OPENAI_API_KEY: PROVIDER_KEY,
      OPENAI_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
      LOG_LEVEL: 'trace',
    };
    folder = await temporaryFolder();
    inProcess = await startServerUnderTest({ environment, providers: 'own' });
    const doors = { url: inProcess.url, audiosocketPort: inProcess.server.audiosocketPort };
    await useEverything(doors, await makeInboundKey(inProcess.api), told);
    child = await serveProcess(join(folder.path, 'data'), environment);
    await useEverything(child, await makeInboundKey(child.api), told);
    files = (await filesOf(inProcess.dataDir)) + (await filesOf(child.dataDir));
    child.child.kill('SIGTERM');
    childEnd = await child.finished;
    files += await filesOf(child.dataDir);
  }, 90_000);
  afterAll(async () => {
    await inProcess.stop();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
    await folder.remove();
  });

  const isIn = (text: string): string[] => keys.filter((key) => text.includes(key));

  it('though every one of them was used', () => {
    expect(keys).toHaveLength(6);
    expect(authorizations).toContain(`Bearer ${PROVIDER_KEY}`);
    expect(childEnd.code).toBe(0);
    expect(logLines(childEnd.stderr).length).toBeGreaterThan(20);
    expect(inProcess.lines.some(({ message }) => message === 'request answered')).toBe(true);
    expect(inProcess.lines.some(({ text }) => text.includes('provider_auth'))).toBe(true);
  });

  it('in what the parts of the server log, before anything is blacked out', () => {
    expect(inProcess.lines.filter(({ text }) => isIn(text).length > 0).map(({ text }) => text)).toEqual([]);
  });

  it('in what the command logs at level trace, and prints beside the dialplan', () => {
    expect(isIn(childEnd.stderr)).toEqual([]);
    expect(isIn(childEnd.stdout)).toEqual([]);
  });

  it('in any answer, its headers, or the metrics', () => {
    expect(told.answers.length).toBeGreaterThan(50);
    expect(isIn(told.texts())).toEqual([]);
  });

  it('in the database, its log, or any other file but the two that are there for it', () => {
    expect(isIn(files)).toEqual([]);
    // The search finds what is there: a parameter of the same requests.
    expect(files).toContain('kept');
  });
});
