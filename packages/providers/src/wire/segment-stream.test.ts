import { getEventListeners } from 'node:events';
import {
  type AudioFrame,
  FRAME_SAMPLES,
  NO_HINTS,
  RapidaError,
  type RecognitionHints,
  type Transcript,
} from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  SEGMENT_CHARACTERS_MAX,
  SEGMENTS_OPEN_MAX,
  type SegmentEvents,
  SegmentStream,
  type SegmentWire,
  WAITING_MS_MAX,
} from './segment-stream.js';

/** Writes down what it is asked; a frame is its number. */
class ListedWire implements SegmentWire {
  readonly asked: string[] = [];
  isTaking = true;
  audio(frame: AudioFrame): boolean {
    if (this.isTaking) this.asked.push(`frame ${frame.samples[0]}`);
    return this.isTaking;
  }
  finish(): void {
    this.asked.push('finish');
  }
  expect({ phrases }: RecognitionHints): void {
    this.asked.push(`expect ${phrases.join()}`);
  }
  close(): void {
    this.asked.push('close');
  }
}

class DroppingWire extends ListedWire {
  drop(): void {
    this.asked.push('drop');
  }
}

let wire: ListedWire;
let events: SegmentEvents;
let abort: AbortController;
let droppedMs: number;

beforeEach(() => {
  wire = new ListedWire();
  abort = new AbortController();
  droppedMs = 0;
});

function openStream(openWire: (events: SegmentEvents) => SegmentWire = () => wire): SegmentStream {
  const onDropped = (ms: number) => {
    droppedMs += ms;
  };
  const opened = (given: SegmentEvents) => {
    events = given;
    return openWire(given);
  };
  return new SegmentStream({ openWire: opened, onDropped }, abort.signal);
}

function readyStream(): SegmentStream {
  const stream = openStream();
  events.onReady();
  return stream;
}

function write(stream: SegmentStream, first: number, count = 1): void {
  for (let number = first; number < first + count; number++) {
    stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(number), atMs: number * 20 });
  }
}

const hints = (...phrases: string[]): RecognitionHints => ({ phrases, kind: 'phrases' });
const final = (text: string): Transcript => ({ kind: 'final', text });
const partial = (text: string): Transcript => ({ kind: 'partial', text });

async function next(stream: SegmentStream): Promise<Transcript | 'end'> {
  const result = await stream[Symbol.asyncIterator]().next();
  return result.done ? 'end' : result.value;
}

async function read(stream: SegmentStream, count: number): Promise<(Transcript | 'end')[]> {
  const values: (Transcript | 'end')[] = [];
  while (values.length < count) values.push(await next(stream));
  return values;
}

describe('a segment', () => {
  it('goes out frame by frame, ends with `finish`, and has its parts as one final', async () => {
    const stream = readyStream();
    write(stream, 1, 2);
    events.onPart(' I want ');
    write(stream, 3);
    stream.endSegment();
    events.onPart('a table.');
    events.onSegmentEnd();
    expect(wire.asked).toEqual(['frame 1', 'frame 2', 'frame 3', 'finish']);
    expect(await read(stream, 1)).toEqual([final('I want a table.')]);
  });

  it('has partials, of which the newest waits, after the parts that are certain', async () => {
    const stream = readyStream();
    write(stream, 1);
    events.onPartial('I');
    events.onPartial('I want');
    expect(await next(stream)).toEqual(partial('I want'));
    events.onPart('I want');
    events.onPartial('a tape');
    expect(await next(stream)).toEqual(partial('I want a tape'));
    stream.endSegment();
    events.onPartial('a tab');
    events.onPart('a table');
    events.onSegmentEnd();
    expect(await next(stream)).toEqual(final('I want a table'));
  });

  it('without text has an empty final', async () => {
    const stream = readyStream();
    write(stream, 1);
    stream.endSegment();
    events.onPart('  ');
    events.onSegmentEnd();
    expect(await next(stream)).toEqual(final(''));
  });

  it('belongs to its own end: text that comes while the next one runs is of the oldest that is unanswered', async () => {
    const stream = readyStream();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2);
    events.onPart('one');
    events.onSegmentEnd();
    events.onPart('two');
    stream.endSegment();
    events.onSegmentEnd();
    expect(await read(stream, 2)).toEqual([final('one'), final('two')]);
  });

  it('keeps a bounded text', async () => {
    const stream = readyStream();
    write(stream, 1);
    const part = 'x'.repeat(SEGMENT_CHARACTERS_MAX / 2);
    for (let i = 0; i < 5; i++) events.onPart(part);
    stream.endSegment();
    events.onSegmentEnd();
    expect(await next(stream)).toEqual(final(`${part} ${part}`));
  });

  it('is not told when nothing runs', async () => {
    const stream = readyStream();
    events.onPart('ghost');
    events.onPartial('ghost');
    events.onSegmentEnd();
    stream.endSegment();
    expect(await next(stream)).toEqual(final(''));
  });
});

