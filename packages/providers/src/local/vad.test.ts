import { dbfs, noise, rms } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ, type VoiceActivityFactory } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { speakAll, throughTelephone } from './testing/telephone.js';
import { LocalTextToSpeech } from './tts.js';
import { createVadFactory } from './vad.js';

const MS = RATE_HZ / 1000;
const tts = new LocalTextToSpeech();
let make: VoiceActivityFactory;
beforeAll(async () => {
  make = await createVadFactory();
});
afterAll(() => tts.close());

/** Starts and ends with the time at which they became known. */
function judge(sound: Int16Array): { event: 'start' | 'end'; atMs: number }[] {
  const detector = make();
  const events: { event: 'start' | 'end'; atMs: number }[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
    const event = detector.push({ samples: sound.subarray(at, at + FRAME_SAMPLES), atMs: at / MS });
    if (event !== undefined) events.push({ event, atMs: (at + FRAME_SAMPLES) / MS });
  }
  detector.close();
  return events;
}

function gain(sound: Int16Array, db: number): Int16Array {
  return sound.map((sample) => Math.round(sample * 10 ** (db / 20)));
}

/** First and last moment, in ms, within 20 dB of the level of the whole. */
function audibleMs(speech: Int16Array): { fromMs: number; untilMs: number } {
  const floor = dbfs(rms(speech)) - 20;
  const loud: number[] = [];
  for (let at = 0; at + 10 * MS <= speech.length; at += 5 * MS) {
    if (dbfs(rms(speech.subarray(at, at + 10 * MS))) > floor) loud.push(at / MS);
  }
  return { fromMs: loud[0] ?? 0, untilMs: (loud.at(-1) ?? 0) + 10 };
}

describe('the local voice activity detector', () => {
  it.each([
    ['digital silence', () => new Int16Array(10 * RATE_HZ)],
    ['comfort noise at -60 dBFS', () => noise({ rateHz: RATE_HZ, ms: 10_000, dbfs: -60, seed: 1 })],
    ['line noise at -40 dBFS', () => noise({ rateHz: RATE_HZ, ms: 10_000, dbfs: -40, seed: 2 })],
  ])('does not fire on %s', (_, makeSound) => {
    expect(judge(makeSound())).toEqual([]);
  });

  it.each([1, 32])('does not fire on a full-scale click of %i samples', (samples) => {
    const sound = noise({ rateHz: RATE_HZ, ms: 3_000, dbfs: -60, seed: 3 });
    for (let i = 0; i < samples; i++) sound[RATE_HZ + i] = i % 2 === 0 ? 32_767 : -32_767;
    expect(judge(sound)).toEqual([]);
    expect(judge(throughTelephone(sound))).toEqual([]);
  });

  it.each(['slt', 'rms', 'awb'])('is sure within 100 ms of the onset of %s at -30 dBFS', async (voice) => {
    const speech = gain(await speakAll(tts, 'do you have a table for tonight', voice), -10);
    expect(dbfs(rms(speech))).toBeCloseTo(-29.5, 0);
    const [first] = judge(throughTelephone(speech));
    // The telephone of the tests puts 300 ms before the speech; its filters delay by 5 ms.
    const onsetMs = 300 + audibleMs(speech).fromMs;
    expect(first?.event).toBe('start');
    expect(first?.atMs).toBeGreaterThan(onsetMs);
    expect(first?.atMs).toBeLessThanOrEqual(onsetMs + 100);
  });

  it('ends once, 150 to 300 ms after the speech', async () => {
    const speech = await speakAll(tts, 'how much does it cost', 'slt');
    const silence = new Int16Array(RATE_HZ);
    const sound = throughTelephone(Int16Array.from([...speech, ...silence]));
    const ends = judge(sound).filter(({ event }) => event === 'end');
    const lateMs = (ends.at(-1)?.atMs ?? 0) - 300 - audibleMs(speech).untilMs;
    expect(ends).toHaveLength(1);
    expect(lateMs).toBeGreaterThan(150);
    expect(lateMs).toBeLessThan(300);
  });

  it('judges each call by itself, the same each time', async () => {
    const sound = throughTelephone(await speakAll(tts, 'how much does it cost', 'slt'));
    const alone = judge(sound);
    const [one, other] = [make(), make()];
    const events: (string | undefined)[] = [];
    for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
      events.push(one.push({ samples: sound.subarray(at, at + FRAME_SAMPLES), atMs: 0 }));
      other.push({ samples: new Int16Array(FRAME_SAMPLES), atMs: 0 });
      expect(other.voiced).toBe(false);
    }
    expect(events.filter((event) => event !== undefined)).toEqual(alone.map(({ event }) => event));
    one.close();
    other.close();
  });

  it('hears nothing once it is closed, also twice', async () => {
    const detector = make();
    detector.close();
    detector.close();
    const sound = throughTelephone(await speakAll(tts, 'hello', 'slt'));
    for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
      expect(detector.push({ samples: sound.subarray(at, at + FRAME_SAMPLES), atMs: 0 })).toBeUndefined();
    }
    expect(detector.voiced).toBe(false);
  });

  it('frees what a call held: ten thousand calls one after the other fit', () => {
    for (let i = 0; i < 10_000; i++) make().close();
    expect(judge(new Int16Array(RATE_HZ))).toEqual([]);
  });
});
