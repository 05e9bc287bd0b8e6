import { inspect } from 'node:util';
import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeProvider } from '../probes.js';
import { FAKE_KEY, type FakeRealtime, startFakeRealtime } from './testing/fake-openai-realtime.js';

let fake: FakeRealtime;
const { signal } = new AbortController();

beforeEach(async () => {
  fake = await startFakeRealtime();
});

afterEach(() => fake.close());

const parts = (key: string) => ({
  ...{ clock: new VirtualClock(), logger: silentLogger },
  credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
});

describe('testing a key of OpenAI', () => {
  it('asks for the models', async () => {
    expect(await probeProvider('openai', parts(FAKE_KEY), signal)).toBe('OpenAI answered');
    expect(fake.sockets.handshakes.map(({ path }) => path)).toEqual(['/v1/models']);
  });

  it('says of a wrong one that it is, without quoting it', async () => {
    const error: unknown = await probeProvider('openai', parts('sk-wrong-key'), signal).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'provider_auth' });
    expect(inspect(error, { depth: 9 })).not.toContain('sk-wrong-key');
  });
});
