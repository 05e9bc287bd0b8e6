import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { settle } from '@rapida/core/testing';

export interface DribblingProxy {
  readonly port: number;
  /** Ends its connections too. */
  close(): Promise<void>;
}

/** Passes on what the server at `port` says one byte at a time, each in a turn of the loop of its own. */
export async function startDribblingProxy(port: number): Promise<DribblingProxy> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      sockets.add(socket.on('close', () => sockets.delete(socket)));
    }
    client.pipe(server);
    void dribble(server, client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function dribble(from: Socket, to: Socket): Promise<void> {
  try {
    for await (const chunk of from) {
      for (const byte of chunk as Buffer) {
        to.write(Buffer.of(byte));
        await settle();
      }
    }
  } catch {
    // Destroyed on one side or the other.
  }
  to.end();
}
