import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ChanWebSocketError } from './errors.js';

export interface RefusalBody {
  /** For people. */
  readonly error: string;
  /** For programs. */
  readonly code: string;
}

/**
 * Answers an upgrade request with a complete HTTP/1.1 error and closes the socket. Does nothing to a socket that can no longer be
 * written. Throws `refusal_invalid` for a status that is no error.
 */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  body: RefusalBody,
  headers: readonly string[] = [],
): void {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new ChanWebSocketError('refusal_invalid', 'a refusal has a status of 400 to 599');
  }
  const destroy = () => {
    socket.destroy();
  };
  socket.on('error', destroy);
  if (!socket.writable) {
    destroy();
    return;
  }
  const json = JSON.stringify({ error: body.error, code: body.code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    'Connection: close',
    ...headers,
  ];
  socket.once('finish', destroy);
  socket.end(`${head.join('\r\n')}\r\n\r\n${json}`);
}
