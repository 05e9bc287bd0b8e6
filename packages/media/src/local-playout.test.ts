import { FRAME_SAMPLES } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { createPlayout } from './create-playout.js';
import {
  CountingTelemetry,
  FakeTransport,
  framesOf,
  HandTicker,
  isSameSound,
  isSilence,
  LoggingListener,
  SILENCE,
  speech,
} from './playout.test.support.js';
import { createTicker } from './ticker.js';

function setUp(options: { queuedMsMax?: number } = {}) {
  const transport = new FakeTransport('local');
  const ticker = new HandTicker();
  const listener = new LoggingListener();
  const telemetry = new CountingTelemetry();
  const heard: { samples: Int16Array; atMs: number }[] = [];
  const tap = (samples: Int16Array, atMs: number) => void heard.push({ samples, atMs });
  const playout = createPlayout({ transport, ticker, clock: ticker.clock, listener, telemetry, tap, ...options });
  return { transport, ticker, listener, telemetry, heard, playout };
}

it('sends silence at once and then every 20 ms until it is closed', () => {
  const { transport, ticker, playout } = setUp();
  expect(transport.sent).toEqual([SILENCE]);
  ticker.tick(3);
  expect(transport.sent).toEqual([SILENCE, SILENCE, SILENCE, SILENCE]);
  playout.close();
  playout.close();
  ticker.tick(3);
  expect(transport.sent).toHaveLength(4);
  expect(ticker.members).toBe(0);
});

it('plays writes of any length without a gap, the last frame filled up with silence', () => {
  const { transport, ticker, playout, listener } = setUp();
  const sound = speech(1000);
  playout.begin(1);
  for (const [from, to] of [
    [0, 1],
    [1, 7],
    [7, 500],
    [500, 500],
    [500, 999],
    [999, 1000],
  ]) {
    expect(playout.write(1, sound.subarray(from, to))).toBe(true);
  }
  playout.end(1);
  playout.end(1);
  expect(playout.queuedMs).toBe(62.5);
  ticker.tick(6);
  expect(transport.sent).toEqual([SILENCE, ...framesOf(sound), SILENCE, SILENCE]);
  expect(listener.lines).toEqual(['started 1 at 1020', 'finished 1 played 62.5']);
  expect(playout.queuedMs).toBe(0);
});

it('reports the end of an utterance when its last frame has been played, not when it is sent', () => {
  const { ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(320));
  playout.end(1);
  ticker.tick();
  expect(listener.lines).toEqual(['started 1 at 1020']);
  expect(playout.playedMs(1)).toBe(20);
  ticker.tick();
  expect(listener.lines.at(-1)).toBe('finished 1 played 20');
  expect(playout.playedMs(1)).toBe(0);
});

