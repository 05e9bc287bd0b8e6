import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook, WebhookVerificationError } from '@rapida/client';
import { readArguments } from './arguments.js';

const USAGE = `Receives webhooks, believes those that are signed, and prints a line for each. Ctrl-C ends it.

  node examples/typescript/dist/receive-webhooks.js [--port 8800]

Environment: RAPIDA_WEBHOOK_SECRET, as \`rapida webhooks create http://this-host:8800/\` prints it. A receiver on the same host
or network needs WEBHOOKS__ALLOW_PRIVATE=true on the server.`;

const { port, secret } = readArguments(USAGE, {
  port: { option: 'port', standard: '8800' },
  secret: { variable: 'RAPIDA_WEBHOOK_SECRET' },
});

/** More than any event has. */
const BODY_BYTES_MAX = 1_048_576;
/** Deliveries come at least once: those of late, by their id. A real receiver keeps them where it keeps what it did about them. */
const SEEN_MAX = 10_000;
const seen = new Set<string>();

const server = createServer(async (request, response) => {
  const body = await bodyOf(request);
  if (body === undefined) return response.writeHead(413).end();
  try {
    const event = await verifyWebhook(body, request.headers, secret);
    // Answered at once: what takes long is done after it, or the delivery counts as failed and comes again.
    response.writeHead(204).end();
    if (seen.has(event.id)) return;
    seen.add(event.id);
    for (const oldest of seen) if (seen.size > SEEN_MAX) seen.delete(oldest);
    const about = event.call === null ? '' : ` of call ${event.callId}, which is ${event.call.state}`;
    process.stdout.write(`${event.type}${about}\n`);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    process.stderr.write(`refused: ${error.message}\n`);
    response.writeHead(401).end();
  }
});

server.listen(Number(port), () => {
  process.stdout.write(`listening on port ${(server.address() as AddressInfo).port}\n`);
});

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
