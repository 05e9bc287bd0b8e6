import { FRAME_SAMPLES, RapidaError, type SpeechToTextStream } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import type { ToRecogniser } from './stt-messages.js';
import {
  FINALS_PENDING_MAX,
  LocalSttStream,
  PACKET_FRAMES,
  PACKETS_IN_FLIGHT_MAX,
  PACKETS_QUEUED_MAX,
} from './stt-stream.js';

const ONE = { kind: 'phrases', phrases: ['one'] } as const;
const TWO = { kind: 'phrases', phrases: ['two'] } as const;

/** A thread that takes nothing by itself. */
function makeStream() {
  const posted: ToRecogniser[] = [];
  const drops: number[] = [];
  let closings = 0;
  const link = {
    post: (message: ToRecogniser) => void posted.push(message),
    onDropped: (ms: number) => void drops.push(ms),
    onClosed: () => void closings++,
  };
  const stream = new LocalSttStream(7, link, new AbortController().signal);
  return { stream, posted, drops, closings: () => closings, types: () => posted.map(({ type }) => type) };
}

function writePackets(stream: SpeechToTextStream, count: number, value = 1): void {
  for (let i = 0; i < count * PACKET_FRAMES; i++) {
    stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(value), atMs: 0 });
  }
}

describe('a stream whose thread is slow', () => {
  it('leaves at most one second of sound with the thread', () => {
    const { stream, posted } = makeStream();
    writePackets(stream, PACKETS_IN_FLIGHT_MAX + 5);
    expect(posted).toHaveLength(PACKETS_IN_FLIGHT_MAX);
    stream.receiveTaken();
    expect(posted).toHaveLength(PACKETS_IN_FLIGHT_MAX + 1);
  });

  it('drops the oldest sound beyond ten seconds and counts it', () => {
    const { stream, posted, drops } = makeStream();
    writePackets(stream, PACKETS_IN_FLIGHT_MAX, 1);
    writePackets(stream, 2, 2);
    writePackets(stream, PACKETS_QUEUED_MAX, 3);
    expect(drops).toEqual([100, 100]);
    stream.receiveTaken();
    const last = posted.at(-1);
    expect(last?.type === 'audio' && last.samples[0]).toBe(3);
  });

  it('keeps every end of a segment, in order, while it drops sound', () => {
    const { stream, types } = makeStream();
    writePackets(stream, PACKETS_IN_FLIGHT_MAX);
    for (let segment = 0; segment < 5; segment++) {
      writePackets(stream, PACKETS_QUEUED_MAX);
      stream.endSegment();
    }
    for (let i = 0; i < 3 * PACKETS_QUEUED_MAX; i++) stream.receiveTaken();
    expect(types().filter((type) => type === 'end')).toHaveLength(5);
  });

  it('fails when more segments have ended than it keeps finals for', async () => {
    const { stream, closings } = makeStream();
    for (let i = 0; i <= FINALS_PENDING_MAX; i++) stream.endSegment();
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect((await stream[Symbol.asyncIterator]().next()).done).toBe(true);
    expect(closings()).toBe(1);
  });

  it('does not let hints and drops pile up', () => {
    const { stream, types } = makeStream();
    writePackets(stream, PACKETS_IN_FLIGHT_MAX + 1);
    stream.endSegment();
    for (let i = 0; i < 50; i++) {
      stream.expect(ONE);
      stream.dropSegment();
    }
    for (let i = 0; i < PACKETS_IN_FLIGHT_MAX + 1; i++) stream.receiveTaken();
    expect(types().slice(PACKETS_IN_FLIGHT_MAX)).toEqual(['audio', 'end', 'expect', 'drop']);
  });
});

describe('what a stream sends', () => {
  it('sends a segment that is no whole packet with its end', () => {
    const { stream, posted } = makeStream();
    stream.write({ samples: new Int16Array(FRAME_SAMPLES), atMs: 0 });
    stream.endSegment();
    expect(posted).toMatchObject([
      { type: 'audio', samples: { length: FRAME_SAMPLES } },
      { type: 'end', stream: 7 },
    ]);
  });

  it('copies the frame, which is shared', () => {
    const { stream, posted } = makeStream();
    const samples = new Int16Array(FRAME_SAMPLES).fill(5);
    stream.write({ samples, atMs: 0 });
    stream.endSegment();
    expect(posted[0]?.type === 'audio' && posted[0].samples.buffer).not.toBe(samples.buffer);
  });

  it('forgets the waiting sound of a dropped segment, but not of the one before', () => {
    const { stream, types } = makeStream();
    writePackets(stream, PACKETS_IN_FLIGHT_MAX + 1);
    stream.endSegment();
    writePackets(stream, 3);
    stream.dropSegment();
    for (let i = 0; i < PACKETS_IN_FLIGHT_MAX + 1; i++) stream.receiveTaken();
    expect(types().slice(PACKETS_IN_FLIGHT_MAX)).toEqual(['audio', 'end', 'drop']);
  });

  it('sends hints in their place between the segments', () => {
    const { stream, types } = makeStream();
    stream.expect(ONE);
    writePackets(stream, 1);
    stream.expect(TWO);
    stream.endSegment();
    expect(types()).toEqual(['expect', 'audio', 'expect', 'end']);
  });
});

describe('what a stream gives', () => {
  it('keeps only the last of the partials nobody read', async () => {
    const { stream } = makeStream();
    stream.endSegment();
    for (const text of ['a', 'a b', 'a b c']) stream.receive({ kind: 'partial', text });
    stream.receive({ kind: 'final', text: 'a b c d' });
    const iterator = stream[Symbol.asyncIterator]();
    // The final replaces the guess it makes worthless.
    expect((await iterator.next()).value).toEqual({ kind: 'final', text: 'a b c d' });
  });

  it('throws a failure once, then stays at its end', async () => {
    const { stream } = makeStream();
    const iterator = stream[Symbol.asyncIterator]();
    const waiting = iterator.next();
    const failure = new RapidaError('provider_unavailable');
    stream.fail(failure);
    await expect(waiting).rejects.toBe(failure);
    expect((await iterator.next()).done).toBe(true);
  });
});
