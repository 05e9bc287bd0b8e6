import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Answer, type RequestOptions, request } from './support/api.js';
import { type Finished, logLines, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { callPhoneOverGrpc, type GrpcOutcome } from './support/grpc.js';
import {
  ARI_USER,
  asteriskCredential,
  callingAssistant,
  giveSound,
  hasBecome,
  placeCall,
  type SoundOfAsterisk,
} from './support/outbound.js';
import { type RefusingProvider, startRefusingProvider } from './support/refusing-provider.js';
import { secretInOddPlaces } from './support/secret-in-odd-places.js';

/** With characters that look different in an URL. */
const PASSWORD = 'pass/of+the=pbx&0123456789abcdef';
const WRONG_PASSWORD = 'wrong/of+the=pbx&0123456789abcdef';
const IN_URL = 'in-the-url-of-ari-0123456789abcdef';
const PROVIDER_KEY = 'sk-vault-0123456789abcdefghijklmnop';
/** A well-formed key that opens nothing. */
const WRONG_KEY = `rpd-${'v'.repeat(43)}`;

function formsOf(password: string): string[] {
  const basic = [`${ARI_USER}:${password}`, password].map((text) => Buffer.from(text).toString('base64'));
  return [password, encodeURIComponent(password), ...basic];
}

/** By what they are, for the message of a test that has found one. */
const secrets = new Map<string, readonly string[]>([
  ['ARI password', formsOf(PASSWORD)],
  ['wrong ARI password', formsOf(WRONG_PASSWORD)],
  ['password in ari_url', [IN_URL]],
  ['provider key', [PROVIDER_KEY]],
  ['refused API key', [WRONG_KEY]],
]);
function foundIn(text: string | Buffer): string[] {
  return [...secrets].filter(([, forms]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

describe('no secret is found', () => {
  const answers: { readonly asked: string; readonly answer: Answer }[] = [];
  const grpcOutcomes: GrpcOutcome[] = [];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let pbx: FakeAri;
  let provider: RefusingProvider;
  let server: ServedProcess;
  let sound: SoundOfAsterisk;
  let files: string;
  let end: Finished;
  let heap: Buffer;
  /** To a credential that has its password in the address, as people write it. */
  let inUrl: Answer;

  async function ask(path: string, { key = server.api.key, ...options }: RequestOptions = {}): Promise<Answer> {
    const answer = await request(server.url, path, { key, ...options });
    answers.push({ asked: `${options.method ?? 'GET'} ${path} ${options.body ?? ''}`, answer });
    return answer;
  }

  const send = (method: string, path: string, body: unknown) => ask(path, { method, body: JSON.stringify(body) });

  async function talkOnce(assistantId: string): Promise<void> {
    const { id, contextId } = await placeCall(server.api, { assistantId, to: '6001' });
    await hasBecome(server.api, id, { state: 'connected' });
    await vi.waitFor(() => expect(sound.callers.get(contextId)).toBeDefined());
    sound.callers.get(contextId)?.hangup();
    await hasBecome(server.api, id, { state: 'completed' });
  }

  async function failOnce(assistantId: string, reason: string): Promise<void> {
    const { id } = await placeCall(server.api, { assistantId, to: '6001' });
    await hasBecome(server.api, id, { state: 'failed', reason });
  }

  /** Calls on engines of a provider that refuses the key of the vault. */
  async function callWithProvider(pbxId: string): Promise<void> {
    const value = { apiKey: PROVIDER_KEY, baseUrl: provider.url };
    const made = await send('POST', '/v1/credentials', { name: 'provider', provider: 'openai-compatible', value });
    const { id: credentialId } = JSON.parse(made.text) as { id: string };
    await ask(`/v1/credentials/${credentialId}/test`, { method: 'POST' });
    const engine = { provider: 'openai-compatible', credentialId };
    const config = { name: 'of a provider', greeting: 'Hello.', stt: engine, llm: engine, tts: engine };
    const { id } = await server.api.send<{ id: string }>('POST', '/v1/assistants', config);
    await send('PUT', `/v1/assistants/${id}/phone-deployment`, { credentialId: pbxId, options: { context: 'x' } });
    await talkOnce(id);
  }

  async function useTheVault(): Promise<void> {
    const { api } = server;
    const pbxId = await asteriskCredential(api, 'pbx-of-the-vault', { url: pbx.url, password: PASSWORD });
    const refusedId = await asteriskCredential(api, 'refused', { url: pbx.url, password: WRONG_PASSWORD });
    const stasis = await callingAssistant(api, pbxId);
    await talkOnce(stasis);
    await talkOnce(await callingAssistant(api, pbxId, { context: 'from-rapida' }));
    const refused = await callingAssistant(api, refusedId, { context: 'from-rapida' });
    await failOnce(refused, 'ari_unauthorized');
    await callWithProvider(pbxId);
    for (const id of [pbxId, refusedId]) await ask(`/v1/credentials/${id}/test`, { method: 'POST' });
    const unusedId = await asteriskCredential(api, 'unused', { url: pbx.url, password: WRONG_PASSWORD });
    const value = { ari_url: pbx.url, ari_user: ARI_USER, ari_password: PASSWORD };
    await send('PUT', `/v1/credentials/${unusedId}`, { name: 'saved', provider: 'asterisk', value });
    await send('PUT', `/v1/credentials/${unusedId}`, { name: 'renamed', provider: 'asterisk' });
    await ask('/v1/credentials/reencrypt', { method: 'POST' });
    await ask(`/v1/credentials/${unusedId}`, { method: 'DELETE' });
    await ask(`/v1/credentials/${pbxId}`, { method: 'DELETE' });
    for (const secret of [PASSWORD, PROVIDER_KEY]) {
      for (const { path, options } of secretInOddPlaces(secret, { credential: pbxId, assistant: stasis })) {
        await ask(path, options);
      }
    }
    const url = pbx.url.replace('//', `//rapida:${IN_URL}@`);
    const withUrl = { ari_url: url, ari_user: ARI_USER, ari_password: PASSWORD };
    inUrl = await send('POST', '/v1/credentials', { name: 'with url', provider: 'asterisk', value: withUrl });
    await ask('/v1/credentials', { key: WRONG_KEY });
    const order = { assistantId: stasis, to: '6001' };
    grpcOutcomes.push(await callPhoneOverGrpc(server, { ...order, headers: { 'x-api-key': WRONG_KEY } }));
    const headers = { 'x-api-key': api.key, authorization: `Basic ${formsOf(PASSWORD)[2]}`, 'x-odd': PROVIDER_KEY };
    grpcOutcomes.push(await callPhoneOverGrpc(server, { ...order, to: PASSWORD, headers }));
  }

  async function askForAll(): Promise<void> {
    for (const path of ['/metrics', '/readyz', '/v1/credentials', '/v1/assistants', '/v1/api-keys']) await ask(path);
    const { data } = JSON.parse((await ask('/v1/calls')).text) as { data: { id: string }[] };
    expect(data.length).toBeGreaterThanOrEqual(4);
    for (const { id } of data) for (const part of ['', '/events', '/metrics']) await ask(`/v1/calls/${id}${part}`);
  }

  /** All bytes of the folder but the files that are there to hold a key. */
  async function filesOf(path: string): Promise<string> {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const searched = entries.filter((entry) => entry.isFile() && !/-api-key$|^vault\.key$/.test(entry.name));
    expect(searched.map(({ name }) => name)).toContain('rapida.db');
    const bytes = await Promise.all(searched.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
    return bytes.join('\n');
  }

  /** A heap snapshot has what can be reached, and no garbage. */
  async function heapSnapshot(into: string): Promise<Buffer> {
    server.child.kill('SIGUSR2');
    const written = async () => (await readdir(into)).find((name) => name.endsWith('.heapsnapshot'));
    const name = await vi.waitFor(
      async () => {
        const found = await written();
        expect(found).toBeDefined();
        return found ?? '';
      },
      { timeout: 20_000, interval: 50 },
    );
    // The loop stands still while it is written: who answers has written it.
    await request(server.url, '/healthz');
    return readFile(join(into, name));
  }

  beforeAll(async () => {
    folder = await temporaryFolder();
    provider = await startRefusingProvider();
    pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
    const nodeOptions = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder.path}`];
    // Else of long strings only the beginning is in it.
    nodeOptions.push('--heap-snapshot-string-limit=100000000');
    server = await serveProcess(join(folder.path, 'data'), { LOG_LEVEL: 'trace' }, nodeOptions);
    const { key } = await server.api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'x', scopes: ['calls'] });
    await ask('/v1/calls', { key });
    secrets.set('API keys', [server.api.key, key]);
    sound = giveSound(pbx, { doors: server });
    await useTheVault();
    await askForAll();
    heap = await heapSnapshot(folder.path);
    files = await filesOf(server.dataDir);
    server.child.kill('SIGTERM');
    end = await server.finished;
    files += await filesOf(server.dataDir);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([pbx.close(), provider.close()]);
    await folder.remove();
  });

  it('though every one of them was used', () => {
    expect(provider.authorizations).toContain(`Bearer ${PROVIDER_KEY}`);
    expect(end.code).toBe(0);
    expect(answers.length).toBeGreaterThan(150);
    expect(answers.some(({ answer }) => answer.text.includes('ari_unauthorized'))).toBe(true);
    expect(grpcOutcomes.map(({ failure }) => failure?.code)).toEqual(['key_invalid', 'number_invalid']);
    expect(secrets.size).toBe(6);
  });

  it('in any answer or its headers', () => {
    const leaks = answers.filter(({ answer: { text, headers } }) => {
      return foundIn(`${[...headers].map((pair) => pair.join(': ')).join('\n')}\n${text}`).length > 0;
    });
    expect(leaks.map(({ asked, answer }) => `${asked}: ${answer.text}`)).toEqual([]);
    expect(foundIn(JSON.stringify(grpcOutcomes))).toEqual([]);
  });

  it('in what the server logs at level trace, and prints', () => {
    expect(end.stderr.split('\n').filter((line) => foundIn(line).length > 0)).toEqual([]);
    expect(foundIn(end.stdout)).toEqual([]);
    expect(logLines(end.stderr).length).toBeGreaterThan(150);
  });

  it('in the database, its log, or any other file but those that are there for it', () => {
    expect(foundIn(files)).toEqual([]);
    // The search finds what is there.
    expect(files).toContain('pbx-of-the-vault');
  });

  it('in an address, which is refused: no client of ARI could use it', () => {
    expect([inUrl.status, inUrl.headers.get('x-rapida-error')]).toEqual([400, 'credential_invalid']);
    expect(inUrl.text).toContain('ari_url');
  });

  it('in the memory of a server whose calls are over, though it is still connected to that Asterisk', () => {
    expect(foundIn(heap)).toEqual([]);
    expect(heap.includes(pbx.url)).toBe(true);
  });
});
