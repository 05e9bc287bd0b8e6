import { type AudioFrame, FRAME_SAMPLES, type RecognitionHints, type Transcript } from '@rapida/core';
import { type SegmentEvents, SegmentStream, type SegmentWire } from '../segment-stream.js';
import { nextOf } from './stream-reader.js';

/** Writes down what it is asked; a frame is its number. */
export class ListedWire implements SegmentWire {
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

export class DroppingWire extends ListedWire {
  drop(): void {
    this.asked.push('drop');
  }
}

/** A stream, and a wire that the test speaks for. */
export class SegmentBench {
  wire = new ListedWire();
  readonly abort = new AbortController();
  droppedMs = 0;
  #events: SegmentEvents | undefined;

  /** What the wire tells. */
  get events(): SegmentEvents {
    if (this.#events === undefined) throw new Error('no wire was opened');
    return this.#events;
  }

  open(openWire: (events: SegmentEvents) => SegmentWire = () => this.wire): SegmentStream {
    const onDropped = (ms: number) => {
      this.droppedMs += ms;
    };
    const opened = (events: SegmentEvents) => {
      this.#events = events;
      return openWire(events);
    };
    return new SegmentStream({ openWire: opened, onDropped }, this.abort.signal);
  }

  /** Its connection stands. */
  ready(): SegmentStream {
    const stream = this.open();
    this.events.onReady();
    return stream;
  }
}

/** Frames whose samples are all their number. */
export function write(stream: SegmentStream, first: number, count = 1): void {
  for (let number = first; number < first + count; number++) {
    stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(number), atMs: number * 20 });
  }
}

export const final = (text: string): Transcript => ({ kind: 'final', text });
export const partial = (text: string): Transcript => ({ kind: 'partial', text });

export async function read(stream: SegmentStream, count: number): Promise<(Transcript | 'end')[]> {
  const values: (Transcript | 'end')[] = [];
  while (values.length < count) values.push(await nextOf(stream));
  return values;
}
