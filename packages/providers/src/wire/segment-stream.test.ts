import { NO_HINTS, type RecognitionHints } from '@rapida/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { SEGMENT_CHARACTERS_MAX, WAITING_MS_MAX } from './segment-stream.js';
import { DroppingWire, final, partial, read, SegmentBench, write } from './testing/segment-bench.js';
import { nextOf } from './testing/stream-reader.js';

let bench: SegmentBench;

beforeEach(() => {
  bench = new SegmentBench();
});

const hints = (...phrases: string[]): RecognitionHints => ({ phrases, kind: 'phrases' });

describe('a segment', () => {
  it('goes out frame by frame, ends with `finish`, and has its parts as one final', async () => {
    const stream = bench.ready();
    write(stream, 1, 2);
    bench.events.onPart(' I want ');
    write(stream, 3);
    stream.endSegment();
    bench.events.onPart('a table.');
    bench.events.onSegmentEnd();
    expect(bench.wire.asked).toEqual(['frame 1', 'frame 2', 'frame 3', 'finish']);
    expect(await read(stream, 1)).toEqual([final('I want a table.')]);
  });

  it('has partials, of which the newest waits, after the parts that are certain', async () => {
    const stream = bench.ready();
    write(stream, 1);
    bench.events.onPartial('I');
    bench.events.onPartial('I want');
    expect(await nextOf(stream)).toEqual(partial('I want'));
    bench.events.onPart('I want');
    bench.events.onPartial('a tape');
    expect(await nextOf(stream)).toEqual(partial('I want a tape'));
    stream.endSegment();
    bench.events.onPartial('a tab');
    bench.events.onPart('a table');
    bench.events.onSegmentEnd();
    expect(await nextOf(stream)).toEqual(final('I want a table'));
  });

  it('without text has an empty final', async () => {
    const stream = bench.ready();
    write(stream, 1);
    stream.endSegment();
    bench.events.onPart('  ');
    bench.events.onSegmentEnd();
    expect(await nextOf(stream)).toEqual(final(''));
  });

  it('belongs to its own end: text that comes while the next one runs is of the oldest that is unanswered', async () => {
    const stream = bench.ready();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2);
    bench.events.onPart('one');
    bench.events.onSegmentEnd();
    bench.events.onPart('two');
    stream.endSegment();
    bench.events.onSegmentEnd();
    expect(await read(stream, 2)).toEqual([final('one'), final('two')]);
  });

  it('keeps a bounded text', async () => {
    const stream = bench.ready();
    write(stream, 1);
    const part = 'x'.repeat(SEGMENT_CHARACTERS_MAX / 2);
    for (let i = 0; i < 5; i++) bench.events.onPart(part);
    stream.endSegment();
    bench.events.onSegmentEnd();
    expect(await nextOf(stream)).toEqual(final(`${part} ${part}`));
  });

  it('is not told when nothing runs', async () => {
    const stream = bench.ready();
    bench.events.onPart('ghost');
    bench.events.onPartial('ghost');
    bench.events.onSegmentEnd();
    stream.endSegment();
    expect(await nextOf(stream)).toEqual(final(''));
  });
});

describe('segments without sound', () => {
  it('are answered in order without asking, after those before them', async () => {
    const stream = bench.ready();
    stream.endSegment();
    write(stream, 1);
    stream.endSegment();
    stream.endSegment();
    write(stream, 2);
    stream.endSegment();
    stream.endSegment();
    expect(bench.wire.asked).toEqual(['frame 1', 'finish', 'frame 2', 'finish']);
    expect(await nextOf(stream)).toEqual(final(''));
    bench.events.onPart('one');
    bench.events.onSegmentEnd();
    bench.events.onPart('two');
    bench.events.onSegmentEnd();
    expect(await read(stream, 4)).toEqual([final('one'), final(''), final('two'), final('')]);
  });

  it('are also those of which no frame was taken', async () => {
    const stream = bench.ready();
    bench.wire.isTaking = false;
    write(stream, 1, 3);
    stream.endSegment();
    expect([bench.wire.asked, bench.droppedMs]).toEqual([[], 60]);
    expect(await nextOf(stream)).toEqual(final(''));
  });
});

