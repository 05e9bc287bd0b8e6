export interface TwoTones {
  /** Squared amplitudes. */
  lowPower: number;
  highPower: number;
  /** How much of the energy the two tones explain, 0..1. */
  share: number;
}

// The tones leak at most a tenth of their amplitude into each other, so every round leaves a hundredth of the error.
const ROUNDS = 3;

/**
 * Least-squares fit of two sines of known frequency (radians per sample), found by fitting one to what the other leaves,
 * in turn. `scratch` is as long as `samples` and is overwritten.
 */
export function fitTwoTones(samples: Float64Array, low: number, high: number, scratch: Float64Array): TwoTones {
  scratch.set(samples);
  const lowTone = { cosine: 0, sine: 0 };
  const highTone = { cosine: 0, sine: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    takeOut(scratch, low, lowTone);
    takeOut(scratch, high, highTone);
  }
  return {
    lowPower: lowTone.cosine ** 2 + lowTone.sine ** 2,
    highPower: highTone.cosine ** 2 + highTone.sine ** 2,
    share: 1 - energyOf(scratch) / energyOf(samples),
  };
}

/** Moves what `rest` holds of one frequency from it to `tone`. */
function takeOut(rest: Float64Array, radians: number, tone: { cosine: number; sine: number }): void {
  // Walked by rotation: with a sine per sample a held key costs twice as much.
  const turnX = Math.cos(radians);
  const turnY = Math.sin(radians);
  let cosine = 0;
  let sine = 0;
  for (let i = 0, x = 1, y = 0; i < rest.length; i++) {
    cosine += (rest[i] as number) * x;
    sine += (rest[i] as number) * y;
    const nextX = x * turnX - y * turnY;
    y = x * turnY + y * turnX;
    x = nextX;
  }
  cosine *= 2 / rest.length;
  sine *= 2 / rest.length;
  for (let i = 0, x = 1, y = 0; i < rest.length; i++) {
    rest[i] = (rest[i] as number) - cosine * x - sine * y;
    const nextX = x * turnX - y * turnY;
    y = x * turnY + y * turnX;
    x = nextX;
  }
  tone.cosine += cosine;
  tone.sine += sine;
}

export function energyOf(samples: Float64Array): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += (samples[i] as number) ** 2;
  return energy;
}
