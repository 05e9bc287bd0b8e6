import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { UseCases } from '@rapida/calls';
import { type Clock, type Logger, silentTelemetry, type Telemetry, type Timer } from '@rapida/core';
import type { TlsFiles } from '../http-server.js';
import { GRPC_LIMITS, type GrpcLimits } from './grpc-limits.js';
import { createRpcListener } from './rpc-listener.js';

export interface GrpcDependencies {
  readonly useCases: UseCases;
  readonly logger: Logger;
  readonly telemetry?: Telemetry;
  readonly clock: Clock;
  /** A new one per call, for the log and for errors that only the log explains. */
  readonly requestId?: () => string;
  readonly limits?: Partial<GrpcLimits>;
  /** Without it: plaintext. */
  readonly tls?: TlsFiles | undefined;
}

export interface GrpcServer {
  /** Resolves with what was bound (`port` 0 picks a free one); rejects with the error of Node, e.g. EADDRINUSE. */
  listen(address: { readonly host: string; readonly port: number }): Promise<AddressInfo>;
  /** Takes a connection that somebody else has accepted, without listening itself. */
  accept(socket: Socket): void;
  /** Takes nothing new, ends health watches, waits `closeMsMax` for calls in progress, then cuts. Calling it twice is safe. */
  close(): Promise<void>;
}

/** The gRPC face: calls are placed and read (`talk_api.TalkService`); health and reflection for the tools of others. */
export function createGrpcServer(dependencies: GrpcDependencies): GrpcServer {
  const { clock, logger, tls } = dependencies;
  const limits = { ...GRPC_LIMITS, ...dependencies.limits };
  const closing = new AbortController();
  // One listener per call in progress, and their number has its own limit.
  setMaxListeners(0, closing.signal);
  const server = createHttp2Server(limits, tls);
  const { requestId = randomUUID, telemetry = silentTelemetry } = dependencies;
  server.on('request', createRpcListener({ ...dependencies, telemetry, limits, requestId, closing: closing.signal }));
  const connections = trackConnections(server, { clock, idleMsMax: limits.idleMsMax });
  server.on('sessionError', (err: Error) => logger.debug({ err }, 'a gRPC connection failed'));
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    closing.abort();
    const cut = clock.setTimer(limits.closeMsMax, connections.destroy);
    const gone = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([gone, connections.close()]);
    cut.cancel();
  }

  return {
    accept(socket) {
      if (connections.count >= limits.connectionsMax) return void socket.destroy();
      socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
      server.emit('connection', socket);
    },
    listen({ host, port }) {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          server.on('error', (err: Error) => logger.error({ err }, 'the gRPC listener failed'));
          resolve(server.address() as AddressInfo);
        });
      });
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** How long a connection may be silent before the system asks whether the other side still exists. */
const KEEP_ALIVE_AFTER_MS = 60_000;

function createHttp2Server(limits: GrpcLimits, tls: TlsFiles | undefined): Http2Server {
  const options = {
    settings: { maxConcurrentStreams: limits.streamsPerConnectionMax, maxHeaderListSize: limits.headerBytesMax },
    maxHeaderListPairs: limits.headersMax,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  };
  const server =
    tls === undefined
      ? createServer(options)
      : createSecureServer({ ...options, ...tls, allowHTTP1: false, handshakeTimeout: limits.handshakeMsMax });
  server.maxConnections = limits.connectionsMax;
  return server;
}

/** Closes connections without calls after `idleMsMax`, and all of them on demand. */
function trackConnections(server: Http2Server, { clock, idleMsMax }: { clock: Clock; idleMsMax: number }) {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    let streams = 0;
    let idle: Timer | undefined;
    const startIdling = () => {
      // Not `close`: a client that says nothing does not read a farewell either.
      idle = clock.setTimer(idleMsMax, () => session.destroy());
    };
    sessions.add(session);
    startIdling();
    session.on('stream', (stream) => {
      streams++;
      idle?.cancel();
      stream.once('close', () => {
        if (--streams === 0 && sessions.has(session)) startIdling();
      });
    });
    session.once('close', () => {
      idle?.cancel();
      sessions.delete(session);
    });
  });
  return {
    get count() {
      return sockets.size;
    },
    /** Lets every connection end its calls; resolves when they are gone. */
    async close() {
      // The argument of `close` is not called where the client has begun to close.
      const gone = [...sessions].map((session) => new Promise<void>((resolve) => session.once('close', resolve)));
      for (const session of sessions) session.close();
      await Promise.all(gone);
    },
    destroy() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