it('plays utterances in the order of begin, back to back', () => {
  const { transport, ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.begin(2);
  playout.begin(3);
  playout.write(2, speech(320, 5000));
  playout.end(2);
  playout.end(3);
  ticker.tick();
  expect(isSilence(transport.sent[1]!)).toBe(true);
  playout.write(1, speech(320));
  playout.end(1);
  ticker.tick(3);
  expect(transport.sent.slice(2)).toEqual([speech(320), speech(320, 5000), SILENCE]);
  expect(listener.lines).toEqual([
    'started 1 at 1040',
    'finished 1 played 20',
    'started 2 at 1060',
    'finished 2 played 20',
    'finished 3 played 0',
  ]);
});

it('refuses sound of utterances that are unknown, ended, cut or finished', () => {
  const { ticker, playout } = setUp();
  expect(playout.write(1, speech(320))).toBe(false);
  playout.begin(1);
  playout.begin(2);
  playout.end(1);
  expect(playout.write(1, speech(320))).toBe(false);
  ticker.tick();
  expect(playout.write(1, speech(320))).toBe(false);
  playout.cut();
  expect(playout.write(2, speech(320))).toBe(false);
  expect(playout.queuedMs).toBe(0);
});

it('refuses an id that does not grow', () => {
  const { playout } = setUp();
  playout.begin(5);
  expect(() => playout.begin(5)).toThrow(RangeError);
  expect(() => playout.begin(4)).toThrow(RangeError);
});

it('keeps at most queuedMsMax, and nothing of a write that does not fit', () => {
  const { ticker, playout } = setUp({ queuedMsMax: 100 });
  playout.begin(1);
  expect(playout.write(1, speech(1500))).toBe(true);
  expect(playout.write(1, speech(101))).toBe(false);
  expect(playout.write(1, speech(100))).toBe(true);
  expect(playout.write(1, speech(1))).toBe(false);
  ticker.tick();
  expect(playout.write(1, speech(320))).toBe(true);
});

it('finishes the 257th waiting utterance at once', () => {
  const { playout, listener } = setUp();
  for (let id = 1; id <= 257; id++) playout.begin(id);
  expect(listener.lines).toEqual(['finished 257 played 0 cut']);
});

it('fades out within 8 ms at a pause and goes on later with what was not heard', () => {
  const { transport, ticker, playout } = setUp();
  const frames = framesOf(speech(320 * 5));
  playout.begin(1);
  playout.write(1, speech(320 * 5));
  playout.end(1);
  ticker.tick(2);
  playout.pause();
  playout.pause();
  ticker.tick(3);
  const [fade, ...rest] = transport.sent.slice(3);
  expect(rest).toEqual([SILENCE, SILENCE]);
  for (let i = 0; i < 128; i++) {
    const gain = 0.5 + 0.5 * Math.cos((Math.PI * (i + 1)) / 128);
    expect(Math.abs((fade?.[i] ?? 0) - (frames[2]?.[i] ?? 0) * gain)).toBeLessThanOrEqual(0.5);
  }
  expect(isSilence(fade!.subarray(127))).toBe(true);
  expect(playout.playedMs(1)).toBe(40);
  playout.resume();
  playout.resume();
  ticker.tick(3);
  expect(transport.sent.slice(6)).toEqual(frames.slice(2));
});

it('plays on as if nothing had been when a pause is over before the next frame', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(640));
  ticker.tick();
  playout.pause();
  playout.resume();
  ticker.tick();
  expect(transport.sent.slice(1)).toEqual(framesOf(speech(640)));
});

it('does not fade where nothing sounded', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(640));
  playout.pause();
  ticker.tick();
  playout.cut();
  ticker.tick();
  expect(transport.sent).toEqual([SILENCE, SILENCE, SILENCE]);
});

it('cuts everything not heard, in order, at once, and ends a pause', () => {
  const { transport, ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(960));
  playout.end(1);
  playout.begin(2);
  ticker.tick();
  playout.pause();
  playout.cut();
  expect(listener.lines.slice(1)).toEqual(['finished 1 played 20 cut', 'finished 2 played 0 cut']);
  playout.begin(3);
  playout.write(3, speech(320, 9000));
  ticker.tick(2);
  expect(transport.sent.at(-1)).toEqual(speech(320, 9000));
});

it('does not call an utterance cut whose last frame had been sent', () => {
  const { ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(320));
  playout.end(1);
  ticker.tick();
  playout.cut();
  expect(listener.lines.at(-1)).toBe('finished 1 played 20');
});

it('lets the end of sound out of the resampler with the first silence', () => {
  const { transport, ticker, playout } = setUp();
  const encode = transport.encode.bind(transport);
  const encoded: Int16Array[] = [];
  transport.encode = (samples) => {
    encoded.push(samples.slice());
    return encode(samples);
  };
  playout.begin(1);
  playout.write(1, speech(640));
  playout.end(1);
  ticker.tick(4);
  expect(encoded).toEqual([...framesOf(speech(640)), SILENCE]);
  expect(transport.sent).toHaveLength(5);
});

it('counts one underrun per gap within an utterance, none before its first sound or while paused', () => {
  const { ticker, playout, telemetry } = setUp();
  const underruns = () => telemetry.counts.get('rapida_playout_underruns_total') ?? 0;
  playout.begin(1);
  ticker.tick(5);
  expect(underruns()).toBe(0);
  playout.write(1, speech(330));
  ticker.tick(5);
  expect(underruns()).toBe(1);
  playout.write(1, speech(310));
  ticker.tick();
  playout.pause();
  ticker.tick(5);
  playout.resume();
  expect(underruns()).toBe(1);
  ticker.tick(5);
  expect(underruns()).toBe(2);
  playout.end(1);
  ticker.tick(5);
  expect(underruns()).toBe(2);
});

