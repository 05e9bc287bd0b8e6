import { parentPort } from 'node:worker_threads';
import { createFlite } from './flite.js';
import type { FromVoice, ToVoice } from './tts-messages.js';

/** The entry of a voice's thread: one utterance at a time, in the order they come. */
const port = parentPort;
if (port === null) throw new Error('tts-worker runs in a worker thread only');

const synthesise = createFlite();

port.on('message', ({ request, utterance }: ToVoice) => {
  let answer: FromVoice;
  try {
    answer = { request, type: 'speech', samples: synthesise(utterance) };
  } catch (error) {
    answer = { request, type: 'failed', message: String(error) };
  }
  port.postMessage(answer, answer.type === 'speech' ? [answer.samples.buffer] : []);
});
