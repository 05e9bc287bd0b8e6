import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.js';

export interface StreamServer {
  readonly url: string;
  /** Path, and the last event that the client had seen, of every request. */
  readonly asked: readonly { readonly path: string; readonly lastEventId: string | undefined }[];
  close(): Promise<void>;
}

/** One request after the other, and the last for all that come after it. */
export type Turn = (response: ServerResponse, request: IncomingMessage) => void;

/** A real HTTP server on loopback. */
export async function startStreamServer(...turns: readonly Turn[]): Promise<StreamServer> {
  const asked: { path: string; lastEventId: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', lastEventId: request.headers['last-event-id'] as string | undefined });
    turns[Math.min(asked.length, turns.length) - 1]?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Begins a stream with these events, each under its number; what comes after them is up to the caller. */
export function beginStream(
  response: ServerResponse,
  ...events: readonly (readonly [seq: number, type: string])[]
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(': keep-alive\n\n');
  for (const [seq, type] of events) {
    const data = { callId: '9', assistantId: '7', seq, type, at: '2030-01-01T00:00:00.000Z', data: { note: 'ü' } };
    response.write(`id: e${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

/** As the server ends a stream. */
export function endStream(response: ServerResponse, reason: string): void {
  const data = { callId: '', assistantId: '', seq: null, type: 'stream.closed', at: '2030-01-01T00:00:00.000Z' };
  response.end(`event: stream.closed\ndata: ${JSON.stringify({ ...data, data: { reason } })}\n\n`);
}

/** Pauses are over at once; longer waits are kept until somebody says that they are over. */
export function createPatientClock(pauseMsMax: number) {
  const waiting = new Set<{ readonly delayMs: number; readonly fire: () => void }>();
  const clock: Clock = {
    wallMs: () => 0,
    setTimer(delayMs, fire) {
      const timer = { delayMs, fire };
      waiting.add(timer);
      if (delayMs <= pauseMsMax) queueMicrotask(() => waiting.delete(timer) && fire());
      return { cancel: () => void waiting.delete(timer) };
    },
  };
  return {
    clock,
    pending: () => [...waiting].map(({ delayMs }) => delayMs),
    letPass(delayMs: number): void {
      for (const timer of [...waiting]) if (timer.delayMs === delayMs && waiting.delete(timer)) timer.fire();
    },
  };
}
