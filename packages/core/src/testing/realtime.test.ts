import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.js';
import {
  REALTIME_PROMISES,
  REALTIME_TOOL,
  type RealtimeSubject,
  realtimeModelConformance,
} from '../conformance/realtime-model.js';
import { Faults } from './faults.js';
import { type BrokenPromise, ScriptedRealtime, type ScriptedRealtimeOptions, type ScriptedSpeech } from './realtime.js';

const ANSWER: ScriptedSpeech = { hears: 'hello there', says: 'Good morning, dear caller.' };
const CALLING: ScriptedSpeech = {
  hears: 'when are you open',
  calls: [{ id: 'c1', name: REALTIME_TOOL.name, args: { what: 'hours' } }],
  afterCalls: { says: 'Good morning.' },
};
const AT_ONCE = { ttftMs: 0, chunkMs: 0, transcriptMs: 0 };

function subjectOf(script: readonly ScriptedSpeech[], options: ScriptedRealtimeOptions = {}): RealtimeSubject {
  return {
    realtime: new ScriptedRealtime(systemClock, script, { ...AT_ONCE, ...options }),
    speech: new Int16Array(3_200).fill(1_000),
    heard: /^hello there$/,
    expected: /^Good morning/,
    close() {},
  };
}

realtimeModelConformance('the scripted double', async () => subjectOf([ANSWER, ANSWER]), {
  makeCalling: async () => subjectOf([CALLING]),
  makeFailing: async () => subjectOf([ANSWER], { faults: new Faults(2) }),
  makeStalled: async () => subjectOf([ANSWER], { faults: new Faults(1, 'hang') }),
});

/** Which promise sees it when a model breaks the contract in this way. */
const SEEN_BY: Readonly<Record<BrokenPromise, readonly [string, ScriptedSpeech, Faults?]>> = {
  'late-audio': ['gives nothing more of an answer that was truncated, and the next one whole', ANSWER],
  'wrong-answer': ['gives each answer the number it was asked for with', ANSWER],
  'never-done': ['answers a turn with sound and its text, and says once that the answer is done', ANSWER],
  'two-finals': ['tells what it understood of each turn, finally once, by the number of the turn', ANSWER],
  'no-transcript': ['tells what it understood of each turn, finally once, by the number of the turn', ANSWER],
  'empty-audio': ['yields only events of the contract', ANSWER],
  'forgets-tools': ['calls a tool, and goes on with the same answer when it has the result', CALLING],
  'ignores-abort': ['ends without a failure when the signal is aborted in an answer', ANSWER],
  'keeps-listener': ['ends when the reader stops reading, and leaves no listener on the signal', ANSWER],
  'throws-after-close': ['takes everything as nothing once it is closed', ANSWER],
  'strange-failure': ['throws a RapidaError with a provider code, and stays harmless after it', ANSWER, new Faults(2)],
};

describe('the suite fails for a model that', () => {
  it.each(Object.entries(SEEN_BY))('breaks it by %s', async (breaks, [promise, speech, faults]) => {
    const subject = subjectOf([speech, speech], {
      breaks: breaks as BrokenPromise,
      ...(faults !== undefined && { faults }),
    });
    const promised = REALTIME_PROMISES[promise];
    expect(promised).toBeDefined();
    expect(await outcomeOf(promised?.(subject) ?? Promise.resolve())).not.toBe('kept');
  });
});

/** A promise that waits for something that never comes is broken, too: once nothing is under way any more, it stays so. */
async function outcomeOf(promised: Promise<void>): Promise<'kept' | 'broken' | 'waits for ever'> {
  let outcome: 'kept' | 'broken' | 'waits for ever' = 'waits for ever';
  void promised.then(
    () => {
      outcome = 'kept';
    },
    () => {
      outcome = 'broken';
    },
  );
  for (let turns = 0; turns < TURNS_MAX && outcome === 'waits for ever'; turns++) {
    await new Promise<void>((resolve) => systemClock.setTimer(0, resolve));
  }
  return outcome;
}

/** An answer of the double takes fewer than a dozen. */
const TURNS_MAX = 200;
