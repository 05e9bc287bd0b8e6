import { Faults, ScriptedRecogniser } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { Rehearsal } from './testing/rehearsal.js';

const STORY = 'Once upon a time there was a king who had three daughters and a very old horse. They lived by the sea.';

/** The assistant is in the middle of its story, `ms` after its first sound. */
async function inTheStory(ms: number, hears: readonly (string | { rejected: true })[]): Promise<Rehearsal> {
  const call = new Rehearsal({ hears: ['tell me a story', ...hears], answers: [STORY, 'Yes?'] }).start();
  await call.sayAndAwaitAnswer(600);
  await call.silence(ms);
  return call;
}

describe('a caller who speaks over the assistant', () => {
  it('stops it after the configured 300 ms of speech: sound, voice and model at once', async () => {
    const chatter = Array.from({ length: 400 }, () => ({ type: 'text', text: 'And so on. ' }) as const);
    const call = new Rehearsal({ hears: ['tell me', 'wait'], answers: [chatter] }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(500);
    await call.speak(280);
    expect([call.playout.paused, call.tts.aborted, call.llm.aborted]).toEqual([false, 0, 0]);
    await call.speak(20);
    expect([call.playout.paused, call.tts.aborted, call.llm.aborted]).toEqual([true, 1, 1]);
  });

  it('is answered, and the history holds only what was heard', async () => {
    const call = await inTheStory(1_000, ['stop please']);
    await call.speak(700);
    await call.silence(3_000);
    const cut = call.turns[1];
    expect(cut).toMatchObject({ role: 'assistant', interrupted: true });
    // 50 ms of sound a character; 1.30 to 1.32 s were heard: 26 characters.
    expect(cut?.text).toBe('Once upon a time there was');
    expect(`${cut?.text} ${cut?.unheard}`).toBe(STORY);
    expect(call.llm.requests[1]?.messages).toEqual([
      { role: 'user', text: 'tell me a story' },
      { role: 'assistant', text: cut?.text, interrupted: true },
      { role: 'user', text: 'stop please' },
    ]);
    expect(call.said().slice(2)).toEqual(['user: stop please', 'assistant: Yes?']);
  });

  it('can stop it sooner or later, as configured', async () => {
    const call = new Rehearsal({
      config: { greeting: STORY, turn: { interruptAfterMs: 600 } },
      hears: ['stop'],
    }).start();
    await call.silence(500);
    await call.speak(580);
    expect(call.playout.paused).toBe(false);
    await call.speak(20);
    expect(call.playout.paused).toBe(true);
  });

  it('interrupts by speech that was not understood, if it was long enough to be speech', async () => {
    const call = await inTheStory(1_000, [{ rejected: true }]);
    await call.speak(900);
    await call.silence(3_000);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', text: '', rejected: true });
  });

  it('interrupts by speaking for very long, before a word was recognised', async () => {
    const call = await inTheStory(1_000, []);
    await call.speak(1_600);
    expect(call.live.map((event) => event.type)).toContain('assistant_interrupted');
  });

  it('cannot stop a goodbye', async () => {
    const call = new Rehearsal({
      config: { silence: { promptAfterMs: 1_000, prompts: [], goodbye: 'I will hang up now. Goodbye.' } },
    }).start();
    await call.silence(1_300);
    await call.speak(800);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual(['assistant: I will hang up now. Goodbye.']);
  });

  it('takes back a goodbye of the model that they speak into', async () => {
    const call = new Rehearsal({
      hears: ['bye', 'wait one more thing'],
      answers: [
        [
          { type: 'tool-call', call: { id: '1', name: 'end_call', args: {} } },
          { type: 'text', text: 'It was nice to talk to you. Goodbye and have a nice day.' },
        ],
        'Of course.',
      ],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(800);
    await call.speak(800);
    await call.silence(3_000);
    expect(call.end).toBeUndefined();
    expect(call.said().at(-1)).toBe('assistant: Of course.');
  });
});

describe('a noise', () => {
  it('shorter than 300 ms does not stop the assistant', async () => {
    const call = await inTheStory(1_000, ['']);
    await call.speak(280);
    await call.silence(6_000);
    expect(call.live.map((event) => event.type)).not.toContain('assistant_paused');
    expect(call.turns.at(-1)).toMatchObject({ text: STORY, interrupted: false });
  });

  it('that stopped it lets it go on: every word is heard, none twice', async () => {
    const call = await inTheStory(1_000, ['']);
    const before = call.playout.finished.length;
    await call.speak(400);
    expect(call.playout.paused).toBe(true);
    await call.silence(1_200);
    expect(call.live.map((event) => event.type)).toContain('assistant_resumed');
    await call.silence(9_000);
    expect(call.turns.at(-1)).toMatchObject({ role: 'assistant', text: STORY, interrupted: false });
    const playedMs = call.playout.finished.slice(before).reduce((sum, one) => sum + one.result.playedMs, 0);
    const pauses = STORY.split(' ').length;
    expect(playedMs).toBeGreaterThan((STORY.length - pauses) * 50);
    expect(playedMs).toBeLessThanOrEqual(STORY.length * 50 + 100);
  });

  it('goes on only after the configured time without words', async () => {
    const call = await inTheStory(1_000, ['']);
    await call.speak(400);
    const quietSinceMs = call.clock.nowMs();
    await call.silentUntil(() => call.live.some((event) => event.type === 'assistant_resumed'));
    expect(call.clock.nowMs() - quietSinceMs).toBeGreaterThanOrEqual(680);
    expect(call.clock.nowMs() - quietSinceMs).toBeLessThanOrEqual(720);
  });

  it('in the middle of the model’s answer makes it go on from there, without repeating', async () => {
    const call = new Rehearsal({
      hears: ['tell me', ''],
      answers: [
        [
          { type: 'text', text: 'This is the first sentence of several. ' },
          { type: 'text', text: 'And this is ' },
          ...Array.from({ length: 600 }, () => ({ type: 'text', text: '' }) as const),
          { type: 'text', text: 'never reached.' },
        ],
        'the rest.',
      ],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(500);
    await call.speak(400);
    await call.silence(6_000);
    const continued = call.llm.requests[1];
    expect(continued?.continuing).toBe(true);
    expect(continued?.messages.at(-1)).toEqual({
      role: 'assistant',
      text: 'This is the first sentence of several. And this is',
    });
    expect(call.turns.at(-1)?.text).toBe('This is the first sentence of several. And this is the rest.');
  });

  it('does not hide words that fall into the end of a sentence: they are the answer', async () => {
    const call = new Rehearsal({
      config: { greeting: 'Are you a customer?' },
      hears: ['yes'],
      answers: ['Good.'],
    }).start();
    await call.silence(860);
    await call.speak(240);
    await call.silence(3_000);
    expect(call.said()).toEqual(['assistant: Are you a customer?', 'user: yes', 'assistant: Good.']);
  });
});

describe('failures during an interruption', () => {
  it('of the recogniser let the sentence go on and are told afterwards', async () => {
    const call = new Rehearsal({
      stt: (clock) => new ScriptedRecogniser(clock, ['tell me a story'], { faults: new Faults(2) }),
      config: { failure: { say: 'My hearing is bad today.' } },
      answers: [STORY],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    await call.speak(400);
    await call.silence(12_000);
    expect(call.said()).toEqual([
      'user: tell me a story',
      `assistant: ${STORY}`,
      'assistant: My hearing is bad today.',
    ]);
  });
});
