import { AsteriskQueue, mediaFormat } from '@rapida/chan-websocket';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { createPlayout } from './create-playout.js';
import type { MediaPlayout } from './media-playout.js';
import { AHEAD_FRAMES_MAX } from './peer-playout.js';
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

function setUp() {
  const transport = new FakeTransport('peer');
  const ticker = new HandTicker();
  const listener = new LoggingListener();
  const telemetry = new CountingTelemetry();
  const heard: { samples: Int16Array; atMs: number }[] = [];
  const tap = (samples: Int16Array, atMs: number) => void heard.push({ samples, atMs });
  const playout = createPlayout({ transport, ticker, clock: ticker.clock, listener, telemetry, tap });
  return { transport, ticker, listener, telemetry, heard, playout };
}

/** An Asterisk behind the fake transport: its queue, its timer with a phase of its own, its marks. */
async function setUpAsterisk(phaseMs: number) {
  const clock = new VirtualClock(0);
  const telemetry = new CountingTelemetry();
  const ticker = createTicker(clock, { telemetry, onError: () => telemetry.count('tick failed') });
  const transport = new FakeTransport('peer');
  transport.answersMarks = true;
  const listener = new LoggingListener();
  const tapped: Int16Array[] = [];
  const heard: { samples: Int16Array; atMs: number }[] = [];
  let queuedFramesMax = 0;
  const format = mediaFormat('slin16')!;
  let playout: MediaPlayout;
  const queue = new AsteriskQueue({
    format,
    form: 'json',
    behaviour: '22.10',
    channelId: undefined,
    say: (event) => event.event === 'MEDIA_MARK_PROCESSED' && playout.onMark(event.correlationId),
  });
  transport.onSend = (frames) => {
    queue.takeMedia(frames);
    queuedFramesMax = Math.max(queuedFramesMax, queue.length);
  };
  transport.onClear = () => queue.takeText('{"command":"FLUSH_MEDIA"}');
  transport.onMarkAsked = (id) => queue.takeText(JSON.stringify({ command: 'MARK_MEDIA', correlation_id: id }));
  playout = createPlayout({
    transport,
    ticker,
    clock,
    listener,
    telemetry,
    tap: (samples) => void tapped.push(samples),
  });
  const play = () => {
    const frame = queue.tick();
    if (frame !== undefined)
      heard.push({ samples: new Int16Array(Uint8Array.from(frame).buffer), atMs: clock.nowMs() });
    clock.setTimer(20, play);
  };
  clock.setTimer(phaseMs, play);
  return { clock, transport, listener, telemetry, playout, tapped, heard, queue, queuedMax: () => queuedFramesMax };
}

it('sends nothing while idle, and tells the tap of silence', () => {
  const { transport, ticker, heard } = setUp();
  ticker.tick(3);
  expect(transport.log).toEqual([]);
  expect(heard.map(({ atMs }) => atMs)).toEqual([1020, 1040, 1060]);
  expect(heard.every(({ samples }) => isSilence(samples))).toBe(true);
});

it('sends the first sound at once, as much as the peer may hold, then about 100 ms per message', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(320 * 50));
  expect(transport.log).toEqual([{ frames: AHEAD_FRAMES_MAX }]);
  ticker.tick(25);
  expect(transport.log.slice(1)).toEqual(Array(5).fill({ frames: 5 }));
});

it('never sends a tail shorter than a frame', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(330));
  ticker.tick(2);
  expect(transport.sent).toEqual([speech(320)]);
  playout.end(1);
  expect(transport.sent).toEqual(framesOf(speech(330)));
});

it('reports start and end when they are heard, not when they are sent', () => {
  const { ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(320 * 3));
  playout.end(1);
  expect(listener.lines).toEqual([]);
  ticker.tick();
  expect(listener.lines).toEqual(['started 1 at 1020']);
  ticker.tick(2);
  expect(playout.playedMs(1)).toBe(60);
  expect(playout.queuedMs).toBe(0);
  expect(listener.lines).toHaveLength(1);
  ticker.tick();
  expect(listener.lines.at(-1)).toBe('finished 1 played 60');
});

it('flushes at a pause and sends again what was not heard', () => {
  const { transport, ticker, playout } = setUp();
  const sound = speech(320 * 20);
  playout.begin(1);
  playout.write(1, sound);
  playout.end(1);
  ticker.tick(4);
  playout.pause();
  playout.pause();
  expect(transport.log).toEqual([{ frames: 15 }, 'clear']);
  expect(playout.queuedMs).toBe(16 * 20);
  ticker.tick(10);
  expect(playout.playedMs(1)).toBe(80);
  playout.resume();
  playout.resume();
  expect(transport.sent.slice(15)).toEqual(framesOf(sound).slice(4, 19));
  ticker.tick(20);
  expect(transport.sent.slice(15)).toEqual(framesOf(sound).slice(4));
});

