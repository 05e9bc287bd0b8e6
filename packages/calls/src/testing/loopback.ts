import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Measures waiting in trips over the loopback instead of time: while a byte goes there and back, whatever else is under
 * way in this process over sockets has had its turn too - also on a machine that is busy.
 */
export interface Loopback {
  trip(): Promise<void>;
  close(): Promise<void>;
}

export async function openLoopback(): Promise<Loopback> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  return {
    async trip() {
      const back = once(socket, 'data');
      socket.write('.');
      await back;
    },
    async close() {
      socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
