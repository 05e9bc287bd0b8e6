import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTMF_DIGITS, DtmfDetector, dtmfFrequencies } from './dtmf.js';
import { dtmfTone, mix, noise, tone } from './tone.js';

function detect(samples: Int16Array, rateHz = 8000): string {
  return new DtmfDetector({ rateHz }).push(samples);
}

function join(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const pause = (ms: number, rateHz = 8000) => new Int16Array((ms * rateHz) / 1000);

interface Press {
  ms?: number;
  lowDbfs?: number;
  highDbfs?: number;
  /** Factor on both frequencies. */
  off?: number;
}

/** A key press with what real telephones get wrong. */
function press(digit: string, { ms = 40, lowDbfs = -16, highDbfs = -16, off = 1 }: Press): Int16Array {
  const [lowHz, highHz] = dtmfFrequencies(digit);
  return mix(
    tone({ hz: lowHz * off, rateHz: 8000, ms, dbfs: lowDbfs }),
    tone({ hz: highHz * off, rateHz: 8000, ms, dbfs: highDbfs }),
  );
}

/**
 * Vowels as a synthesiser makes them: pulses of wandering pitch through three wandering formants, with gaps and hiss.
 * Deterministic, so that a false digit stays found.
 */
function babble(seconds: number, seed: number): Int16Array {
  const rateHz = 8000;
  const chance = noise({ rateHz, ms: seconds * 1000, dbfs: -5, seed });
  const out = new Float64Array(seconds * rateHz);
  const formants = [0, 1, 2].map(() => ({ hz: 500, y1: 0, y2: 0 }));
  let pitchHz = 120;
  let phase = 0;
  let voiced = true;
  for (let i = 0; i < out.length; i++) {
    if (i % 1200 === 0) {
      const dice = [0, 1, 2, 3, 4].map((k) => (chance[(i + k * 37) % chance.length]! / 32768 + 1) / 2);
      pitchHz = 80 + 220 * dice[0]!;
      formants[0]!.hz = 250 + 700 * dice[1]!;
      formants[1]!.hz = 900 + 1300 * dice[2]!;
      formants[2]!.hz = 2200 + 900 * dice[3]!;
      voiced = dice[4]! > 0.25;
    }
    phase += pitchHz / rateHz;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    let sum = 0;
    for (const formant of formants) {
      const radius = Math.exp((-Math.PI * 70) / rateHz);
      const source = voiced ? pulse : (chance[i]! / 32768) * 0.1;
      const y =
        source + 2 * radius * Math.cos((2 * Math.PI * formant.hz) / rateHz) * formant.y1 - radius ** 2 * formant.y2;
      formant.y2 = formant.y1;
      formant.y1 = y;
      sum += y;
    }
    out[i] = sum;
  }
  return Int16Array.from(out, (value) => Math.max(-32768, Math.min(32767, value * 4000)));
}

describe('key presses', () => {
  it.each([8000, 16000, 44100, 48000])('are all recognised, once each, at %i Hz', (rateHz) => {
    const parts = [...DTMF_DIGITS].map((digit) => dtmfTone(digit, { rateHz, ms: 40, gapMs: 40, dbfs: -10 }));
    expect(detect(join(...parts), rateHz)).toBe(DTMF_DIGITS);
  });

  it('are recognised at any moment, in any chunking, with any twist, drift and level that Q.24 allows', () => {
    const trouble = fc.record({
      digit: fc.constantFrom(...DTMF_DIGITS),
      lead: fc.integer({ min: 0, max: 400 }),
      chunk: fc.integer({ min: 1, max: 400 }),
      ms: fc.integer({ min: 40, max: 300 }),
      twistDb: fc.double({ min: -8, max: 4, noNaN: true }),
      off: fc.double({ min: 0.985, max: 1.015, noNaN: true }),
      lowDbfs: fc.double({ min: -30, max: -10, noNaN: true }),
    });
    fc.assert(
      fc.property(trouble, ({ digit, lead, chunk, ms, twistDb, off, lowDbfs }) => {
        const key = press(digit, { ms, lowDbfs, highDbfs: lowDbfs + twistDb, off });
        const samples = join(new Int16Array(lead), key, pause(60));
        const detector = new DtmfDetector({ rateHz: 8000 });
        let digits = '';
        for (let i = 0; i < samples.length; i += chunk) digits += detector.push(samples.subarray(i, i + chunk));
        expect(digits).toBe(digit);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('are recognised in noise 15 dB below them', () => {
    for (const [index, digit] of [...DTMF_DIGITS].entries()) {
      const key = join(pause(50), press(digit, { ms: 60 }), pause(50));
      const hiss = noise({ rateHz: 8000, ms: 160, dbfs: -28, seed: index });
      expect(detect(mix(key, hiss))).toBe(digit);
    }
  });

  it('are reported while the key is still held, and only once however long that is', () => {
    const detector = new DtmfDetector({ rateHz: 8000 });
    expect(detector.push(press('5', { ms: 40 }))).toBe('5');
    expect(detector.push(press('5', { ms: 5000 }))).toBe('');
  });

  it('count twice with 40 ms between them, once when the tone drops out for 10 ms', () => {
    for (let lead = 0; lead < 102; lead++) {
      const at = new Int16Array(lead);
      const key = press('8', { ms: 60 });
      expect(detect(join(at, key, pause(40), key, pause(40)))).toBe('88');
      expect(detect(join(at, key, pause(10), key, pause(40)))).toBe('8');
    }
  });

  it('need no pause when the next key is another', () => {
    expect(detect(join(press('1', { ms: 60 }), press('2', { ms: 60 }), press('1', { ms: 60 })))).toBe('121');
  });
});

describe('what is no key press', () => {
  it('is a tone of 20 ms, wherever it begins', () => {
    for (let lead = 0; lead < 102; lead++) {
      expect(detect(join(new Int16Array(lead), press('5', { ms: 20 }), pause(60)))).toBe('');
    }
  });

  it('is a single tone, whatever its frequency', () => {
    for (let hz = 200; hz < 3900; hz += 7) expect(detect(tone({ hz, rateHz: 8000, ms: 100, dbfs: -10 }))).toBe('');
  });

  it('is dial tone, ringing or busy tone', () => {
    // North American call progress tones.
    for (const [a, b] of [
      [350, 440],
      [440, 480],
      [480, 620],
    ] as const) {
      const both = mix(
        tone({ hz: a, rateHz: 8000, ms: 500, dbfs: -13 }),
        tone({ hz: b, rateHz: 8000, ms: 500, dbfs: -13 }),
      );
      expect(detect(both)).toBe('');
    }
  });

  it('is two tones of the same group', () => {
    const low = mix(
      tone({ hz: 697, rateHz: 8000, ms: 200, dbfs: -13 }),
      tone({ hz: 941, rateHz: 8000, ms: 200, dbfs: -13 }),
    );
    const high = mix(
      tone({ hz: 1209, rateHz: 8000, ms: 200, dbfs: -13 }),
      tone({ hz: 1477, rateHz: 8000, ms: 200, dbfs: -13 }),
    );
    expect(detect(low) + detect(high)).toBe('');
  });

  it('is a pair with too much twist either way', () => {
    expect(detect(press('5', { ms: 200, lowDbfs: -10, highDbfs: -22 }))).toBe('');
    expect(detect(press('5', { ms: 200, lowDbfs: -18, highDbfs: -10 }))).toBe('');
  });

  it('is a pair under something as loud', () => {
    const speechBand = noise({ rateHz: 8000, ms: 300, dbfs: -13, seed: 4 });
    expect(detect(mix(press('5', { ms: 300 }), speechBand))).toBe('');
  });

  it('is a pair too quiet to be meant', () => {
    expect(detect(press('5', { ms: 200, lowDbfs: -50, highDbfs: -50 }))).toBe('');
  });

  it('is noise or silence', () => {
    expect(detect(noise({ rateHz: 8000, ms: 60_000, dbfs: -10, seed: 9 }))).toBe('');
    expect(detect(pause(1000))).toBe('');
  });

  it.each([2, 3])('is anything in two minutes of speech-like babble (%i)', (seed) => {
    expect(detect(babble(120, seed))).toBe('');
  });
});

it('refuses a rate it cannot hear the tones at', () => {
  for (const rateHz of [0, 4000, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new DtmfDetector({ rateHz })).toThrow(RangeError);
  }
});
