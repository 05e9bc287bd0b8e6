import { inspect } from 'node:util';
import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeProvider } from '../probes.js';
import { FAKE_KEY, type FakeDeepgram, startFakeDeepgram } from './testing/fake-deepgram.js';

let fake: FakeDeepgram;
const { signal } = new AbortController();

beforeEach(async () => {
  fake = await startFakeDeepgram();
});

afterEach(() => fake.close());

const parts = (key: string) => ({
  ...{ clock: new VirtualClock(), logger: silentLogger },
  credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
});

describe('testing a key of Deepgram', () => {
  it('asks what the key may do', async () => {
    expect(await probeProvider('deepgram', parts(FAKE_KEY), signal)).toBe('Deepgram answered');
    expect(fake.sockets.handshakes.map(({ path }) => path)).toEqual(['/v1/auth/token']);
  });

  it('says of a wrong one that it is, without quoting it', async () => {
    const error: unknown = await probeProvider('deepgram', parts('dg-wrong-key'), signal).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'provider_auth' });
    expect(inspect(error, { depth: 9 })).not.toContain('dg-wrong-key');
  });
});
