import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Wire, WireMessage } from '@rapida/stores';
import type { Door } from './distributor.js';

const PROGRAM = fileURLToPath(new URL('./worker-process.js', import.meta.url));
/** What a worker says first: what is sent to a process before it listens is lost. */
const LISTENING = 'listening';

interface GivenConnection {
  readonly kind: 'connection';
  readonly id: number;
  readonly door: Door;
}

export interface StartedProcess {
  readonly wire: Wire;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  /** The connection stays open here as well, until it is destroyed. */
  give(id: number, door: Door, connection: Socket): void;
  kill(): void;
}

export function startProcess(): StartedProcess {
  const child = fork(PROGRAM, [], { serialization: 'advanced' });
  // Of a channel that breaks while something is sent; that the process has ended is told by its end.
  child.on('error', () => {});
  return {
    wire: wireTo(child),
    ended: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    }),
    give(id, door, connection) {
      const given: GivenConnection = { kind: 'connection', id, door };
      if (child.connected) child.send(given, connection, { keepOpen: true }, () => {});
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function wireTo(child: ChildProcess): Wire {
  let unsent: (() => void)[] | undefined = [];
  const sendAll = (): void => {
    const sending = unsent ?? [];
    unsent = undefined;
    for (const send of sending) send();
  };
  return {
    send(message, onSent) {
      const send = (): void => {
        if (child.connected) child.send(message, () => onSent());
        else onSent();
      };
      if (unsent === undefined) send();
      else unsent.push(send);
    },
    receive(listener) {
      const onClosed = (): void => {
        sendAll();
        listener.onClosed();
      };
      child.on('message', (message) => {
        if (message === LISTENING) sendAll();
        else listener.onMessage(message as WireMessage);
      });
      child.once('disconnect', onClosed);
      child.once('exit', onClosed);
    },
  };
}

/** In a worker: the wire to the process that has started it, and the connections that come over it. */
export function wireToPrimary(onConnection: (id: number, door: Door, connection: Socket | undefined) => void): Wire {
  return {
    send(message, onSent) {
      if (process.connected) process.send?.(message, undefined, undefined, () => onSent());
      else queueMicrotask(onSent);
    },
    receive(listener) {
      process.on('message', (message: WireMessage | GivenConnection, handle) => {
        if (message.kind !== 'connection') return listener.onMessage(message);
        // Undefined where it was closed on the way.
        onConnection(message.id, message.door, handle as Socket | undefined);
      });
      process.once('disconnect', () => listener.onClosed());
      process.send?.(LISTENING);
    },
  };
}
