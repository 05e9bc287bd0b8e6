import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe } from './probe.js';
import { FAKE_KEY } from './testing/fake-recognition.js';
import { type FakeVoice, plain, startFakeVoice } from './testing/fake-voice.js';

let fake: FakeVoice;

beforeEach(async () => {
  fake = await startFakeVoice();
});

afterEach(() => fake.close());

function test(key: string, voiceUrl: string | undefined = fake.url, fetched: typeof fetch = fetch): Promise<string> {
  const credential = { apiKey: new Secret(key), region: 'westeurope', ...(voiceUrl !== '' && { voiceUrl }) };
  const parts = { clock: new VirtualClock(), logger: silentLogger, credential, fetch: fetched };
  return probe(parts, new AbortController().signal);
}

describe('testing a key of Azure', () => {
  it('asks for the voices of its region', async () => {
    expect(await test(FAKE_KEY)).toBe('Azure took the key in westeurope');
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /cognitiveservices/voices/list',
    ]);
  });

  it('asks Azure itself where the credential names no server', async () => {
    const asked: string[] = [];
    const answered: typeof fetch = async (url) => {
      asked.push(String(url));
      return new Response('[]');
    };
    await test(FAKE_KEY, '', answered);
    expect(asked).toEqual(['https://westeurope.tts.speech.microsoft.com/cognitiveservices/voices/list']);
  });

  it('refuses a wrong one, without quoting it', async () => {
    const failure: unknown = await test('wrong-key-9').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'provider_auth' });
    expect(String(failure)).not.toContain('wrong-key-9');
  });

  it.each([
    [404, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('says of an answer %i that it is %s', async (status, code) => {
    fake.script(plain(status));
    await expect(test(FAKE_KEY)).rejects.toMatchObject({ code });
  });
});
