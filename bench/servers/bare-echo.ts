import { createServer } from 'node:net';
import { listenForParent } from './listen.js';

/** Bare Node: what comes in goes out. The least a telephone call over TCP can cost. */
listenForParent(
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => socket.write(chunk));
  }),
);
