import { createServer, type Server, type Socket } from 'node:net';
import type { Scope } from '@rapida/core';
import type { Config, Ports } from '../config.js';
import { listening } from '../listening.js';
import type { Distributor, Door } from './distributor.js';

/** As many as the system lets wait while all processes are busy. */
const BACKLOG = 511;

/** Listens for all workers: the ports stay the same, and stay open, whatever becomes of one of them. */
export async function openPorts(config: Config, connections: Distributor<Socket>, scope: Scope): Promise<Ports> {
  const open = async (door: Door, setting: Parameters<typeof listening>[0]): Promise<number> => {
    // Not read here: every byte is for the worker.
    const server = createServer({ pauseOnConnect: true }, (socket) => connections.take(door, socket));
    scope.onClose(() => void server.close());
    return listening(setting, config[door], (at) => listen(server, at));
  };
  return {
    audiosocket: await open('audiosocket', 'AUDIOSOCKET__PORT'),
    http: await open('http', 'HTTP__PORT'),
    grpc: await open('grpc', 'GRPC__PORT'),
  };
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      // One that could not be accepted, as the system had no descriptor left: the next one may be.
      server.on('error', () => {});
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}