describe('dropping', () => {
  it('gives no final, and its text is not that of the next', async () => {
    const stream = bench.ready();
    write(stream, 1);
    bench.events.onPartial('never');
    stream.dropSegment();
    write(stream, 2);
    stream.endSegment();
    bench.events.onPart('never mind');
    bench.events.onSegmentEnd();
    bench.events.onPart('two');
    bench.events.onSegmentEnd();
    expect(bench.wire.asked).toEqual(['frame 1', 'finish', 'frame 2', 'finish']);
    expect(await nextOf(stream)).toEqual(final('two'));
  });

  it('is told to a vendor that can forget, and nothing is awaited', async () => {
    bench.wire = new DroppingWire();
    const stream = bench.ready();
    write(stream, 1);
    stream.dropSegment();
    stream.dropSegment();
    write(stream, 2);
    stream.endSegment();
    bench.events.onPart('two');
    bench.events.onSegmentEnd();
    expect(bench.wire.asked).toEqual(['frame 1', 'drop', 'frame 2', 'finish']);
    expect(await nextOf(stream)).toEqual(final('two'));
  });

  it('before the connection stands sends nothing of it', () => {
    const stream = bench.open();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2, 2);
    stream.dropSegment();
    write(stream, 4);
    bench.events.onReady();
    expect(bench.wire.asked).toEqual(['frame 1', 'finish', 'frame 4']);
  });

  it('without a frame that was taken asks nothing', () => {
    const stream = bench.ready();
    stream.dropSegment();
    bench.wire.isTaking = false;
    write(stream, 1);
    stream.dropSegment();
    expect(bench.wire.asked).toEqual([]);
  });
});

describe('before the connection stands', () => {
  it('keeps sound and ends in their order', async () => {
    const stream = bench.open();
    write(stream, 1, 2);
    stream.endSegment();
    stream.endSegment();
    write(stream, 3);
    expect(bench.wire.asked).toEqual([]);
    bench.events.onReady();
    bench.events.onReady();
    write(stream, 4);
    expect(bench.wire.asked).toEqual(['frame 1', 'frame 2', 'finish', 'frame 3', 'frame 4']);
    bench.events.onSegmentEnd();
    expect(await read(stream, 2)).toEqual([final(''), final('')]);
  });

  it('keeps 15 s at most, drops the oldest and counts it, and asks nothing of a segment of which nothing is left', async () => {
    const stream = bench.open();
    const framesMax = WAITING_MS_MAX / 20;
    write(stream, 1, 2);
    stream.endSegment();
    write(stream, 3, framesMax);
    expect(bench.droppedMs).toBe(40);
    stream.endSegment();
    bench.events.onReady();
    expect(bench.wire.asked).toHaveLength(framesMax + 1);
    expect([bench.wire.asked[0], bench.wire.asked.at(-1)]).toEqual(['frame 3', 'finish']);
    expect(await nextOf(stream)).toEqual(final(''));
    bench.events.onPart('the rest');
    bench.events.onSegmentEnd();
    expect(await nextOf(stream)).toEqual(final('the rest'));
  });

  it('counts what the vendor does not take when it is ready', () => {
    const stream = bench.open();
    write(stream, 1, 4);
    bench.wire.isTaking = false;
    bench.events.onReady();
    expect(bench.droppedMs).toBe(80);
  });
});

describe('what is expected', () => {
  it('is told at once between segments, and after the running one otherwise', () => {
    const stream = bench.open();
    stream.expect(hints('yes'));
    bench.events.onReady();
    write(stream, 1);
    stream.expect(hints('no'));
    stream.expect(hints('maybe'));
    expect(bench.wire.asked).toEqual(['expect yes', 'frame 1']);
    stream.endSegment();
    write(stream, 2);
    stream.expect(NO_HINTS);
    stream.dropSegment();
    expect(bench.wire.asked.slice(2)).toEqual(['finish', 'expect maybe', 'frame 2', 'finish', 'expect ']);
  });
});
