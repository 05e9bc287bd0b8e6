import { inspect } from 'node:util';
import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as anthropic from '../anthropic/testing/fake-anthropic.js';
import * as azure from '../azure-openai/testing/fake-azure.js';
import * as bedrock from '../bedrock/testing/fake-bedrock.js';
import * as gemini from '../google/testing/fake-gemini.js';
import * as groq from '../groq/testing/fake-groq.js';
import * as mistral from '../mistral/testing/fake-mistral.js';
import { jsonAnswer } from '../openai-compatible/testing/fake-answers.js';
import { probeProvider } from '../probes.js';
import type { FakeHttp } from '../wire/testing/fake-http.js';
import { STRANGE_KEY } from './testing/model-suite.js';

type Ask = (origin: string, key: string) => Promise<string>;

const { signal } = new AbortController();
const common = { clock: new VirtualClock(), logger: silentLogger };
const keyed = (provider: 'anthropic' | 'google' | 'mistral' | 'groq', path: string): Ask => {
  return (origin, key) =>
    probeProvider(
      provider,
      { ...common, credential: { apiKey: new Secret(key), baseUrl: `${origin}${path}` } },
      signal,
    );
};
const asksAzure =
  (version: { apiVersion?: string }): Ask =>
  (endpoint, key) =>
    probeProvider('azure-openai', { ...common, credential: { apiKey: new Secret(key), endpoint, ...version } }, signal);
const asksBedrock: Ask = (baseUrl, key) =>
  probeProvider(
    'bedrock',
    { ...common, credential: { ...bedrock.FAKE_ID, secretAccessKey: new Secret(key), baseUrl } },
    signal,
  );

describe.each<[string, () => Promise<FakeHttp>, string, Ask, string]>([
  ['anthropic', anthropic.startFakeAnthropic, anthropic.FAKE_KEY, keyed('anthropic', '/v1'), '/v1/models?limit=1'],
  ['google', gemini.startFakeGemini, gemini.FAKE_KEY, keyed('google', '/v1beta'), '/v1beta/models?pageSize=1'],
  ['mistral', mistral.startFakeMistral, mistral.FAKE_KEY, keyed('mistral', '/v1'), '/v1/models'],
  ['groq', groq.startFakeGroq, groq.FAKE_KEY, keyed('groq', '/openai/v1'), '/openai/v1/models'],
  ['azure-openai', azure.startFakeAzure, azure.FAKE_KEY, asksAzure({}), '/openai/v1/models'],
  [
    ...(['azure-openai with a version', azure.startFakeAzure, azure.FAKE_KEY] as const),
    ...([asksAzure({ apiVersion: '2024-10-21' }), '/openai/models?api-version=2024-10-21'] as const),
  ],
  ['bedrock', bedrock.startFakeBedrock, bedrock.FAKE_SECRET, asksBedrock, '/foundation-models'],
])('testing a credential of %s', (_, start, key, ask, path) => {
  let fake: FakeHttp | undefined;
  afterEach(() => fake?.close());

  it('asks for a list that costs nothing', async () => {
    fake = await start();
    expect(await ask(fake.baseUrl, key)).toContain('answered');
    expect(fake.requests.map((request) => `${request.method} ${request.target}`)).toEqual([`GET ${path}`]);
  });

  it('says of another key that it was refused, without it', async () => {
    fake = await start();
    const error = await ask(fake.baseUrl, STRANGE_KEY).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_auth' });
    expect(inspect(error, { depth: 9 })).not.toContain(STRANGE_KEY);
  });

  it('says of a server that fails that it is not there', async () => {
    fake = await start();
    fake.script(jsonAnswer(503, {}));
    await expect(ask(fake.baseUrl, key)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