it('does not count sound as played that the peer did not take, and sends it again', () => {
  const { transport, ticker, playout, heard } = setUp();
  playout.begin(1);
  playout.write(1, speech(640));
  transport.isReading = false;
  ticker.tick(2);
  expect(playout.playedMs(1)).toBe(0);
  expect(heard.every(({ samples }) => isSilence(samples))).toBe(true);
  transport.isReading = true;
  ticker.tick(2);
  expect(transport.sent.slice(1)).toEqual(framesOf(speech(640)));
});

it('tells the tap every frame with the time it was due', () => {
  const { transport, ticker, playout, heard } = setUp();
  playout.begin(1);
  playout.write(1, speech(640));
  ticker.tick(4);
  expect(heard.map(({ samples }) => samples)).toEqual(transport.sent);
  expect(heard.map(({ atMs }) => atMs)).toEqual([1000, 1020, 1040, 1060, 1080]);
});

it('finishes everything on close, and later utterances at once', () => {
  const { playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(640));
  playout.close();
  playout.begin(2);
  expect(playout.write(2, speech(320))).toBe(false);
  playout.pause();
  playout.resume();
  playout.cut();
  expect(listener.lines).toEqual(['finished 1 played 0 cut', 'finished 2 played 0 cut']);
});

it('may be closed and used by its listener', () => {
  const { transport, ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(320));
  playout.end(1);
  listener.onEvent = (line) => {
    if (line.startsWith('finished 1')) {
      playout.begin(2);
      playout.write(2, speech(640, 7000));
    }
    if (line.startsWith('started 2')) playout.close();
  };
  ticker.tick(4);
  expect(transport.sent.slice(1)).toEqual([speech(320), speech(320, 7000)]);
  expect(listener.lines.at(-1)).toBe('finished 2 played 20 cut');
});

it('plays two minutes without a gap, a repeated or a lost frame', async () => {
  const clock = new VirtualClock(0);
  const telemetry = new CountingTelemetry();
  const ticker = createTicker(clock, {
    telemetry,
    onError: (error) => {
      throw error;
    },
  });
  const transport = new FakeTransport('local');
  const listener = new LoggingListener();
  const times: number[] = [];
  transport.onSend = () => times.push(clock.nowMs());
  const playout = createPlayout({ transport, ticker, clock, listener, telemetry });
  const seconds = 120;
  playout.begin(1);
  for (let second = 0; second < seconds; second++) {
    expect(playout.write(1, speech(16_000, second * 16_000))).toBe(true);
    await clock.advance(990); // the writer is a little faster than the sound
  }
  playout.end(1);
  await clock.until(() => listener.finished.has(1));
  const firstSound = transport.sent.findIndex((frame) => !isSilence(frame));
  const frames = transport.sent.slice(firstSound, firstSound + seconds * 50);
  expect(isSameSound(frames, speech(seconds * 16_000))).toBe(true);
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBe(20);
  expect(listener.finished.get(1)).toEqual([{ playedMs: seconds * 1000, cut: false }]);
  expect(telemetry.counts.size).toBe(0);
});

it('serves 1000 calls with every frame that is due', async () => {
  const clock = new VirtualClock(0);
  const telemetry = new CountingTelemetry();
  const ticker = createTicker(clock, { telemetry, onError: () => {} });
  let sent = 0;
  const silence = new Uint8Array(FRAME_SAMPLES * 2);
  const playouts = [];
  for (let call = 0; call < 1000; call++) {
    const transport = Object.assign(new FakeTransport('local'), {
      silence,
      send: () => {
        sent++;
        return true;
      },
    });
    playouts.push(createPlayout({ transport, ticker, clock, listener: new LoggingListener(), telemetry }));
    await clock.advance(0.5);
  }
  sent = 0;
  await clock.advance(10_000);
  expect(sent / (1000 * 500)).toBe(1);
  for (const playout of playouts) playout.close();
  expect(clock.pendingTimers).toBe(0);
});
