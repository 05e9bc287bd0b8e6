import { createAudioSocketServer, encodeFrame } from '@rapida/audiosocket';
import { systemClock as clock } from '@rapida/core';
import { answerParent } from '../child-side.js';
import type { ServerReady } from './listen.js';

/** The AudioSocket library alone: decodes, and sends each payload back as a frame. */
const server = createAudioSocketServer({
  clock,
  onConnection(connection) {
    connection.setListener({
      onAudio: (bytes, _rateHz, kind) => void connection.write(encodeFrame(kind, bytes)),
    });
  },
});
const ready: ServerReady = await server.listen({ host: '127.0.0.1', port: 0 });
answerParent(ready);
