import { FRAME_MS, FRAME_SAMPLES, RATE_HZ } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { heardOut, type Script, silentFor, silentUntil, speak } from './support/caller.js';
import type { EnginePlan } from './support/engines.js';
import type { HeardFrame } from './support/hearing.js';
import type { Pacing } from './support/line.js';
import type { Paint } from './support/tagged-voice.js';
import { openWorld, type PlayedCall } from './support/world.js';

const INTERRUPT_AFTER_MS = 300;
const RESUME_AFTER_MS = 700;
const CONFIG = {
  greeting: '',
  turn: { interruptAfterMs: INTERRUPT_AFTER_MS, resumeAfterMs: RESUME_AFTER_MS },
  silence: { promptAfterMs: 60_000 },
};
const MS_PER_CHAR = 60;
const LONG = 'A very long sentence that nobody lets us speak to its end';
const PACINGS = ['local', 'peer'] as const;

/** Position in the piece, so that every sample of 1.6 s is another one, and none of them is quiet. */
const paintPosition: Paint = (_tag, samples, from) =>
  Int16Array.from({ length: samples }, (_, i) => 4_000 + ((from + i) % PERIOD));
const PERIOD = 25_000;

const hzOf = (tag: number): number => 400 + 150 * tag;
/** Each piece its own tone, without a jump between chunks. */
const paintTone: Paint = (tag, samples, from) =>
  Int16Array.from({ length: samples }, (_, i) => 8_000 * Math.sin((2 * Math.PI * hzOf(tag) * (from + i)) / RATE_HZ));

async function playOne(pacing: Pacing, script: Script, engines: EnginePlan): Promise<PlayedCall> {
  const world = await openWorld();
  const assistantId = await world.addAssistant(CONFIG);
  const [call] = await world.play([{ pacing, assistantId, script, engines, keeps: 'frames' }]);
  expect(world.complaints).toEqual([]);
  await world.close();
  expect(call?.ledger.faults()).toEqual([]);
  return call as PlayedCall;
}

/** Asks, lets the answer run for 1.2 s, makes a sound over it, and listens on. */
function soundOverAnswer(ms: number): Script {
  return function* (hearing) {
    yield* silentFor(200);
    yield* speak(600);
    yield* silentUntil(() => hearing.soundMs >= 1_200, 5_000);
    yield* speak(ms);
    yield* silentFor(2_000);
    yield* heardOut(hearing);
  };
}

const soundOf = (hears: readonly string[], answers: readonly string[], paint: Paint): EnginePlan => ({
  hears,
  answers,
  voice: { msPerChar: MS_PER_CHAR, paint },
});

const isVoiced = ({ samples }: HeardFrame): boolean => samples.some((sample) => Math.abs(sample) > 500);

/** Everything that was heard from the first to the last sample that is not zero. */
function heardSamples(frames: readonly HeardFrame[]): number[] {
  return frames.flatMap(({ samples }) => [...samples]).filter((sample) => sample !== 0);
}