describe('segments without sound', () => {
  it('are answered in order without asking, after those before them', async () => {
    const stream = readyStream();
    stream.endSegment();
    write(stream, 1);
    stream.endSegment();
    stream.endSegment();
    write(stream, 2);
    stream.endSegment();
    stream.endSegment();
    expect(wire.asked).toEqual(['frame 1', 'finish', 'frame 2', 'finish']);
    expect(await next(stream)).toEqual(final(''));
    events.onPart('one');
    events.onSegmentEnd();
    events.onPart('two');
    events.onSegmentEnd();
    expect(await read(stream, 4)).toEqual([final('one'), final(''), final('two'), final('')]);
  });

  it('are also those of which no frame was taken', async () => {
    const stream = readyStream();
    wire.isTaking = false;
    write(stream, 1, 3);
    stream.endSegment();
    expect([wire.asked, droppedMs]).toEqual([[], 60]);
    expect(await next(stream)).toEqual(final(''));
  });
});

describe('dropping', () => {
  it('gives no final, and its text is not that of the next', async () => {
    const stream = readyStream();
    write(stream, 1);
    events.onPartial('never');
    stream.dropSegment();
    write(stream, 2);
    stream.endSegment();
    events.onPart('never mind');
    events.onSegmentEnd();
    events.onPart('two');
    events.onSegmentEnd();
    expect(wire.asked).toEqual(['frame 1', 'finish', 'frame 2', 'finish']);
    expect(await next(stream)).toEqual(final('two'));
  });

  it('is told to a vendor that can forget, and nothing is awaited', async () => {
    wire = new DroppingWire();
    const stream = readyStream();
    write(stream, 1);
    stream.dropSegment();
    stream.dropSegment();
    write(stream, 2);
    stream.endSegment();
    events.onPart('two');
    events.onSegmentEnd();
    expect(wire.asked).toEqual(['frame 1', 'drop', 'frame 2', 'finish']);
    expect(await next(stream)).toEqual(final('two'));
  });

  it('before the connection stands sends nothing of it', () => {
    const stream = openStream();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2, 2);
    stream.dropSegment();
    write(stream, 4);
    events.onReady();
    expect(wire.asked).toEqual(['frame 1', 'finish', 'frame 4']);
  });

  it('without a frame that was taken asks nothing', () => {
    const stream = readyStream();
    stream.dropSegment();
    wire.isTaking = false;
    write(stream, 1);
    stream.dropSegment();
    expect(wire.asked).toEqual([]);
  });
});

describe('before the connection stands', () => {
  it('keeps sound and ends in their order', async () => {
    const stream = openStream();
    write(stream, 1, 2);
    stream.endSegment();
    stream.endSegment();
    write(stream, 3);
    expect(wire.asked).toEqual([]);
    events.onReady();
    events.onReady();
    write(stream, 4);
    expect(wire.asked).toEqual(['frame 1', 'frame 2', 'finish', 'frame 3', 'frame 4']);
    events.onSegmentEnd();
    expect(await read(stream, 2)).toEqual([final(''), final('')]);
  });

  it('keeps 15 s at most, drops the oldest and counts it, and asks nothing of a segment of which nothing is left', async () => {
    const stream = openStream();
    const framesMax = WAITING_MS_MAX / 20;
    write(stream, 1, 2);
    stream.endSegment();
    write(stream, 3, framesMax);
    expect(droppedMs).toBe(40);
    stream.endSegment();
    events.onReady();
    expect(wire.asked).toHaveLength(framesMax + 1);
    expect([wire.asked[0], wire.asked.at(-1)]).toEqual(['frame 3', 'finish']);
    expect(await next(stream)).toEqual(final(''));
    events.onPart('the rest');
    events.onSegmentEnd();
    expect(await next(stream)).toEqual(final('the rest'));
  });

  it('counts what the vendor does not take when it is ready', () => {
    const stream = openStream();
    write(stream, 1, 4);
    wire.isTaking = false;
    events.onReady();
    expect(droppedMs).toBe(80);
  });
});

describe('what is expected', () => {
  it('is told at once between segments, and after the running one otherwise', () => {
    const stream = openStream();
    stream.expect(hints('yes'));
    events.onReady();
    write(stream, 1);
    stream.expect(hints('no'));
    stream.expect(hints('maybe'));
    expect(wire.asked).toEqual(['expect yes', 'frame 1']);
    stream.endSegment();
    write(stream, 2);
    stream.expect(NO_HINTS);
    stream.dropSegment();
    expect(wire.asked.slice(2)).toEqual(['finish', 'expect maybe', 'frame 2', 'finish', 'expect ']);
  });
});

