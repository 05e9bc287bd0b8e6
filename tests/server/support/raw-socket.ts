import { connect, type Socket } from 'node:net';

export interface RawConnection {
  readonly socket: Socket;
  /** All that was received so far. */
  readonly received: () => Buffer;
  /** Resolves with all that was received once the connection is gone, however it went. */
  readonly closed: Promise<Buffer>;
}

/** A peer that sends whatever it is told to. */
export function rawConnection(port: number): RawConnection {
  const socket = connect({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  const received = () => Buffer.concat(chunks);
  socket.on('data', (chunk) => chunks.push(chunk));
  // A reset is an ending like any other here.
  socket.on('error', () => {});
  const closed = new Promise<Buffer>((resolve) => socket.once('close', () => resolve(received())));
  return { socket, received, closed };
}

/** Sends, and waits for the server to end it. */
export function sendAndWait(port: number, bytes: Uint8Array): Promise<Buffer> {
  const { socket, closed } = rawConnection(port);
  socket.write(bytes);
  return closed;
}
