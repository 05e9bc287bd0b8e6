import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** What a relay does to the calls that pass through it; everything else goes to the server unchanged. */
export type Disturbance = 'invents-contexts' | 'drops-upgrades';

export interface Relay {
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Stands between Asterisk and a server's HTTP, to bring about what a healthy server does not do. */
export async function startRelay(serverPort: number, disturbance: Disturbance): Promise<Relay> {
  const sockets = new Set<Socket>();
  const remember = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming, answer) => {
    if (disturbance === 'invents-contexts' && incoming.url?.includes('/asterisk/call/')) {
      answer.setHeader('content-type', 'text/plain');
      return answer.end(randomUUID());
    }
    const { method, url, headers } = incoming;
    const outgoing = httpRequest({ host: HOST, port: serverPort, method, path: url, headers, agent: false });
    outgoing.once('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    outgoing.once('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connection', remember);
  server.on('upgrade', (incoming, socket: Socket, head) => {
    if (disturbance === 'drops-upgrades') return socket.destroy();
    const through = connect(serverPort, HOST);
    remember(through);
    const headers = incoming.rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    through.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers}\r\n`);
    through.write(head);
    through.pipe(socket).pipe(through);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