describe('bounds', () => {
  it('fails after the finals it has when more than 64 are not read', async () => {
    const stream = readyStream();
    for (let i = 0; i < 2 * SEGMENTS_OPEN_MAX; i++) stream.endSegment();
    expect(await read(stream, SEGMENTS_OPEN_MAX)).toEqual(Array(SEGMENTS_OPEN_MAX).fill(final('')));
    await expect(next(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
    expect(await next(stream)).toBe('end');
  });

  it.each(['endSegment', 'dropSegment'] as const)(
    'fails when a vendor answers none of more than 64: %s',
    async (end) => {
      const stream = readyStream();
      for (let i = 0; i <= SEGMENTS_OPEN_MAX; i++) {
        write(stream, i);
        stream[end]();
      }
      expect(wire.asked.filter((asked) => asked === 'finish')).toHaveLength(SEGMENTS_OPEN_MAX);
      await expect(next(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
      expect(wire.asked.at(-1)).toBe('close');
    },
  );

  it('holds while it connects as well', async () => {
    const stream = openStream();
    for (let i = 0; i <= SEGMENTS_OPEN_MAX; i++) {
      write(stream, i);
      stream.endSegment();
    }
    await expect(next(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
  });
});

describe('a failure', () => {
  const broken = new RapidaError('provider_unavailable', 'broken');

  it('comes after the finals before it, once, and closes the wire', async () => {
    const stream = readyStream();
    write(stream, 1);
    stream.endSegment();
    events.onPart('one');
    events.onSegmentEnd();
    write(stream, 2);
    events.onFailed(broken);
    events.onFailed(new RapidaError('internal'));
    expect(wire.asked.at(-1)).toBe('close');
    expect(await next(stream)).toEqual(final('one'));
    await expect(next(stream)).rejects.toBe(broken);
    expect(await next(stream)).toBe('end');
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('wakes who waits', async () => {
    const stream = readyStream();
    const waiting = expect(next(stream)).rejects.toBe(broken);
    events.onFailed(broken);
    await waiting;
  });

  it('makes everything nothing, what the wire tells too', async () => {
    const stream = openStream();
    write(stream, 1);
    events.onFailed(broken);
    events.onReady();
    events.onPart('late');
    events.onSegmentEnd();
    write(stream, 2);
    stream.endSegment();
    stream.dropSegment();
    stream.expect(NO_HINTS);
    expect(wire.asked).toEqual(['close']);
    await expect(next(stream)).rejects.toBe(broken);
  });

  it('told while the wire is being made closes it', async () => {
    const stream = openStream((given) => {
      given.onFailed(broken);
      return wire;
    });
    expect(wire.asked).toEqual(['close']);
    await expect(next(stream)).rejects.toBe(broken);
  });

  it('thrown while the wire is being made is thrown to the reader, and leaves no listener', async () => {
    const stream = openStream(() => {
      throw broken;
    });
    write(stream, 1);
    stream.endSegment();
    await expect(next(stream)).rejects.toBe(broken);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('in the middle of what waited sends no more of it', async () => {
    const stream = openStream();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2);
    stream.endSegment();
    wire.finish = () => events.onFailed(broken);
    events.onReady();
    expect(wire.asked).toEqual(['frame 1', 'close']);
    await expect(next(stream)).rejects.toBe(broken);
  });
});

describe('closing', () => {
  it('closes the wire once, ends all who wait, and forgets what was not read', async () => {
    const stream = readyStream();
    const waiting = [next(stream), next(stream)];
    stream.close();
    stream.close();
    expect(await Promise.all(waiting)).toEqual(['end', 'end']);
    expect(wire.asked).toEqual(['close']);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('by the signal does the same', async () => {
    const stream = readyStream();
    stream.endSegment();
    abort.abort(new Error('hung up'));
    expect(await next(stream)).toBe('end');
    expect(wire.asked).toEqual(['close']);
  });

  it('lets nothing through that the wire tells later', async () => {
    const stream = openStream();
    write(stream, 1);
    stream.endSegment();
    stream.close();
    events.onReady();
    events.onPart('late');
    events.onSegmentEnd();
    events.onFailed(new RapidaError('internal'));
    await settle();
    expect(await next(stream)).toBe('end');
    expect(wire.asked).toEqual(['close']);
  });

  it('opens no wire when the signal was aborted before', async () => {
    abort.abort();
    let isOpened = false;
    const stream = openStream(() => {
      isOpened = true;
      return wire;
    });
    write(stream, 1);
    expect([isOpened, await next(stream)]).toEqual([false, 'end']);
  });
});
