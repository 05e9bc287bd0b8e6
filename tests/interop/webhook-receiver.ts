import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookReceiver {
  readonly url: string;
  /** Names of the events, in the order in which they came. */
  readonly told: readonly string[];
  close(): Promise<void>;
}

/** Takes what it is told and answers that it has it. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.once('end', () => {
      told.push((JSON.parse(body) as { type: string }).type);
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    told,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
