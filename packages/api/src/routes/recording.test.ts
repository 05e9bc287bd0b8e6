import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';

let folder: string;
let api: ApiUnderTest;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapida-api-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  path = join(folder, '11.wav');
  api = createApiUnderTest(createFakeUseCases({ calls: { recordingPath: async () => path } }));
});
afterEach(() => api.close());

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

function get(range?: string) {
  const headers = { 'x-api-key': KEYS.calls, ...(range && { range }) };
  return api.fastify.inject({ url: '/v1/calls/11/recording', headers });
}

it('sends the whole file', async () => {
  await writeFile(path, BYTES);
  const answer = await get();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'audio/wav',
    'content-length': '200000',
    'accept-ranges': 'bytes',
    'content-disposition': 'attachment; filename="call-11.wav"',
  });
  expect(answer.rawPayload.equals(BYTES)).toBe(true);
});

it('sends a range', async () => {
  await writeFile(path, BYTES);
  const answer = await get('bytes=100000-100099');
  expect(answer.statusCode).toBe(206);
  expect(answer.headers).toMatchObject({ 'content-range': 'bytes 100000-100099/200000', 'content-length': '100' });
  expect(answer.rawPayload.equals(BYTES.subarray(100_000, 100_100))).toBe(true);
});

it('says how long the file is to a range outside of it', async () => {
  await writeFile(path, BYTES);
  const answer = await get('bytes=200000-');
  expect(answer.statusCode).toBe(416);
  expect(answer.headers['content-range']).toBe('bytes */200000');
  expect(answer.json()).toMatchObject({ code: 'invalid_request' });
});

it('sends an empty file as one', async () => {
  await writeFile(path, '');
  const answer = await get();
  expect([answer.statusCode, answer.headers['content-length'], answer.body]).toEqual([200, '0', '']);
});

it('does not know a file that is gone', async () => {
  path = join(folder, 'gone.wav');
  const answer = await get();
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'recording_not_found' });
});

it('tells how loud both sides are over time, in as many points as are wanted', async () => {
  const ask = (query: string) =>
    api.fastify.inject({ url: `/v1/calls/11/waveform${query}`, headers: { 'x-api-key': KEYS.calls } });
  expect((await ask('?points=2')).json()).toEqual({ durationMs: 1_000, caller: [7, 7], assistant: [0] });
  expect((await ask('')).json().caller).toHaveLength(1_000);
  for (const points of ['0', '4001', 'many', '1.5']) {
    expect((await ask(`?points=${points}`)).json(), points).toMatchObject({ code: 'invalid_request' });
  }
});