describe.each(PACINGS)('what the caller hears, %s pacing', (pacing) => {
  it('stops within 300 ms of speech and a frame, and stays silent for as long as the caller speaks', async () => {
    const engines = soundOf(['tell me all', 'no stop'], [LONG, 'Well then'], paintPosition);
    const call = await playOne(pacing, soundOverAnswer(900), engines);
    const over = call.phone.speeches[1];
    if (over === undefined) throw new Error('the caller did not interrupt');
    const during = call.hearing.frames.filter(
      (frame) => isVoiced(frame) && frame.atMs > over.startMs && frame.atMs <= over.endMs,
    );
    const lastSoundMs = (during.at(-1)?.atMs ?? 0) - over.startMs;
    expect(lastSoundMs).toBeGreaterThan(INTERRUPT_AFTER_MS - FRAME_MS);
    expect(lastSoundMs).toBeLessThanOrEqual(INTERRUPT_AFTER_MS + FRAME_MS);
    // Once it stopped it did not begin again before it had something else to say.
    const stoppedMs = over.startMs + lastSoundMs;
    expect(call.hearing.voicedAtMs.find((atMs) => atMs > stoppedMs)).toBeGreaterThan(over.endMs + 200);
  });

  it('is not stopped by a noise of 280 ms', async () => {
    const engines = soundOf(['tell me all', ''], [LONG], paintPosition);
    const call = await playOne(pacing, soundOverAnswer(280), engines);
    const heard = heardSamples(call.hearing.frames);
    expect(heard).toHaveLength(lengthOf(LONG));
    expect(heard.findIndex((sample, at) => sample !== positionSample(at))).toBe(-1);
    expect(longestSilenceMs(call)).toBeLessThan(FRAME_MS);
  });

  it('goes on where it stopped after a pause that was no interruption: nothing lost, a frame repeated at most', async () => {
    const engines = soundOf(['tell me all', ''], [LONG], paintPosition);
    const call = await playOne(pacing, soundOverAnswer(600), engines);
    const heard = heardSamples(call.hearing.frames);
    const jump = heard.findIndex((sample, at) => sample !== positionSample(at));
    expect(jump).toBeGreaterThan(FRAME_SAMPLES);
    // From the end backwards the sentence is whole; what is between the two ends is what was heard twice, faded or not.
    const extra = heard.length - lengthOf(LONG);
    expect(extra).toBeGreaterThanOrEqual(0);
    expect(extra).toBeLessThanOrEqual(FRAME_SAMPLES);
    expect(heard.findIndex((sample, at) => at >= jump + extra && sample !== positionSample(at - extra))).toBe(-1);
    const over = call.phone.speeches[1];
    const resumedMs = call.hearing.voicedAtMs.find((atMs) => atMs > (over?.endMs ?? 0)) ?? 0;
    expect(Math.abs(resumedMs - (over?.endMs ?? 0) - RESUME_AFTER_MS)).toBeLessThanOrEqual(2 * FRAME_MS);
  });

  it('never holds a sound of an answer that was interrupted, though the voice goes on speaking', async () => {
    const long = `${LONG}. ${LONG}. ${LONG}.`;
    const voice = { msPerChar: MS_PER_CHAR, paint: paintTone, aborts: 'ignored' } as const;
    const engines = { hears: ['one', 'two', 'three'], answers: [long, long, 'Done'], voice };
    const call = await playOne(pacing, interruptingTwice, engines);
    const heard = call.hearing.frames.filter(isVoiced).map(({ atMs, samples }) => ({ atMs, tag: toneIn(samples) }));
    const stopsMs = call.phone.speeches.slice(1).map(({ startMs }) => startMs + INTERRUPT_AFTER_MS + FRAME_MS);
    // Only the first of the three sentences of an answer is ever begun; each sounds in a tone of its own.
    const turns = stopsMs.map((stopMs, index) => {
      const fromMs = stopsMs[index - 1] ?? 0;
      return new Set(heard.filter(({ atMs }) => atMs > fromMs && atMs <= stopMs).map(({ tag }) => tag));
    });
    const last = new Set(heard.filter(({ atMs }) => atMs > (stopsMs.at(-1) ?? 0)).map(({ tag }) => tag));
    const all = [...turns, last];
    expect(all.map((tags) => tags.size)).toEqual([1, 1, 1]);
    expect(new Set(all.flatMap((tags) => [...tags])).size).toBe(3);
    const texts = all.flatMap((tags) => [...tags].map((tag) => call.engines.voice.texts.get(tag ?? -1)));
    expect(texts).toEqual([`${LONG}.`, `${LONG}.`, 'Done']);
  });
});

const interruptingTwice: Script = function* (hearing) {
  yield* silentFor(200);
  yield* speak(500);
  for (let i = 0; i < 2; i++) {
    yield* silentUntil(() => hearing.soundMs >= 800, 5_000);
    yield* speak(700);
    yield* silentUntil(() => hearing.soundMs === 0, 1_000);
  }
  yield* heardOut(hearing);
};

const lengthOf = (text: string): number => (text.length * MS_PER_CHAR * RATE_HZ) / 1000;
const positionSample = (at: number): number => 4_000 + (at % PERIOD);

/** Between the first and the last sound. */
function longestSilenceMs({ hearing: { voicedAtMs } }: PlayedCall): number {
  return Math.max(...voicedAtMs.slice(1).map((atMs, index) => atMs - (voicedAtMs[index] ?? 0) - FRAME_MS));
}

/** The tag of the strongest tone in a frame. */
function toneIn(samples: Int16Array): number | undefined {
  const powers = Array.from({ length: 20 }, (_, tag) => ({ tag, power: goertzel(samples, hzOf(tag)) }));
  return powers.sort((a, b) => b.power - a.power)[0]?.tag;
}

/** The power of one frequency in the samples. */
function goertzel(samples: Int16Array, hz: number): number {
  const step = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + step * last - before, last];
  return last * last + before * before - step * last * before;
}
