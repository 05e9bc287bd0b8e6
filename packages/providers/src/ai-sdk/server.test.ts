import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { ask, keyedServer } from './server.js';

async function headersSent(wanted: string | undefined): Promise<Headers> {
  let sent = new Headers();
  const parts = {
    ...{ clock: new VirtualClock(), logger: silentLogger },
    fetch: (async (_, init) => {
      sent = new Headers(init?.headers);
      return new Response('{}');
    }) as typeof fetch,
    credential: { apiKey: new Secret('my-key') },
  };
  const headers = (key: string | undefined): Record<string, string> => ({ version: '1', ...(key && { 'x-key': key }) });
  const server = keyedServer(parts, { standard: 'https://vendor.example/v1', wanted, headers });
  await ask(server, '/models', new AbortController().signal);
  return sent;
}

describe('the key of a vendor', () => {
  it("goes into the vendor's own header", async () => {
    expect((await headersSent('https://vendor.example/v2')).get('x-key')).toBe('my-key');
  });

  it('does not go to an address that only the assistant names', async () => {
    const sent = await headersSent('https://elsewhere.example/v1');
    expect(sent.has('x-key')).toBe(false);
    expect(sent.get('version')).toBe('1');
  });
});
