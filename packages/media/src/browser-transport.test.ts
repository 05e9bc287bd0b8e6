import { bytesToPcm16, pcm16ToBytes, snrDb, tone } from '@rapida/audio';
import { type AudioFrame, FRAME_SAMPLES } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeBrowser } from './browser-link.test.support.js';
import { AHEAD_MS_MAX, createBrowserTransport } from './browser-transport.js';
import { createLocalPlayout } from './local-playout.js';
import { createTicker, type Ticker } from './ticker.js';

const telemetry = { count() {}, gauge() {}, observe() {} };
const FRAME_BYTES = FRAME_SAMPLES * 2;

let clock: VirtualClock;
let browser: FakeBrowser;
let ticker: Ticker;
let frames: AudioFrame[];
let digits: string[];
beforeEach(() => {
  clock = new VirtualClock();
  browser = new FakeBrowser();
  ticker = createTicker(clock, { telemetry, onError: (error) => expect.unreachable(String(error)) });
  frames = [];
  digits = [];
});

function open(options: { typing?: { speak: (text: string) => AsyncIterable<Int16Array> } } = {}) {
  const { typing } = options;
  const transport = createBrowserTransport(browser, { clock, ...(typing && { typing: { ...typing, ticker } }) });
  transport.start({ onFrame: (frame) => void frames.push(frame), onDtmf: (digit) => void digits.push(digit) });
  return transport;
}

