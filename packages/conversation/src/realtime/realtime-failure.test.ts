import { RATE_HZ } from '@rapida/core';
import { Faults } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { brokenVoice, RealtimeRehearsal } from './testing/realtime-rehearsal.js';

const STORY = 'Once upon a time there was a king who had three daughters and a very old horse. They lived by the sea.';
const GREETING = { text: 'Hello there.', samples: new Int16Array(RATE_HZ / 2).fill(3_000) };

describe('a model that fails', () => {
  it('is replaced without a word when nobody waits for it, and the new session knows what was said', async () => {
    const call = new RealtimeRehearsal({
      greeting: GREETING,
      script: [
        { hears: 'one', says: 'First.' },
        { hears: 'two', says: 'Second.' },
      ],
    }).start();
    await call.silence(1_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_500);
    call.model.lose();
    await call.silence(500);
    expect(call.session.options.history).toEqual([
      { role: 'assistant', text: 'Hello there.' },
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'First.' },
    ]);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_500);
    expect(call.said().slice(3)).toEqual(['user: two', 'assistant: Second.']);
    expect(call.spare.spoken).toEqual([]);
    call.conversation.callerGone('caller_hangup');
  });

  it('is excused to a caller who was speaking to it', async () => {
    const call = new RealtimeRehearsal({ config: { failure: { say: 'Sorry.' } }, script: [{ says: 'Yes?' }] }).start();
    await call.speak(400);
    call.model.lose();
    await call.silence(3_000);
    expect(call.said()).toEqual(['assistant: Sorry.']);
    expect(call.session.remembered).toEqual(['Sorry.']);
    expect(call.end).toBeUndefined();
    call.conversation.callerGone('caller_hangup');
  });

  it('is opened anew once, not for ever, when it is lost again and again', async () => {
    const call = new RealtimeRehearsal({ config: { failure: { say: 'Sorry.' } } }).start();
    for (let i = 0; i < 5; i++) {
      call.model.lose();
      await call.silence(100);
    }
    await call.silence(2_000);
    expect(call.model.sessions).toHaveLength(2);
    expect(call.said()).toEqual(['assistant: Sorry.']);
    expect(call.end).toEqual({ by: 'system', reason: 'provider_failed', failed: true });
  });

  it('says so in the local voice and goes on; after a second failure in a row the call ends', async () => {
    const call = new RealtimeRehearsal({
      config: { limits: { providerMs: 1_000 }, failure: { say: 'Sorry.' } },
      script: [
        { hears: 'one', says: 'First.' },
        { hears: 'two', says: 'Second.' },
      ],
      model: { ttftMs: 60_000 },
    }).start();
    await call.speak(600);
    await call.silence(4_000);
    expect(call.said()).toEqual(['user: one', 'assistant: Sorry.']);
    expect(call.end).toBeUndefined();
    await call.speak(600);
    await call.silence(4_000);
    expect(call.said()).toEqual(['user: one', 'assistant: Sorry.', 'user: two', 'assistant: Sorry.']);
    expect(call.end).toEqual({ by: 'system', reason: 'provider_failed', failed: true });
    expect(call.model.sessions.every(({ closed }) => closed)).toBe(true);
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('plays what there is of an answer that breaks off, then says so', async () => {
    const call = new RealtimeRehearsal({
      script: [{ hears: 'tell me a story', says: STORY }],
      model: { faults: new Faults(21) },
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(5_000);
    expect(call.said()[1]).toMatch(/^assistant: Once upon a time there was a king/);
    expect(call.said()[2]).toBe('assistant: I am sorry, something is not working on our side.');
    call.conversation.callerGone('caller_hangup');
  });

  it('leaves a goodbye to the local voice', async () => {
    const call = new RealtimeRehearsal({
      config: { silence: { promptAfterMs: 1_000, prompts: [], goodbye: 'Bye.' } },
      model: { faults: new Faults(1) },
    }).start();
    await call.silence(3_000);
    expect(call.spare.spoken).toEqual(['Bye.']);
    expect(call.end).toEqual({ by: 'assistant', reason: 'caller_silent', failed: false });
  });

  it('ends the call when the local voice fails as well', async () => {
    const call = new RealtimeRehearsal({
      script: [{ hears: 'hello', says: 'Good day.' }],
      model: { faults: new Faults(1) },
      spareTts: () => brokenVoice,
    }).start();
    await call.speak(600);
    await call.silence(3_000);
    expect(call.said()).toEqual(['user: hello']);
    expect(call.end).toEqual({ by: 'system', reason: 'provider_failed', failed: true });
  });

  it('is stopped when it calls forbidden tools without end', async () => {
    const refused = { calls: [{ id: 'x', name: 'launch', args: {} }] };
    const loop = [1, 2, 3, 4, 5].reduce((afterCalls) => ({ ...refused, afterCalls }), refused as object);
    const call = new RealtimeRehearsal({
      config: { tools: { roundsMax: 3 } },
      script: [{ hears: 'go', ...loop }],
    }).start();
    await call.speak(600);
    await call.silence(6_000);
    expect(call.session.results).toHaveLength(4);
    expect(call.said()).toEqual(['user: go', 'assistant: I am sorry, something is not working on our side.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('is cut off when it talks for longer than the playout keeps', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'tell me a story', says: STORY }] }).start();
    const write = call.playout.write.bind(call.playout);
    call.playout.write = (id, samples) => call.playout.queuedMs < 2_000 && write(id, samples);
    await call.sayAndAwaitAnswer(600);
    await call.silence(4_000);
    expect(call.said()).toEqual(['user: tell me a story', expect.stringMatching(/^assistant: Once upon a time/)]);
    expect(call.session.truncated).toEqual([{ answer: 1, playedMs: expect.closeTo(2_200, -3) }]);
    expect(call.end).toBeUndefined();
    call.conversation.callerGone('caller_hangup');
  });
});
