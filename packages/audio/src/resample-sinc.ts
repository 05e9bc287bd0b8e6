// The sinc reaches this many zero crossings to each side, counted at the lower rate: 40 taps per phase. With this
// Kaiser window the transition is 0.143 of the lower rate around its half, so 8 kHz is flat to 3.43 kHz and 90 dB down
// from 4.57 kHz (Kaiser's formula: attenuation = 7.95 + 14.36 * taps * transition; beta = 0.1102 * (90 - 8.7)).
export const CROSSINGS = 20;
const KAISER_BETA = 8.96;

/** The low-pass all filters sample, `crossings` from its middle. Not normalised: each filter knows what its taps sum to. */
export function windowedSinc(crossings: number): number {
  const x = crossings / CROSSINGS;
  return Math.abs(x) >= 1 ? 0 : sinc(crossings) * besselI0(KAISER_BETA * Math.sqrt(1 - x * x));
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
