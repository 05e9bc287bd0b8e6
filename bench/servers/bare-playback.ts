import { createServer } from 'node:net';
import { encodeFrame, KIND_AUDIO } from '@rapida/audiosocket';
import { systemClock as clock, FRAME_MS } from '@rapida/core';
import { VOICED } from '../sounds.js';
import { listenForParent } from './listen.js';
import type { PlaybackCount } from './playback.js';

const FRAME = encodeFrame(KIND_AUDIO, VOICED);
let framesSent = 0;
let framesLate = 0;

/** Bare Node: an interval per call that writes the same frame. */
listenForParent(
  createServer({ noDelay: true }, (socket) => {
    let dueMs = clock.nowMs();
    const timer = setInterval(() => {
      dueMs += FRAME_MS;
      if (clock.nowMs() - dueMs > FRAME_MS) framesLate++;
      framesSent++;
      socket.write(FRAME);
    }, FRAME_MS);
    socket.on('error', () => {});
    socket.on('close', () => clearInterval(timer));
    socket.resume();
  }),
  { count: (): PlaybackCount => ({ atMs: clock.nowMs(), framesSent, framesLate }) },
);