it('flushes at a cut and finishes everything in order', () => {
  const { transport, ticker, playout, listener } = setUp();
  playout.begin(1);
  playout.write(1, speech(320 * 2));
  playout.end(1);
  playout.begin(2);
  playout.write(2, speech(320 * 20));
  ticker.tick(4);
  playout.cut();
  expect(transport.log.at(-1)).toBe('clear');
  expect(listener.lines.slice(-2)).toEqual(['started 2 at 1060', 'finished 2 played 40 cut']);
  expect(playout.write(2, speech(320))).toBe(false);
  playout.begin(3);
  playout.write(3, speech(320, 9000));
  expect(transport.sent.at(-1)).toEqual(speech(320, 9000));
});

it('clears once when a cut follows a pause, and on close', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(3200));
  playout.pause();
  playout.cut();
  expect(transport.log.filter((entry) => entry === 'clear')).toHaveLength(1);
  playout.close();
  playout.close();
  playout.pause();
  expect(transport.log.filter((entry) => entry === 'clear')).toHaveLength(2);
  expect(ticker.members).toBe(0);
});

it('sends nothing from stop to go, and a flush is a go', () => {
  const { transport, ticker, playout } = setUp();
  playout.begin(1);
  playout.write(1, speech(320 * 100));
  playout.onFlow('stop');
  ticker.tick(10);
  expect(transport.sent).toHaveLength(15);
  playout.onFlow('go');
  ticker.tick();
  expect(transport.sent).toHaveLength(15 + 11);
  playout.onFlow('stop');
  playout.pause();
  playout.resume();
  expect(transport.sent).toHaveLength(15 + 11 + 15);
});

it('sends again what the transport did not take', () => {
  const { transport, ticker, playout } = setUp();
  transport.isReading = false;
  playout.begin(1);
  playout.write(1, speech(640));
  ticker.tick(3);
  expect(playout.playedMs(1)).toBe(0);
  transport.isReading = true;
  ticker.tick();
  expect(transport.sent).toEqual(framesOf(speech(640)));
});

it('tells the tap each frame when it is heard, silence in between', () => {
  const { ticker, playout, heard } = setUp();
  ticker.tick();
  playout.begin(1);
  playout.write(1, speech(640));
  playout.end(1);
  ticker.tick(3);
  expect(heard.map(({ samples }) => samples)).toEqual([SILENCE, ...framesOf(speech(640)), SILENCE]);
  expect(heard.map(({ atMs }) => atMs)).toEqual([1020, 1040, 1060, 1080]);
});

it('counts one underrun per gap, when the peer has really run out', () => {
  const { ticker, playout, telemetry } = setUp();
  const underruns = () => telemetry.counts.get('rapida_playout_underruns_total') ?? 0;
  playout.begin(1);
  playout.write(1, speech(320));
  ticker.tick();
  playout.write(1, speech(320));
  ticker.tick();
  expect(underruns()).toBe(0);
  ticker.tick(4);
  expect(underruns()).toBe(1);
  playout.write(1, speech(320));
  playout.end(1);
  ticker.tick(4);
  expect(underruns()).toBe(1);
});

it('knows after a stall of ours that the peer went on playing', () => {
  const { ticker, playout, listener, heard } = setUp();
  playout.begin(1);
  playout.write(1, speech(320 * 10));
  playout.end(1);
  ticker.tick();
  ticker.stall(140);
  ticker.tick();
  expect(playout.playedMs(1)).toBe(180);
  expect(heard.map(({ samples }) => samples)).toEqual(framesOf(speech(320 * 9)));
  expect(heard.map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => 1000 + 20 * n));
  ticker.tick(2);
  expect(listener.finished.get(1)).toEqual([{ playedMs: 200, cut: false }]);
});

it('begins after silence with a resampler that holds silence, and joins on without a seam', () => {
  const { transport, ticker, playout } = setUp();
  const encoded: Int16Array[] = [];
  const encode = transport.encode.bind(transport);
  transport.encode = (samples) => {
    encoded.push(samples.slice());
    return encode(samples);
  };
  const frames = framesOf(speech(320 * 2));
  playout.begin(1);
  playout.write(1, speech(320 * 2));
  ticker.tick();
  playout.pause();
  playout.resume();
  expect(encoded).toEqual([...frames, SILENCE, frames[1]]);
  ticker.tick();
  playout.write(1, frames[0]!); // in time: joins on
  ticker.tick(3);
  playout.write(1, frames[1]!); // after silence
  expect(encoded.slice(4)).toEqual([frames[0], SILENCE, frames[1]]);
});

it('waits for a peer that says it is behind', () => {
  const { transport, ticker, playout } = setUp();
  transport.answersMarks = true;
  playout.begin(1);
  playout.write(1, speech(320 * 100));
  ticker.tick(20);
  const mark = transport.log.find((entry) => typeof entry === 'object' && 'mark' in entry);
  const sentBefore = transport.sent.length; // the mark stands behind 25 frames
  expect(mark).toEqual({ mark: 'playout-1' });
  ticker.tick(15);
  expect(playout.playedMs(1)).toBe(35 * 20);
  playout.onMark('playout-1'); // 10 frames late, of which 5 may be its way
  playout.onMark('playout-1');
  playout.onMark('another');
  ticker.tick(5);
  expect(playout.playedMs(1)).toBe(35 * 20);
  ticker.tick();
  expect(playout.playedMs(1)).toBe(36 * 20);
  expect(transport.sent.length).toBeGreaterThan(sentBefore);
});

