import { createServer, type Socket } from 'node:net';
import { Admission, type AdmissionRefusal } from './admission.js';
import type { AudioSocketClock } from './clock.js';
import { AudioSocketConnection } from './connection.js';
import type { ConnectionEndReason } from './connection-end.js';
import { encodeHangup } from './encoder.js';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.js';

export interface RefusedConnection {
  /**
   * A limit, `server_closed`, `accept_failed` (the system had no descriptor left; address unknown), or why a connection
   * ended before it named a call. `no_frame` is normal.
   */
  readonly reason: AdmissionRefusal | 'server_closed' | 'accept_failed' | ConnectionEndReason;
  readonly detail: string;
  readonly remoteAddress: string;
}

export interface AudioSocketServerOptions {
  readonly clock: AudioSocketClock;
  /** Called synchronously with every connection that named a call. The owner decides: `setListener`, or `hangup()`. */
  onConnection(connection: AudioSocketConnection): void;
  /** Called once for every connection `onConnection` never saw. Must not throw. */
  onRefused?(refused: RefusedConnection): void;
  readonly limits?: Partial<ServerLimits>;
}

export interface AudioSocketServer {
  /** Rejects with the system's error (`EADDRINUSE`, ...), and when the server listens or is closed already. */
  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }>;
  /** Takes a connection that somebody else has accepted. */
  accept(socket: Socket): void;
  /**
   * Stops accepting and ends every connection that has not named a call; the others stay with their owner, or end too
   * with `connections: 'destroy'`. Resolves when what it ended is closed; may be called again, also with the other choice.
   */
  close(options?: { connections: 'leave' | 'destroy' }): Promise<void>;
  /** How many connections are open now. */
  connectionCount(): number;
}

/** Nothing listens until `listen`. A refused peer gets a 0x00, so that an old Asterisk does not wait on it for ever. */
export function createAudioSocketServer(options: AudioSocketServerOptions): AudioSocketServer {
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const admission = new Admission(limits);
  const connections = new Set<AudioSocketConnection>();
  const server = createServer((socket) => accept(socket));
  let closed = false;

  function accept(socket: Socket): void {
    const remoteAddress = socket.remoteAddress ?? '';
    const refusal = closed ? 'server_closed' : admission.enter(remoteAddress);
    if (refusal !== undefined) {
      turnAway(socket);
      options.onRefused?.({ reason: refusal, detail: '', remoteAddress });
      return;
    }
    const connection = new AudioSocketConnection(socket, {
      clock: options.clock,
      limits,
      onOpen: (opened) => {
        admission.identify(remoteAddress);
        options.onConnection(opened);
      },
    });
    connections.add(connection);
    void connection.closed.then(({ reason, detail }) => {
      connections.delete(connection);
      const identified = connection.contextId !== '';
      admission.leave(remoteAddress, identified ? 'identified' : 'unidentified');
      if (!identified) options.onRefused?.({ reason, detail, remoteAddress });
    });
  }

  return {
    accept,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        if (closed || server.listening) throw new Error('the server listens already, or is closed');
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.removeListener('error', reject);
          if (closed) {
            server.close();
            return reject(new Error('the server was closed before it listened'));
          }
          server.on('error', (error) => {
            options.onRefused?.({ reason: 'accept_failed', detail: error.message, remoteAddress: '' });
          });
          const bound = server.address();
          resolve(
            typeof bound === 'object' && bound !== null ? { host: bound.address, port: bound.port } : { host, port },
          );
        });
      }),
    close: async ({ connections: choice } = { connections: 'leave' }) => {
      closed = true;
      if (server.listening) server.close();
      const ending = [...connections].filter(({ contextId }) => choice === 'destroy' || contextId === '');
      for (const connection of ending) connection.destroy('server_closed');
      await Promise.all(ending.map((connection) => connection.closed));
    },
    connectionCount: () => connections.size,
  };
}

function turnAway(socket: Socket): void {
  socket.on('error', () => {});
  socket.write(encodeHangup());
  socket.destroy();
}
