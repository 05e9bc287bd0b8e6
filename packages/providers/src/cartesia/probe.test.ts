import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAKE_KEY } from '../wire/testing/speaking.js';
import { probe } from './probe.js';
import { FakeCartesia } from './testing/fake-cartesia.js';

let fake: FakeCartesia;

beforeEach(async () => {
  fake = await FakeCartesia.start();
});

afterEach(() => fake.close());

function test(key: string): Promise<string> {
  const credential = { baseUrl: fake.baseUrl, apiKey: new Secret(key) };
  return probe({ clock: new VirtualClock(), logger: silentLogger, credential }, new AbortController().signal);
}

describe('testing a key of Cartesia', () => {
  it('asks for a voice, and speaks nothing', async () => {
    expect(await test(FAKE_KEY)).toBe('Cartesia took the key');
    expect(fake.connections).toBe(0);
  });

  it('refuses a wrong one, without quoting it', async () => {
    const failure: unknown = await test('wrong-key-9').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'provider_auth' });
    expect(String(failure)).not.toContain('wrong-key-9');
  });

  it('says where nobody answers', async () => {
    await fake.close();
    await expect(test(FAKE_KEY)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
