import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RefusingProvider {
  /** Up to and with the version. */
  readonly url: string;
  /** What it was asked with, in order. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** A provider with OpenAI's API that refuses every key, and quotes it in its refusal, as the real ones do. */
export async function startRefusingProvider(): Promise<RefusingProvider> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((incoming, answer) => {
    const { authorization } = incoming.headers;
    authorizations.push(authorization);
    incoming.resume();
    const message = `Incorrect API key provided: ${authorization?.slice('Bearer '.length)}.`;
    answer.writeHead(401, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    authorizations,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
