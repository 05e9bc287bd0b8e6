import { FULL_SCALE } from './level.js';
import { energyOf, fitTwoTones } from './two-tones.js';

/** The sixteen keys of ITU-T Q.23, row by row of the keypad. */
export const DTMF_DIGITS = '123A456B789C*0#D';

const LOW_HZ: readonly number[] = [697, 770, 852, 941];
const HIGH_HZ: readonly number[] = [1209, 1336, 1477, 1633];
const ALL_HZ: readonly number[] = [...LOW_HZ, ...HIGH_HZ];

/** The two frequencies of a key. RangeError when it is not one of `DTMF_DIGITS`. */
export function dtmfFrequencies(digit: string): readonly [lowHz: number, highHz: number] {
  const index = digit.length === 1 ? DTMF_DIGITS.indexOf(digit) : -1;
  if (index < 0) throw new RangeError(`no DTMF key: ${JSON.stringify(digit)}`);
  return [LOW_HZ[index >> 2] as number, HIGH_HZ[index & 3] as number];
}

// Long enough to tell 697 from 770 Hz (one lies in the other's null), short enough for 40 ms presses: 102 samples at
// 8 kHz, every half window a look.
const WINDOW_MS = 12.75;
// A press of 40 ms holds four whole windows; four looks need 28 ms of tone (Q.24 wants less than 23 ms refused). A
// pause of 40 ms spoils at least seven looks, one of 10 ms inside a press at most four.
const HITS_MIN = 4;
const MISSES_MIN = 5;

const powerRatio = (db: number): number => 10 ** (db / 10);
// First look, at the nominal frequencies: which line leads its group, and is the rest worth a fit? Loose, because a tone
// 1.5 % off and the other tone's leakage cost up to 4 dB.
const OVER_OTHERS_MIN = powerRatio(6);
const LINES_SHARE_MIN = 0.5;
// Second look, at the frequencies as they are. Q.24 allows the high tone to be 4 dB stronger and 8 dB weaker. Noise 15 dB
// below takes 3 % of the energy; speech fails here, because its energy lies in more than two lines.
const HIGH_OVER_LOW_MAX = powerRatio(4.5);
const LOW_OVER_HIGH_MAX = powerRatio(8.5);
const FIT_SHARE_MIN = 0.88;
const DRIFTS: readonly number[] = [0.985, 0.9925, 1, 1.0075, 1.015];
const TONE_DBFS_MIN = -42;
const POWER_MIN = FULL_SCALE ** 2 * powerRatio(TONE_DBFS_MIN);

/**
 * Finds key presses in one stream of speech-band audio; cuts any chunking by itself and holds less than 13 ms.
 * Recognises presses and pauses of 40 ms and more, frequencies off by up to 1.5 %, either tone down to -42 dBFS.
 */
export class DtmfDetector {
  /** Per line, per sample. */
  readonly #radians: Float64Array;
  readonly #powers = new Float64Array(ALL_HZ.length);
  readonly #window: Float64Array;
  readonly #scratch: Float64Array;
  readonly #hop: number;
  #filled = 0;
  #candidate = '';
  #hits = 0;
  #pressed = '';
  #misses = 0;

  /** RangeError unless `rateHz` is within 8000..192000. */
  constructor({ rateHz }: { rateHz: number }) {
    if (!(rateHz >= 8000 && rateHz <= 192_000)) throw new RangeError(`cannot detect DTMF at ${rateHz} Hz`);
    this.#radians = Float64Array.from(ALL_HZ, (hz) => (2 * Math.PI * hz) / rateHz);
    this.#window = new Float64Array(Math.round((WINDOW_MS * rateHz) / 1000));
    this.#scratch = new Float64Array(this.#window.length);
    this.#hop = this.#window.length >> 1;
  }

  /** The keys recognised in this chunk, in order, each press once (about 35 ms after it begins); mostly ''. */
  push(samples: Int16Array): string {
    let digits = '';
    const window = this.#window;
    for (let i = 0; i < samples.length; i++) {
      window[this.#filled++] = samples[i] as number;
      if (this.#filled < window.length) continue;
      digits += this.#follow(this.#look());
      window.copyWithin(0, this.#hop);
      this.#filled = window.length - this.#hop;
    }
    return digits;
  }

  /** From what single windows hold to presses: the key if this window makes one certain, else ''. */
  #follow(seen: string): string {
    this.#hits = seen === this.#candidate ? this.#hits + 1 : 1;
    this.#candidate = seen;
    if (seen === this.#pressed) {
      this.#misses = 0;
      return '';
    }
    this.#misses++;
    if (seen !== '' && this.#hits >= HITS_MIN) {
      this.#pressed = seen;
      this.#misses = 0;
      return seen;
    }
    if (this.#misses >= MISSES_MIN) this.#pressed = '';
    return '';
  }

  /** The key whose two tones, and nothing else, fill the window; '' otherwise. */
  #look(): string {
    const window = this.#window;
    const powers = this.#powers;
    // A pure tone of energy e has e * length / 2 in its line.
    const scale = window.length / 2;
    const energy = energyOf(window);
    if (energy < POWER_MIN * scale) return '';
    for (let line = 0; line < powers.length; line++) powers[line] = goertzel(window, this.#radians[line] as number);
    const low = strongest(powers, 0);
    const high = strongest(powers, LOW_HZ.length);
    const lines = (powers[low] as number) + (powers[high] as number);
    if (lines < LINES_SHARE_MIN * energy * scale) return '';
    if (!standsOut(powers, 0, low) || !standsOut(powers, LOW_HZ.length, high)) return '';
    const { lowPower, highPower, share } = fitTwoTones(window, this.#drifted(low), this.#drifted(high), this.#scratch);
    const isDtmf =
      share >= FIT_SHARE_MIN &&
      Math.min(lowPower, highPower) >= POWER_MIN &&
      highPower <= lowPower * HIGH_OVER_LOW_MAX &&
      lowPower <= highPower * LOW_OVER_HIGH_MAX;
    return isDtmf ? (DTMF_DIGITS[low * 4 + (high - LOW_HZ.length)] as string) : '';
  }

  /** The frequency, near that of the line, where the window has most. */
  #drifted(line: number): number {
    const radians = this.#radians[line] as number;
    let best = radians;
    let bestPower = 0;
    for (const drift of DRIFTS) {
      const power = goertzel(this.#window, radians * drift);
      if (power > bestPower) {
        best = radians * drift;
        bestPower = power;
      }
    }
    return best;
  }
}

/** Power at one frequency, in radians per sample. */
function goertzel(samples: Float64Array, radians: number): number {
  const coefficient = 2 * Math.cos(radians);
  let previous = 0;
  let beforeThat = 0;
  for (let i = 0; i < samples.length; i++) {
    const next = (samples[i] as number) + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = next;
  }
  return previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
}

function strongest(powers: Float64Array, groupStart: number): number {
  let best = groupStart;
  for (let i = groupStart + 1; i < groupStart + 4; i++) if ((powers[i] as number) > (powers[best] as number)) best = i;
  return best;
}

function standsOut(powers: Float64Array, groupStart: number, best: number): boolean {
  for (let i = groupStart; i < groupStart + 4; i++) {
    if (i !== best && (powers[i] as number) * OVER_OTHERS_MIN > (powers[best] as number)) return false;
  }
  return true;
}
