import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { Wire, WireMessage } from '@rapida/stores';

const PROGRAM = fileURLToPath(new URL('./worker-process.js', import.meta.url));

/** A process that shares the ports of this one. */
export interface ForkedWorker {
  readonly wire: Wire;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  kill(): void;
}

/** The connections go round: the kernel alone would give most of them to one of few. */
export function forkWorker(): ForkedWorker {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: PROGRAM, args: [], serialization: 'advanced' });
  const worker = cluster.fork();
  // Of a channel that breaks while something is sent; that it has ended is told by its end.
  worker.on('error', () => {});
  return {
    wire: wireTo(worker),
    ended: new Promise((resolve) => {
      worker.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    }),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}

/** What a worker says first: what is sent to a process before it listens is lost. */
const LISTENING = 'listening';

function wireTo(worker: Worker): Wire {
  let waiting: (() => void)[] | undefined = [];
  return {
    send(message, onSent) {
      const send = (): void => void worker.send(message, () => onSent());
      if (waiting === undefined) send();
      else waiting.push(send);
    },
    receive(listener) {
      const onClosed = (): void => {
        const unsent = waiting ?? [];
        waiting = undefined;
        for (const send of unsent) send();
        listener.onClosed();
      };
      worker.on('message', (message: WireMessage | typeof LISTENING) => {
        if (message !== LISTENING) return listener.onMessage(message);
        const sending = waiting ?? [];
        waiting = undefined;
        for (const send of sending) send();
      });
      worker.once('disconnect', onClosed);
      worker.once('exit', onClosed);
    },
  };
}

/** In a worker: the wire to the process that has started it. */
export function wireToPrimary(own: NodeJS.Process = process): Wire {
  return {
    send(message, onSent) {
      if (own.connected) own.send?.(message, undefined, undefined, () => onSent());
      else queueMicrotask(onSent);
    },
    receive(listener) {
      own.on('message', (message: WireMessage) => listener.onMessage(message));
      own.once('disconnect', () => listener.onClosed());
      own.send?.(LISTENING);
    },
  };
}
