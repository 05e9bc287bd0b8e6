import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { createRecogniser } from './recogniser.js';
import type { ToRecogniser } from './stt-messages.js';
import { SttSessions } from './stt-sessions.js';

/** The entry of the recogniser's thread. A failure of the engine ends the thread; its streams are told by that. */
const port = parentPort;
if (port === null) throw new Error('stt-worker runs in a worker thread only');

const sessions = new SttSessions(await createRecogniser(), (message) => port.postMessage(message));

port.on('message', (message: ToRecogniser) => {
  sessions.take(message);
  do {
    for (let waiting = receiveMessageOnPort(port); waiting !== undefined; waiting = receiveMessageOnPort(port)) {
      sessions.take(waiting.message as ToRecogniser);
    }
  } while (sessions.work());
});
