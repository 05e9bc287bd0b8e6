import { createServer, type Socket } from 'node:net';
import { encodeFrame, KIND_AUDIO } from '@rapida/audiosocket';
import { FRAME_MS } from '@rapida/core';
import { planOfParent } from '../child-side.js';
import { isVoiced, PAYLOAD_BYTES, VOICED, WIRE_FRAME_BYTES } from '../sounds.js';
import type { CallsPlan } from './calls.js';
import { listenForParent } from './listen.js';

/** Bare Node: the same waits as plain timers, one after the other, and then the sound of the answer. */
const { endpointingMs, ttftMs, ttfbMs, answerMs } = planOfParent<CallsPlan>();
const FRAME = encodeFrame(KIND_AUDIO, VOICED);

function answer(socket: Socket): void {
  let framesLeft = answerMs / FRAME_MS;
  socket.write(FRAME);
  const timer = setInterval(() => {
    if (--framesLeft <= 0 || socket.destroyed) clearInterval(timer);
    else socket.write(FRAME);
  }, FRAME_MS);
}

listenForParent(
  createServer({ noDelay: true }, (socket) => {
    let speaking = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // The callers write whole frames; the UUID before them is shorter than one.
      if (chunk.length < WIRE_FRAME_BYTES) return;
      const last = chunk.subarray(-PAYLOAD_BYTES);
      const wasSpeaking = speaking;
      speaking = isVoiced(last);
      if (!wasSpeaking || speaking) return;
      setTimeout(() => setTimeout(() => setTimeout(() => answer(socket), ttfbMs), ttftMs), endpointingMs - FRAME_MS);
    });
  }),
);
