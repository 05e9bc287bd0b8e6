import type { Server } from 'node:http';
import { type ChanWebSocketClock, contextIdFrom, createMediaUpgrader, type MediaUpgrader } from './index.js';

/** Plays every caller's voice back, and writes down what happens. */
export function serveEcho(server: Server, clock: ChanWebSocketClock, calls: string[]): MediaUpgrader {
  const upgrader = createMediaUpgrader({ clock });
  server.on('upgrade', async (request, socket, head) => {
    const outcome = await upgrader.accept(request, socket, head, () => {
      const context = contextIdFrom(request.url ?? '');
      if (!context.ok) return { refuse: { status: 404, body: { error: 'No such call.', code: context.code } } };
      return {
        accept: (connection) => ({
          onStart: (start, format) => calls.push(`${context.contextId} ${start.format} ${format.rateHz}`),
          onMedia: (bytes) => {
            // The view is the socket's: copy. Only whole frames may go out.
            const whole = bytes.length % (connection.format?.frameBytes ?? 1) === 0;
            if (whole) connection.sendMedia(Uint8Array.from(bytes));
          },
          onDtmf: (digit) => (digit === '#' ? connection.hangup() : connection.flush()),
          onMark: () => {},
          onBufferingCompleted: () => {},
          onXoff: () => {},
          onXon: () => {},
          onDrained: () => {},
          onStatus: () => {},
          onPeerError: (text) => calls.push(text),
          onClosed: (end) => calls.push(end.reason),
        }),
      };
    });
    if (!outcome.ok) calls.push(outcome.code);
  });
  return upgrader;
}
