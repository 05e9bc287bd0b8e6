import { createAudioSocketServer } from '@rapida/audiosocket';
import { systemClock as clock, type MediaTransport, type Playout, silentTelemetry, type Telemetry } from '@rapida/core';
import { createAudioSocketTransport, createLocalPlayout, createTicker } from '@rapida/media';
import { answerParent } from '../child-side.js';
import type { ServerReady } from './listen.js';
import { toneSamples } from './stub-engines.js';

export interface PlaybackCount {
  readonly atMs: number;
  readonly framesSent: number;
  /** Sent more than a frame time after they were due. */
  readonly framesLate: number;
}

const UTTERANCE = 1;
const CHUNK = toneSamples(1_000);
/** Of two seconds that wait, one is renewed each second, a tenth of the calls at a time. */
const FEED_MS = 100;
const FEEDS_PER_SECOND = 10;

const calls: { readonly transport: MediaTransport; readonly playout: Playout }[] = [];
let framesLate = 0;
const telemetry: Telemetry = {
  ...silentTelemetry,
  count(name, _labels, by = 1) {
    if (name === 'rapida_playout_late_frames_total') framesLate += by;
  },
};
const onError = (error: unknown): never => {
  throw error;
};
const ticker = createTicker(clock, { telemetry, onError });

/** One utterance without an end on every call. */
const server = createAudioSocketServer({
  clock,
  onConnection(connection) {
    const transport = createAudioSocketTransport(connection, { clock });
    const listener = { onStarted() {}, onFinished() {} };
    const playout = createLocalPlayout({ transport, ticker, clock, listener, telemetry });
    playout.begin(UTTERANCE);
    playout.write(UTTERANCE, CHUNK);
    playout.write(UTTERANCE, CHUNK);
    calls.push({ transport, playout });
    void transport.closed.then(() => playout.close());
  },
});

let feeds = 0;
function feed(): void {
  for (let i = feeds++ % FEEDS_PER_SECOND; i < calls.length; i += FEEDS_PER_SECOND) {
    const playout = calls[i]?.playout;
    if (playout !== undefined && playout.queuedMs < 3_000) playout.write(UTTERANCE, CHUNK);
  }
  clock.setTimer(FEED_MS, feed);
}
feed();

const ready: ServerReady = await server.listen({ host: '127.0.0.1', port: 0 });
answerParent(ready, {
  count: (): PlaybackCount => ({
    atMs: clock.nowMs(),
    framesSent: calls.reduce((sum, { transport }) => sum + transport.counters().framesOut, 0),
    framesLate,
  }),
});
