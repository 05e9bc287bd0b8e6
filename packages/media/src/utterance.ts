import { FRAME_SAMPLES } from '@rapida/core';

/** Half a second: the most that is allocated and not used per utterance (16 kB). Whole frames, so none spans two pages. */
const PAGE_FRAMES = 25;
const PAGE_SAMPLES = PAGE_FRAMES * FRAME_SAMPLES;

/**
 * The sound of one utterance: written in any length, read in frames. Two counts walk over the frames: `takenFrames` were
 * handed out to be sent, `playedFrames` of those were heard. What was not played can be taken again.
 */
export class Utterance {
  readonly id: number;
  ended = false;
  takenFrames = 0;
  writtenSamples = 0;
  #playedFrames = 0;
  /** From the page of the next frame to be played on; pages begin as zeros, which pads the last frame. */
  readonly #pages: Int16Array[] = [];
  #firstPage = 0;

  constructor(id: number) {
    this.id = id;
  }

  get playedFrames(): number {
    return this.#playedFrames;
  }

  /** What was heard, without the padding of the last frame. */
  get playedSamples(): number {
    return Math.min(this.writtenSamples, this.#playedFrames * FRAME_SAMPLES);
  }

  /** Frames that may be sent: whole ones, and the last one as it is once no more can follow. */
  get readyFrames(): number {
    const frames = this.writtenSamples / FRAME_SAMPLES;
    return this.ended ? Math.ceil(frames) : Math.floor(frames);
  }

  get isPlayedOut(): boolean {
    return this.ended && this.#playedFrames === this.readyFrames;
  }

  /** Copies. */
  append(samples: Int16Array): void {
    let read = 0;
    while (read < samples.length) {
      const at = this.writtenSamples % PAGE_SAMPLES;
      if (at === 0) this.#pages.push(new Int16Array(PAGE_SAMPLES));
      const count = Math.min(PAGE_SAMPLES - at, samples.length - read);
      this.#pages.at(-1)?.set(samples.subarray(read, read + count), at);
      read += count;
      this.writtenSamples += count;
    }
  }

  /** A view of a frame that was not played yet, zeros where nothing was written; undefined where nothing at all was. */
  frame(index: number): Int16Array | undefined {
    if (index * FRAME_SAMPLES >= this.writtenSamples) return undefined;
    const at = (index % PAGE_FRAMES) * FRAME_SAMPLES;
    return this.#pages[Math.floor(index / PAGE_FRAMES) - this.#firstPage]?.subarray(at, at + FRAME_SAMPLES);
  }

  /** The oldest taken frame counts as heard. Returns its samples. */
  play(): Int16Array | undefined {
    const samples = this.frame(this.#playedFrames++);
    if (this.#playedFrames % PAGE_FRAMES === 0) {
      this.#pages.shift();
      this.#firstPage++;
    }
    return samples;
  }
}
