import { inspect } from 'node:util';
import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeProvider } from '../probes.js';
import { FAKE_KEY, type FakeAssemblyAi, startFakeAssemblyAi } from './testing/fake-assemblyai.js';

let fake: FakeAssemblyAi;
const { signal } = new AbortController();

beforeEach(async () => {
  fake = await startFakeAssemblyAi();
});

afterEach(() => fake.close());

const parts = (key: string) => ({
  ...{ clock: new VirtualClock(), logger: silentLogger },
  credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
});

describe('testing a key of AssemblyAI', () => {
  it('asks for a token that is good for a minute', async () => {
    expect(await probeProvider('assemblyai', parts(FAKE_KEY), signal)).toBe('AssemblyAI answered');
    expect(fake.sockets.handshakes.map(({ path }) => path)).toEqual(['/v3/token']);
  });

  it('says of a wrong one that it is, without quoting it', async () => {
    const error: unknown = await probeProvider('assemblyai', parts('aai-wrong-key'), signal).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'provider_auth' });
    expect(inspect(error, { depth: 9 })).not.toContain('aai-wrong-key');
  });
});
