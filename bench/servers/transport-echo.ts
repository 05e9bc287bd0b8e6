import { createAudioSocketServer } from '@rapida/audiosocket';
import { systemClock as clock } from '@rapida/core';
import { createAudioSocketTransport } from '@rapida/media';
import { answerParent } from '../child-side.js';
import type { ServerReady } from './listen.js';

/** The whole way of a frame: decoded, 8 to 16 kHz, through a listener, 16 to 8 kHz, framed, sent. */
const server = createAudioSocketServer({
  clock,
  onConnection(connection) {
    const transport = createAudioSocketTransport(connection, { clock });
    transport.start({
      onFrame: (frame) => {
        for (const bytes of transport.encode(frame.samples)) transport.send(bytes);
      },
      onDtmf() {},
    });
  },
});
const ready: ServerReady = await server.listen({ host: '127.0.0.1', port: 0 });
answerParent(ready);
