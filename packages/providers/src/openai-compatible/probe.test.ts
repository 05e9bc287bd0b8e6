import { Secret, silentLogger } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { probe } from './probe.js';

const { signal } = new AbortController();

function parts(answer: Response, credential: { baseUrl?: string; apiKey?: Secret }) {
  const asked: { readonly url: string; readonly init: RequestInit }[] = [];
  const clock = new VirtualClock();
  const fakeFetch: typeof fetch = async (input, init) => {
    asked.push({ url: String(input), init: init ?? {} });
    return answer;
  };
  return { asked, clock, given: { clock, logger: silentLogger, fetch: fakeFetch, credential } };
}

const KEY = { apiKey: new Secret('sk-hidden'), baseUrl: 'http://127.0.0.1:1/v1/' };

describe("testing a server with OpenAI's API", () => {
  it('asks for its models with the key, and follows no redirect', async () => {
    const { asked, given, clock } = parts(new Response('{}'), KEY);
    expect(await probe(given, signal)).toBe('The server answered');
    expect(asked[0]).toMatchObject({
      url: 'http://127.0.0.1:1/v1/models',
      init: { redirect: 'manual', method: 'GET' },
    });
    expect(new Headers(asked[0]?.init.headers).get('authorization')).toBe('Bearer sk-hidden');
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks OpenAI itself where the credential names no server, and sends no key where it has none', async () => {
    const { asked, given } = parts(new Response('{}'), {});
    await probe(given, signal);
    expect(asked[0]?.url).toBe('https://api.openai.com/v1/models');
    expect(new Headers(asked[0]?.init.headers).has('authorization')).toBe(false);
  });

  it.each([
    [401, 'provider_auth'],
    [302, 'provider_protocol'],
    [404, 'provider_rejected'],
    [500, 'provider_unavailable'],
  ])('says of an answer %i that it is %s', async (status, code) => {
    const { given } = parts(new Response(null, { status }), KEY);
    await expect(probe(given, signal)).rejects.toMatchObject({ code });
  });

  it('reads no more of the answer than its head', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    await probe(parts(new Response(body), KEY).given, signal);
    await settle();
    expect(isCancelled).toBe(true);
  });
});
