import { fallingBackLanguageModel, type ProviderIncident, RATE_HZ } from '@rapida/core';
import { chainOf, Faults, ScriptedModel, ScriptedRecogniser, ToneVoice } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { FILLERS_MAX } from './policy/filler.js';
import { Rehearsal, type RehearsalPlan } from './testing/rehearsal.js';

const SORRY = { say: 'Sorry, that failed.' } as const;

describe('a provider that fails', () => {
  it('is spoken about, and the call goes on', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY },
      hears: ['hello', 'hello again'],
      llm: (clock) => new ScriptedModel(clock, ['Never said.', 'Here I am.'], { faults: new Faults(1) }),
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(2_500);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_500);
    expect(call.said()).toEqual([
      'user: hello',
      'assistant: Sorry, that failed.',
      'user: hello again',
      'assistant: Here I am.',
    ]);
  });

  it('ends the call after the sentence where that is configured', async () => {
    const call = new Rehearsal({
      config: { failure: { ...SORRY, afterwards: 'end' } },
      hears: ['hello'],
      llm: (clock) => new ScriptedModel(clock, ['Never.'], { faults: new Faults(1) }),
    }).start();
    await call.speak(600);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual(['user: hello', 'assistant: Sorry, that failed.']);
    expect(call.end).toEqual({ by: 'system', reason: 'provider_failed', failed: true });
  });

  it('twice in a row ends the call whatever is configured', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY },
      hears: ['one', 'two'],
      answers: [[], []],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(2_000);
    await call.speak(600);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.end?.reason).toBe('provider_failed');
  });

  it('by saying nothing is noticed after the configured time', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY, limits: { providerMs: 2_000 } },
      hears: ['hello'],
      llm: (clock) => new ScriptedModel(clock, ['Never.'], { faults: new Faults(1, 'hang') }),
    }).start();
    await call.speak(600);
    await call.silentUntil(() => call.llm.requests.length === 0 && call.playout.begun.length === 1, 4_000);
    expect(call.tts.spoken).toEqual(['Sorry, that failed.']);
  });

  it('is heard about though the caller made a sound when it happened', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY, limits: { providerMs: 1_000 }, turn: { interruptAfterMs: 600 } },
      hears: ['hello', ''],
      llm: (clock) => new ScriptedModel(clock, ['Never.'], { faults: new Faults(1, 'hang') }),
    }).start();
    await call.speak(600);
    await call.silence(1_300);
    await call.speak(400);
    await call.silence(3_000);
    expect(call.said()).toEqual(['user: hello', 'assistant: Sorry, that failed.']);
  });

  it('by silence is not followed by the silence of another: the spare voice tells it', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY, limits: { providerMs: 1_000 } },
      hears: ['hello'],
      llm: (clock) => new ScriptedModel(clock, ['Never.'], { faults: new Faults(1, 'hang') }),
      tts: (clock) => new ToneVoice(clock, { faults: new Faults(1, 'hang') }),
      spareTts: (clock) => new ToneVoice(clock),
    }).start();
    await call.speak(600);
    await call.silence(3_200);
    expect(call.said()).toEqual(['user: hello', 'assistant: Sorry, that failed.']);
  });

  it('is heard about in the spare voice when it is the voice', async () => {
    let spare: ToneVoice | undefined;
    const call = new Rehearsal({
      config: { failure: SORRY, greeting: 'Hello.' },
      tts: (clock) => new ToneVoice(clock, { faults: new Faults(1) }),
      spareTts: (clock) => {
        spare = new ToneVoice(clock);
        return spare;
      },
    }).start();
    await call.silence(2_000);
    expect(spare?.spoken).toEqual(['Sorry, that failed.']);
    expect(call.said()).toEqual(['assistant: Sorry, that failed.']);
    expect(call.end).toBeUndefined();
  });

  it('ends the call when the spare voice fails too', async () => {
    const broken = (clock: ConstructorParameters<typeof ToneVoice>[0]) =>
      new ToneVoice(clock, { faults: new Faults(1) });
    const call = new Rehearsal({ config: { greeting: 'Hello.' }, tts: broken, spareTts: broken }).start();
    await call.silence(1_000);
    expect(call.end).toEqual({ by: 'system', reason: 'provider_failed', failed: true });
  });

  it('keeps what was already said of the answer', async () => {
    const call = new Rehearsal({
      config: { failure: SORRY },
      hears: ['hello'],
      llm: (clock) => new ScriptedModel(clock, ['First sentence. Second one.'], { faults: new Faults(4) }),
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(4_000);
    expect(call.said()).toEqual(['user: hello', 'assistant: First sentence.', 'assistant: Sorry, that failed.']);
  });

  it('as recogniser that never answers is replaced by a new stream', async () => {
    let stt: ScriptedRecogniser | undefined;
    const call = new Rehearsal({
      config: { failure: SORRY, limits: { providerMs: 1_000 } },
      stt: (clock) => {
        stt = new ScriptedRecogniser(clock, ['after the failure'], { faults: new Faults(1, 'hang') });
        return stt;
      },
      answers: ['Good.'],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    expect(stt?.opened).toBe(2);
    expect(call.said()).toEqual(['assistant: Sorry, that failed.', 'user: after the failure', 'assistant: Good.']);
  });
});

describe('a recogniser that is slow', () => {
  const filler = (text: string) => ({ text, samples: new Int16Array((RATE_HZ * 800) / 1_000).fill(900) });
  const fillers = Promise.resolve([filler('One moment.'), filler('Still here.')]);

  it('is bridged by fillers before there is anything to answer, and what was said before them is answered', async () => {
    const call = new Rehearsal({
      fillers,
      stt: (clock) => new ScriptedRecogniser(clock, ['is my room ready'], { latencyMs: 5_000 }),
      answers: ['Yes, it is.'],
      config: { filler: { afterMs: 1_500 } },
    }).start();
    await call.speak(600);
    await call.silence(12_000);
    expect(call.said()).toEqual([
      'assistant: One moment.',
      'assistant: Still here.',
      'user: is my room ready',
      'assistant: Yes, it is.',
    ]);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('is not bridged into the words of a caller who goes on, nor by more fillers than one answer may have', async () => {
    const goesOn = new Rehearsal({
      fillers,
      stt: (clock) => new ScriptedRecogniser(clock, ['is my room', 'ready'], { latencyMs: 5_000 }),
      config: { filler: { afterMs: 1_500 } },
    }).start();
    await goesOn.speak(600);
    await goesOn.silence(1_200);
    await goesOn.speak(2_000);
    expect(goesOn.playout.begun).toEqual([]);
    const never = new Rehearsal({
      fillers,
      stt: (clock) => new ScriptedRecogniser(clock, ['hello'], { faults: new Faults(1, 'hang') }),
      config: { filler: { afterMs: 500 }, limits: { providerMs: 20_000 }, failure: SORRY },
    }).start();
    await never.speak(600);
    await never.silence(25_000);
    expect(never.said().filter((line) => line !== 'assistant: Sorry, that failed.')).toHaveLength(FILLERS_MAX);
    expect(never.said().at(-1)).toBe('assistant: Sorry, that failed.');
  });
});

describe('a recogniser that is slow about a sound over the assistant', () => {
  const filler = (text: string) => ({ text, samples: new Int16Array((RATE_HZ * 800) / 1_000).fill(900) });
  const fillers = Promise.resolve([filler('One moment.')]);
  const stt: RehearsalPlan['stt'] = (clock) =>
    new ScriptedRecogniser(clock, ['tell me more', 'stop please'], { faults: new Faults(2, 'hang') });
  const config = { filler: { afterMs: 1_500 }, limits: { providerMs: 8_000 }, failure: SORRY };

  it('does not leave the caller in silence who interrupted', async () => {
    const call = new Rehearsal({
      stt,
      fillers,
      config,
      answers: ['That is a long story which takes a while to tell.'],
    });
    await call.start().sayAndAwaitAnswer(600);
    await call.silence(600);
    await call.speak(600);
    const before = call.playout.begun.length;
    await call.silentUntil(() => call.playout.begun.length > before, 1_600);
    await call.silence(12_000);
    expect(call.said()).toEqual([
      'user: tell me more',
      expect.stringMatching(/^assistant \(cut\): That is a/),
      // Each 1.5 s after the one before it, for the 8.7 s until the recogniser is given up.
      ...Array.from({ length: 4 }, () => 'assistant: One moment.'),
      'assistant: Sorry, that failed.',
    ]);
  });

  it.each([
    ['with fillers', fillers],
    ['without fillers', undefined],
  ])('does not hold the answer back for long, %s', async (_, ready) => {
    const call = new Rehearsal({ stt, ...(ready && { fillers: ready }), config, answers: ['Good morning.'] }).start();
    await call.speak(600);
    await call.silentUntil(() => call.llm.requests.length === 1);
    await call.speak(200);
    expect(call.playout.paused).toBe(true);
    await call.silence(1_520);
    expect(call.playout.paused).toBe(false);
    await call.silence(1_000);
    expect(call.said()).toEqual(['user: tell me more', 'assistant: Good morning.']);
  });

  it('and an apology that is late is waited for as an answer is', async () => {
    const call = new Rehearsal({
      ...{ fillers, config, hears: ['hello'] },
      llm: (clock) => new ScriptedModel(clock, ['Never.'], { faults: new Faults(1) }),
      tts: (clock) => new ToneVoice(clock, { faults: new Faults(1, 'hang') }),
      spareTts: (clock) => new ToneVoice(clock),
    }).start();
    await call.speak(600);
    await call.silentUntil(() => call.playout.begun.length > 0, 2_200);
    await call.silence(12_000);
    expect(call.said()).toEqual([
      'user: hello',
      expect.stringMatching(/^assistant: One moment\. One moment\./),
      'assistant: Sorry, that failed.',
    ]);
  });
});

describe('a model that keeps its time as its chain does', () => {
  it('is told of by the chain: the conversation waits a moment longer', async () => {
    let incidents: readonly ProviderIncident[] = [];
    const call = new Rehearsal({
      config: { failure: SORRY, limits: { providerMs: 2_000 } },
      hears: ['hello'],
      llm: (clock) => {
        const silent = new ScriptedModel(clock, ['Never.'], { faults: new Faults(1, 'hang') });
        const chain = chainOf('llm', clock, silent);
        incidents = chain.incidents;
        return fallingBackLanguageModel(chain, { clock, budgetMs: 1_000, patienceMs: 2_000 });
      },
    }).start();
    await call.speak(600);
    await call.silence(4_500);
    expect(incidents).toEqual([{ kind: 'llm', provider: 'scripted', code: 'provider_timeout', next: null }]);
    expect(call.said()).toEqual(['user: hello', 'assistant: Sorry, that failed.']);
  });
});

describe('failures anywhere', () => {
  const greeting = 'Hello, this is a test.';
  const script = { hears: ['hello', 'goodbye'], answers: ['Nice to hear you. How are you?', 'See you.'] };

  async function callWith(faults: Faults): Promise<Rehearsal> {
    const call = new Rehearsal({
      config: { greeting, limits: { providerMs: 1_000 } },
      stt: (clock) => new ScriptedRecogniser(clock, script.hears, { faults }),
      llm: (clock) => new ScriptedModel(clock, script.answers, { faults }),
      tts: (clock) => new ToneVoice(clock, { faults }),
      spareTts: (clock) => new ToneVoice(clock),
    }).start();
    for (const ms of [2_500, 6_000, 6_000]) {
      await call.silence(ms);
      if (call.end === undefined) await call.speak(700);
    }
    return call;
  }

  for (const how of ['throw', 'hang'] as const) {
    it(`every utterance finishes exactly once and the call ends once, whichever event is the one to ${how}`, async () => {
      const calm = new Faults();
      await callWith(calm);
      expect(calm.passed).toBeGreaterThan(20);
      for (let nth = 1; nth <= calm.passed; nth++) {
        const call = await callWith(new Faults(nth, how));
        call.conversation.callerGone('caller_hangup');
        await call.silence(40);
        const finished = call.playout.finished.map((one) => one.id);
        expect(finished, `event ${nth}`).toEqual(call.playout.begun);
        expect(call.ends, `event ${nth}`).toBe(1);
        expect(call.errors, `event ${nth}`).toEqual([]);
        expect(call.clock.pendingTimers, `event ${nth}`).toBe(0);
        expect(call.turns.length, `event ${nth}`).toBeGreaterThan(0);
      }
    });
  }

  it('a hang-up at any moment ends the call once and leaves nothing behind', async () => {
    for (let atMs = 0; atMs < 9_000; atMs += 60) {
      const call = new Rehearsal({ config: { greeting }, ...script }).start();
      await call.silence(Math.min(atMs, 2_000));
      await call.speak(Math.min(Math.max(0, atMs - 2_000), 700));
      await call.silence(Math.max(0, atMs - 2_700));
      call.conversation.callerGone('caller_hangup');
      await call.silence(20);
      expect(call.end, `at ${atMs}`).toMatchObject({ by: 'user', reason: 'caller_hangup' });
      expect(call.ends).toBe(1);
      expect(call.playout.finished.map((one) => one.id)).toEqual(call.playout.begun);
      expect(call.clock.pendingTimers, `at ${atMs}`).toBe(0);
    }
  });
});