const joined = (parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

describe('a call from a browser', () => {
  it('carries what the microphone hears as it is, in frames of 20 ms', () => {
    open();
    const said = tone({ hz: 1000, rateHz: 16_000, ms: 200, dbfs: -6 });
    for (let at = 0; at < said.length; at += 800) browser.speaks(pcm16ToBytes(said.subarray(at, at + 800)));
    expect(frames.map(({ samples }) => samples.length)).toEqual(Array(10).fill(FRAME_SAMPLES));
    expect(joined(frames.map(({ samples }) => samples))).toEqual(said);
  });

  it('is paced by us: a frame each 20 ms, silence where nothing is said', async () => {
    const transport = open();
    const listener = { onStarted() {}, onFinished() {} };
    const playout = createLocalPlayout({ transport, listener, clock, ticker, telemetry });
    playout.begin(1);
    const said = tone({ hz: 1000, rateHz: 16_000, ms: 500, dbfs: -6 });
    playout.write(1, said);
    playout.end(1);
    await clock.advance(1_000);
    expect(browser.binary.length).toBeGreaterThanOrEqual(49);
    expect(browser.binary.every(({ length }) => length === FRAME_BYTES)).toBe(true);
    const heard = joined(browser.binary.slice(2, 25).map((bytes) => bytesToPcm16(bytes)));
    expect(snrDb(heard, 16_000, 1000)).toBeGreaterThan(60);
    expect(browser.binary.at(-1)).toEqual(new Uint8Array(FRAME_BYTES));
    playout.close();
  });

  it('hands out what came before it was started', () => {
    const transport = createBrowserTransport(browser, { clock });
    browser.speaks(new Uint8Array(FRAME_BYTES));
    browser.says({ type: 'dtmf', digit: '5' });
    transport.start({ onFrame: (frame) => void frames.push(frame), onDtmf: (digit) => void digits.push(digit) });
    expect([frames.length, digits]).toEqual([1, ['5']]);
  });

  it('ends with the browser, with its word, or with ours; the link is not closed with the media', async () => {
    const byWord = open();
    browser.says({ type: 'hangup' });
    expect(await byWord.closed).toEqual({ by: 'caller', reason: 'caller_hangup' });
    browser = new FakeBrowser();
    const byLeaving = open();
    browser.end({ by: 'browser', reason: 'closed' });
    expect(await byLeaving.closed).toEqual({ by: 'caller', reason: 'caller_hangup' });
    browser = new FakeBrowser();
    const byUs = open();
    byUs.hangup();
    byUs.hangup();
    expect(await byUs.closed).toEqual({ by: 'assistant', reason: 'hangup' });
    expect([byUs.send(byUs.silence), browser.isClosed]).toEqual([false, false]);
    browser = new FakeBrowser();
    const byFault = open();
    browser.end({ by: 'fault', reason: 'peer_not_reading' });
    expect(await byFault.closed).toEqual({ by: 'fault', reason: 'peer_not_reading' });
  });

  it('hears nothing any more when it has ended', () => {
    open().hangup();
    browser.speaks(new Uint8Array(FRAME_BYTES));
    browser.says({ type: 'dtmf', digit: '5' });
    expect([frames, digits]).toEqual([[], []]);
  });

  it('passes keys on, ignores what it does not know, and counts it', () => {
    const transport = open();
    for (const digit of ['1', '#', 'd', 'E', '', '12']) browser.says({ type: 'dtmf', digit });
    for (const odd of ['', '{', 'null', '[]', '"hangup"', { type: 'say', text: 'hello' }, { type: 'x' }])
      browser.says(odd);
    expect(digits).toEqual(['1', '#', 'D']);
    expect(transport.counters().badInput).toMatchObject({ unknown_message: 10 });
  });

  it('takes sound in real time: what is large, odd or hours ahead is dropped and counted', async () => {
    const transport = open();
    browser.speaks(new Uint8Array(6_402));
    browser.speaks(new Uint8Array(641));
    const secondsAhead = AHEAD_MS_MAX / 20;
    for (let n = 0; n < secondsAhead + 50; n++) browser.speaks(new Uint8Array(FRAME_BYTES));
    const { framesIn, badInput } = transport.counters();
    expect(badInput).toMatchObject({ too_large: 1, odd_length: 1 });
    expect(framesIn).toBeLessThanOrEqual(secondsAhead + 1);
    expect(framesIn + Number(badInput.ahead_of_time)).toBe(secondsAhead + 50);
    await clock.advance(1_000);
    for (let n = 0; n < 100; n++) browser.speaks(new Uint8Array(FRAME_BYTES));
    expect(transport.counters().framesIn - framesIn).toBe(50);
  });

  it('loses no time over hours of speech', async () => {
    const transport = open();
    for (let n = 0; n < 5_000; n++) {
      browser.speaks(new Uint8Array(FRAME_BYTES));
      await clock.advance(20);
    }
    expect(transport.counters()).toMatchObject({ framesIn: 5_000, badInput: { ahead_of_time: 0 } });
  });

  it('says what a browser did not take', () => {
    const transport = open();
    browser.isReading = false;
    expect(transport.send(transport.silence)).toBe(false);
    browser.isReading = true;
    expect(transport.send(transport.silence)).toBe(true);
    expect(transport.counters()).toMatchObject({ framesOut: 1, framesDropped: 1 });
  });
});

describe('a call of somebody who types', () => {
  const LOUD = new Int16Array(FRAME_SAMPLES * 10).fill(1_000);
  async function* speak(): AsyncGenerator<Int16Array> {
    yield LOUD.subarray(0, 1_000);
    yield LOUD.subarray(1_000);
  }
  const loudFrames = () => frames.map(({ samples }) => samples.every((sample) => sample === 1_000));

  it('is silent but for the words, which are spoken in real time and told about', async () => {
    const transport = open({ typing: { speak } });
    await clock.advance(200);
    browser.says({ type: 'say', text: ' when are you open ' });
    await clock.advance(500);
    expect(loudFrames().filter(Boolean)).toHaveLength(10);
    expect(frames.length).toBeGreaterThanOrEqual(34);
    expect(browser.texts).toEqual([
      { type: 'typed', text: 'when are you open', state: 'speaking' },
      { type: 'typed', text: 'when are you open', state: 'spoken' },
    ]);
    transport.hangup();
    const { length } = frames;
    await clock.advance(500);
    expect(frames).toHaveLength(length);
    expect(clock.pendingTimers).toBe(0);
  });

  it('says one text after the other, with a pause that a listener hears', async () => {
    const transport = open({ typing: { speak } });
    browser.says({ type: 'say', text: 'one' });
    browser.says({ type: 'say', text: 'two' });
    await clock.advance(2_000);
    const heard = loudFrames()
      .map((isLoud) => (isLoud ? 'x' : '.'))
      .join('');
    expect(heard).toMatch(/^\.*x{10}\.{20,}x{10}\.+$/);
    transport.hangup();
  });

  it('refuses what is empty, too long, or too much at once, and says why', async () => {
    const transport = open({ typing: { speak } });
    browser.says({ type: 'say', text: '  ' });
    browser.says({ type: 'say', text: 'x'.repeat(501) });
    for (let n = 0; n < 7; n++) browser.says({ type: 'say', text: `text ${n}` });
    const refused = browser.texts.filter((told) => (told as { state: string }).state === 'refused');
    expect(refused).toEqual([
      { type: 'typed', text: '', state: 'refused', reason: 'empty' },
      { type: 'typed', text: 'x'.repeat(500), state: 'refused', reason: 'too_long' },
      { type: 'typed', text: 'text 6', state: 'refused', reason: 'too_many' },
    ]);
    transport.hangup();
  });

  it('goes on when the voice fails, and takes no sound of a microphone', async () => {
    let isBroken = true;
    const transport = open({
      typing: {
        speak: () => {
          if (isBroken) throw new Error('no voice');
          return speak();
        },
      },
    });
    browser.speaks(new Uint8Array(FRAME_BYTES));
    browser.says({ type: 'say', text: 'one' });
    await clock.advance(100);
    isBroken = false;
    browser.says({ type: 'say', text: 'two' });
    await clock.advance(1_000);
    expect(browser.texts).toEqual([
      { type: 'typed', text: 'one', state: 'refused', reason: 'voice_failed' },
      { type: 'typed', text: 'two', state: 'speaking' },
      { type: 'typed', text: 'two', state: 'spoken' },
    ]);
    expect(transport.counters().badInput).toMatchObject({ unexpected_audio: 1 });
    transport.hangup();
  });

  it('stops the voice with the call', async () => {
    let wasStopped = false;
    async function* endless(_text: string, signal?: AbortSignal): AsyncGenerator<Int16Array> {
      signal?.addEventListener('abort', () => {
        wasStopped = true;
      });
      await new Promise(() => {});
      yield LOUD;
    }
    const transport = open({ typing: { speak: endless } });
    browser.says({ type: 'say', text: 'one' });
    await clock.advance(100);
    transport.hangup();
    expect(wasStopped).toBe(true);
    expect(browser.texts).toEqual([]);
  });
});
