import {
  type ErrorCode,
  FRAME_MS,
  fallingBackLanguageModel,
  fallingBackTextToSpeech,
  RATE_HZ,
  reopeningSpeechToText,
} from '@rapida/core';
import { chainOf, Faults, ScriptedModel, ScriptedRecogniser, ToneVoice } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { Rehearsal, type RehearsalPlan } from './testing/rehearsal.js';

/**
 * An engine fails, hangs or refuses at each of its events in turn, in the middle of a sentence too. The caller must never be left in silence for
 * longer than this between the end of what they said and the end of the answer, and the failure has to be told.
 */
const SILENCE_MS_MAX = 2_500;
const BUDGETS = { sttMs: 1_500, llmMs: 1_500, ttsMs: 1_000 };
const PATIENCE_MS = 8_000;
const ANSWER = 'We are open from nine in the morning. We close at five in the afternoon. Come and see us.';
const filler = (text: string) => ({ text, samples: new Int16Array((RATE_HZ * 800) / 1_000).fill(900) });
const FILLERS = [filler('One moment, please.'), filler('I am still working on it.')];

type Kind = 'stt' | 'llm' | 'tts';
interface Trouble {
  readonly kind: Kind;
  readonly nth: number;
  readonly how: 'throw' | 'hang';
  readonly code: ErrorCode;
}

/** The chains as the server makes them, the first engine of `kind` in trouble. */
function planOf({ kind, nth, how, code }: Trouble, incidents: unknown[]): RehearsalPlan {
  const faultsOf = (of: Kind) => ({ faults: of === kind ? new Faults(nth, how, code) : new Faults() });
  const told = <C extends { readonly incidents: readonly unknown[] }>(chain: C): C => {
    incidents.push(chain.incidents);
    return chain;
  };
  return {
    config: { limits: { providerMs: PATIENCE_MS } },
    fillers: Promise.resolve(FILLERS),
    stt: (clock) => {
      const first = new ScriptedRecogniser(clock, ['when are you open'], faultsOf('stt'));
      const second = new ScriptedRecogniser(clock, ['when are you open']);
      return reopeningSpeechToText(told(chainOf('stt', clock, first, second)), { clock, budgetMs: BUDGETS.sttMs });
    },
    llm: (clock) => {
      const first = new ScriptedModel(clock, [ANSWER], faultsOf('llm'));
      // Goes on from what was said: its answer is the rest, whatever that is.
      const second = new ScriptedModel(clock, ['And that is all there is to say about it.']);
      const options = { clock, budgetMs: BUDGETS.llmMs, patienceMs: PATIENCE_MS };
      return fallingBackLanguageModel(told(chainOf('llm', clock, first, second)), options);
    },
    tts: (clock) => {
      const first = new ToneVoice(clock, { provider: 'first', ...faultsOf('tts') });
      const second = new ToneVoice(clock, { provider: 'second' });
      const options = { clock, budgetMs: BUDGETS.ttsMs, patienceMs: PATIENCE_MS };
      return fallingBackTextToSpeech(told(chainOf('tts', clock, first, second)), options);
    },
  };
}

/** Asks, and listens until nothing more is said; the longest silence on the way. */
async function longestSilenceMs(call: Rehearsal): Promise<number> {
  await call.speak(600);
  let longest = 0;
  let silent = 0;
  let played = call.playout.framesPlayed;
  const isOver = () => call.turns.some(({ role }) => role === 'assistant');
  for (let passedMs = 0; !isOver() && passedMs < 60_000; passedMs += FRAME_MS) {
    await call.silence(FRAME_MS);
    silent = call.playout.framesPlayed > played ? 0 : silent + FRAME_MS;
    longest = Math.max(longest, silent);
    played = call.playout.framesPlayed;
  }
  expect(isOver()).toBe(true);
  return longest;
}

const HOWS = [
  ['throw', 'provider_unavailable'],
  ['throw', 'provider_rate_limited'],
  ['hang', 'provider_timeout'],
] as const;
/** As many as each engine has in this call: one final, a word of the answer each, 100 ms of sound each. */
const EVENTS: Readonly<Record<Kind, number>> = { stt: 1, llm: 18, tts: 44 };
const TROUBLES: Trouble[] = (Object.keys(EVENTS) as Kind[]).flatMap((kind) =>
  HOWS.flatMap(([how, code]) => Array.from({ length: EVENTS[kind] }, (_, i) => ({ kind, nth: i + 1, how, code }))),
);

describe('an engine in trouble, with another one behind it', () => {
  it.each(TROUBLES)('$kind: event $nth, $how $code', async (trouble) => {
    const incidents: (readonly unknown[])[] = [];
    const call = new Rehearsal(planOf(trouble, incidents)).start();
    expect(await longestSilenceMs(call)).toBeLessThanOrEqual(SILENCE_MS_MAX);
    const told = incidents.flat();
    expect(told).toEqual([expect.objectContaining({ kind: trouble.kind, code: trouble.code })]);
    expect(call.said()[0]).toBe('user: when are you open');
  });
});

describe('an engine in trouble, alone', () => {
  it('hangs: fillers bound the silence until it is told that something is wrong', async () => {
    const call = new Rehearsal({
      hears: ['when are you open'],
      fillers: Promise.resolve(FILLERS),
      config: { limits: { providerMs: PATIENCE_MS } },
      llm: (clock) => new ScriptedModel(clock, [ANSWER], { faults: new Faults(1, 'hang') }),
    }).start();
    expect(await longestSilenceMs(call)).toBeLessThanOrEqual(SILENCE_MS_MAX);
    await call.silence(6_000);
    expect(call.said().at(-1)).toBe('assistant: I am sorry, something is not working on our side.');
  });
});
