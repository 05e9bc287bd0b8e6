import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** A wire that can be cut: nothing is refused and nothing is closed then, nothing arrives. */
export interface TcpRelay {
  /** The address behind it, with the port of the relay. */
  readonly url: string;
  /** From now on every byte and every new connection waits. */
  cut(): void;
  /** What has waited arrives. */
  mend(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Stands between a node and PostgreSQL or Redis. */
export async function startTcpRelay(url: string): Promise<TcpRelay> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  /** Connections that were made while it was cut. */
  const waiting = new Set<Socket>();
  let state: 'whole' | 'cut' = 'whole';

  const remember = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket) && waiting.delete(socket));
  };
  const join = (near: Socket) => {
    const far = connect(Number(port), HOST);
    remember(far);
    near.on('data', (bytes) => far.write(bytes)).once('end', () => far.end());
    far.on('data', (bytes) => near.write(bytes)).once('end', () => near.end());
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    remember(near);
    if (state === 'cut') return void waiting.add(near);
    join(near);
    near.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const behind = new URL(url);
  behind.port = String((server.address() as AddressInfo).port);
  return {
    url: behind.href,
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.pause();
    },
    mend() {
      state = 'whole';
      for (const near of waiting) join(near);
      waiting.clear();
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
