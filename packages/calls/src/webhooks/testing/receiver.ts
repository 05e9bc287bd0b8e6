import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly response: ServerResponse;
}

/** What a receiver of webhooks does with one request; it may leave the response for later. */
export type Answering = (received: Received) => void;

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections that are open. */
  readonly connections: number;
  answer(answering: Answering): void;
  close(): Promise<void>;
}

export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  ({ response }) =>
    void response.writeHead(code, headers).end('noted');
export const silence: Answering = () => {};

/** On the loopback; answers 204 until told otherwise. `serve` makes the server, where it is not plain HTTP. */
export async function openReceiver(
  serve: (listener: RequestListener) => Server = createServer,
  scheme = 'http',
): Promise<Receiver> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let answering = status(204);
  const server = serve(async (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(request, 'end');
    const { method, url: path, headers } = request;
    const one = { method, path, headers, body: Buffer.concat(chunks).toString('utf8'), response };
    received.push(one);
    answering(one);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    get connections() {
      return sockets.size;
    },
    answer(next) {
      answering = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
