import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerUnderTest, startServerUnderTest } from '../server/support/server-under-test.js';
import { startExample } from './support/example.js';

let server: ServerUnderTest;
let environment: Record<string, string>;
beforeAll(async () => {
  // Its own ears and voices: it has to understand what the example says.
  server = await startServerUnderTest({ providers: 'own' });
  const { api, url } = server;
  const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/assistants');
  const { key } = await api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'pipeline', scopes: ['calls'] });
  environment = { RAPIDA_URL: url, RAPIDA_API_KEY: key, RAPIDA_ASSISTANT_ID: data[0]?.id ?? '' };
});
afterAll(() => server.stop());

function tryWith(...args: string[]) {
  const program = ['examples/typescript/dist/try-assistant.js', ...args];
  return startExample({ file: process.execPath, args: program, environment }).finished;
}

it('finds in the answer what is looked for, and says where it is not', async () => {
  const found = await tryWith('--say', 'when are you open', '--expect', 'monday to friday');
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(found.stdout).toMatch(
    /^assistant: Hello.*\nuser: when are you open\nassistant: We are open Monday .*\nheard: monday to friday\n$/,
  );
  const missing = await tryWith('--say', 'what is your address', '--expect', 'Elm Street');
  expect([missing.code, missing.stdout]).toEqual([1, expect.stringMatching(/\nnot heard: Elm Street\n$/)]);
});

it('says why it cannot, and how it is used', async () => {
  const unknown = await tryWith('--assistant', '1', '--say', 'hello', '--expect', 'hello');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(assistant_not_found\)\n$/) });
  const used = await tryWith('--say', 'hello');
  expect([used.code, used.stderr]).toEqual([2, expect.stringMatching(/^missing: --expect\n\nTries an assistant/)]);
});
