/** Level of each 10 ms of an utterance (samples of full scale 1), to tell speech from the line. */
export class Loudness {
  readonly #power: Float32Array;
  readonly #powerMin: number;

  /** Frames are loud within 20 dB of the loudest, but never below -50 dBFS. */
  constructor(samples: Float32Array, rateHz: number) {
    const frameSamples = rateHz / 100;
    this.#power = new Float32Array(Math.floor(samples.length / frameSamples));
    let loudest = 0;
    for (let frame = 0; frame < this.#power.length; frame++) {
      let sum = 0;
      for (let i = frame * frameSamples; i < (frame + 1) * frameSamples; i++) sum += (samples[i] as number) ** 2;
      this.#power[frame] = sum / frameSamples;
      loudest = Math.max(loudest, sum / frameSamples);
    }
    this.#powerMin = Math.max(LOUD_POWER_MIN, loudest * WITHIN_POWER);
  }

  /** How much of the time between two moments is loud, in ms. */
  loudMs(fromSeconds: number, untilSeconds: number): number {
    const until = Math.min(this.#power.length, Math.round(untilSeconds * 100));
    let frames = 0;
    for (let frame = Math.round(fromSeconds * 100); frame < until; frame++) {
      if ((this.#power[frame] as number) >= this.#powerMin) frames++;
    }
    return frames * 10;
  }
}

const LOUD_POWER_MIN = 10 ** (-50 / 10);
const WITHIN_POWER = 10 ** (-20 / 10);