it('catches up with a peer that says it is ahead', () => {
  const { transport, ticker, playout } = setUp();
  transport.answersMarks = true;
  playout.begin(1);
  playout.write(1, speech(320 * 100));
  ticker.tick(15);
  expect(transport.log).toContainEqual({ mark: 'playout-1' }); // behind 25 frames
  expect(playout.playedMs(1)).toBe(300);
  playout.onMark('playout-1');
  ticker.tick();
  expect(playout.playedMs(1)).toBe(26 * 20);
});

it('begins in step again after silence, however late a mark was', () => {
  const { transport, ticker, playout, listener } = setUp();
  transport.answersMarks = true;
  playout.begin(1);
  playout.write(1, speech(320 * 40));
  playout.end(1);
  ticker.tick(60);
  playout.onMark('playout-1');
  ticker.tick();
  playout.begin(2);
  playout.write(2, speech(320));
  ticker.tick();
  expect(listener.lines.at(-1)).toBe(`started 2 at ${1000 + 62 * 20}`);
});

it('forgets marks that were flushed', () => {
  const { transport, ticker, playout } = setUp();
  transport.answersMarks = true;
  playout.begin(1);
  playout.write(1, speech(320 * 100));
  ticker.tick(20);
  playout.pause();
  playout.resume();
  playout.onMark('playout-1');
  ticker.tick(3);
  expect(playout.playedMs(1)).toBe(23 * 20);
});

it('asks for no more marks when none are answered', () => {
  const { transport, ticker, playout } = setUp();
  transport.answersMarks = true;
  playout.begin(1);
  playout.write(1, speech(320 * 1000));
  ticker.tick(990);
  expect(transport.log.filter((entry) => typeof entry === 'object' && 'mark' in entry)).toHaveLength(16);
});

it.each([0, 7, 13, 19.5])(
  'plays two minutes through Asterisk, no gap, nothing twice, nothing lost (phase %d ms)',
  async (phaseMs) => {
    const { clock, listener, telemetry, playout, tapped, heard, queue, queuedMax } = await setUpAsterisk(phaseMs);
    const sound = speech(120 * 16_000);
    await clock.advance(333);
    playout.begin(1);
    for (let at = 0; at < sound.length; at += 16_000) {
      playout.write(1, sound.subarray(at, at + 16_000));
      await clock.advance(990);
    }
    playout.end(1);
    await clock.until(() => listener.finished.has(1));
    await clock.advance(40);
    expect(
      isSameSound(
        heard.map(({ samples }) => samples),
        sound,
      ),
    ).toBe(true);
    expect(heard.every(({ atMs }, index) => index === 0 || atMs - heard[index - 1]!.atMs === 20)).toBe(true);
    expect(
      isSameSound(
        tapped.filter((frame) => !isSilence(frame)),
        sound,
      ),
    ).toBe(true);
    expect(listener.finished.get(1)).toEqual([{ playedMs: 120_000, cut: false }]);
    expect(queue.counters).toMatchObject({ droppedMessages: 0, discardedBytes: 0, wrongForm: 0, unknownCommands: 0 });
    expect(queuedMax()).toBeLessThanOrEqual(AHEAD_FRAMES_MAX + 1);
    expect(telemetry.counts.size).toBe(0);
  },
);

it.each([0, 7, 13, 19.5])('resumes within a frame of where the caller heard it stop (phase %d ms)', async (phaseMs) => {
  const { clock, listener, playout, heard } = await setUpAsterisk(phaseMs);
  const sound = speech(10 * 16_000);
  const expected = framesOf(sound).map((frame) => Buffer.from(frame.buffer).toString('base64'));
  playout.begin(1);
  playout.write(1, sound);
  playout.end(1);
  for (let pause = 0; pause < 8; pause++) {
    await clock.advance(777);
    playout.pause();
    await clock.advance(333);
    playout.resume();
  }
  await clock.until(() => listener.finished.has(1));
  await clock.advance(40);
  const positions = heard.map(({ samples }) => expected.indexOf(Buffer.from(samples.buffer).toString('base64')));
  expect(positions.at(-1)).toBe(499);
  let pauses = 0;
  for (let i = 1; i < heard.length; i++) {
    const isPause = heard[i]!.atMs - heard[i - 1]!.atMs > 20;
    if (isPause) pauses++;
    const step = positions[i]! - positions[i - 1]!;
    if (isPause) expect([0, 1, 2]).toContain(step);
    else expect(step).toBe(1);
  }
  expect(pauses).toBe(8);
});
