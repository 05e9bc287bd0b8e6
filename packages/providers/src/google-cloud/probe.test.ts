import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeHttp } from '../wire/testing/fake-http.js';
import { probe } from './probe.js';
import { errorAnswer, startFakeVoice } from './testing/fake-voice.js';
import { ACCOUNT } from './testing/subject.js';

let speech: FakeHttp;
let voice: FakeHttp;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  speech = await startFakeVoice(ACCOUNT, () => clock.wallMs());
  voice = await startFakeVoice(ACCOUNT, () => clock.wallMs());
});

afterEach(async () => {
  await speech.close();
  await voice.close();
  expect(clock.pendingTimers).toBe(0);
});

function test(json = ACCOUNT.json): Promise<string> {
  const credential = { serviceAccount: new Secret(json), speechUrl: speech.baseUrl, voiceUrl: voice.baseUrl };
  return probe({ clock, logger: silentLogger, credential }, new AbortController().signal);
}

describe('testing a service account', () => {
  it('asks both services for a list', async () => {
    expect(await test()).toBe('Google answered. Speech-to-Text: good; Text-to-Speech: good');
    expect(speech.requests.map(({ path }) => path)).toEqual(['/v2/projects/acme-phone/locations/global/recognizers']);
    expect(voice.requests.map(({ path }) => path)).toEqual(['/v1/voices']);
  });

  it('is good where one of the two answers, and says which', async () => {
    speech.always(errorAnswer(403, 'PERMISSION_DENIED', 'Cloud Speech-to-Text API has not been used'));
    expect(await test()).toBe('Google answered. Speech-to-Text: provider_auth; Text-to-Speech: good');
  });

  it('is refused where both refuse', async () => {
    speech.always(errorAnswer(403, 'PERMISSION_DENIED', 'no'));
    voice.always(errorAnswer(503, 'UNAVAILABLE', 'no'));
    await expect(test()).rejects.toMatchObject({ code: 'provider_auth' });
  });

  it('is refused for an account of somebody else', async () => {
    const stranger = JSON.stringify({ ...JSON.parse(ACCOUNT.json), client_email: 'eve@acme-phone.iam' });
    await expect(test(stranger)).rejects.toMatchObject({ code: 'provider_auth' });
  });

  it('asks nothing where it is none', async () => {
    await expect(test('hunter2')).rejects.toMatchObject({ code: 'provider_unconfigured' });
    expect([...speech.requests, ...voice.requests]).toEqual([]);
  });
});
