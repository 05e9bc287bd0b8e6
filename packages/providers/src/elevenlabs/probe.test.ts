import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHttp, jsonAnswer } from '../wire/testing/fake-http.js';
import { FAKE_KEY } from '../wire/testing/speaking.js';
import { probe } from './probe.js';
import { detailAnswer, startFakeElevenLabs } from './testing/fake-elevenlabs.js';

let fake: FakeHttp;

beforeEach(async () => {
  fake = await startFakeElevenLabs();
});

afterEach(() => fake.close());

function test(key: string): Promise<string> {
  const credential = { baseUrl: `${fake.baseUrl}/v1`, apiKey: new Secret(key) };
  return probe({ clock: new VirtualClock(), logger: silentLogger, credential }, new AbortController().signal);
}

describe('testing a key of ElevenLabs', () => {
  it('asks whose it is', async () => {
    expect(await test(FAKE_KEY)).toBe('ElevenLabs took the key');
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/user']);
  });

  it('refuses a wrong one, without quoting it', async () => {
    const failure: unknown = await test('wrong-key-9').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'provider_auth' });
    expect(String(failure)).not.toContain('wrong-key-9');
  });

  it('takes one that may only speak', async () => {
    fake.script(detailAnswer(401, 'missing_permissions', 'The API key you used is missing the permission user_read'));
    expect(await test(FAKE_KEY)).toBe('ElevenLabs knows the key, which may not read the account');
  });

  it.each([
    [404, 'provider_rejected'],
    [503, 'provider_unavailable'],
  ])('says of an answer %i that it is %s', async (status, code) => {
    fake.script(jsonAnswer(status, {}));
    await expect(test(FAKE_KEY)).rejects.toMatchObject({ code });
  });
});
