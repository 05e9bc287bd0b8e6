import { RATE_HZ } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { RealtimeRehearsal } from './testing/realtime-rehearsal.js';

const STORY = 'Once upon a time there was a king who had three daughters and a very old horse. They lived by the sea.';
const GREETING = { text: 'Hello there.', samples: new Int16Array(RATE_HZ / 2).fill(3_000) };

describe('a conversation with a model that hears and speaks', () => {
  it('greets, is interrupted, calls a tool it may not use, and says goodbye', async () => {
    const call = new RealtimeRehearsal({
      greeting: GREETING,
      transferTargets: ['sales,1,1'],
      script: [
        { hears: 'tell me a story', says: STORY },
        {
          hears: 'no, give me the director',
          calls: [{ id: 't1', name: 'transfer', args: { target: 'director,1,1' } }],
          afterCalls: { says: 'I cannot do that.' },
        },
        { hears: 'thank you, goodbye', says: 'Goodbye.', calls: [{ id: 't2', name: 'end_call', args: {} }] },
      ],
    }).start();
    await call.silence(1_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    await call.speak(700);
    await call.silentUntil(() => call.turns.length === 5);
    await call.speak(600);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual([
      'assistant: Hello there.',
      'user: tell me a story',
      // 50 ms of sound a character; between 1.3 and 1.4 s were heard.
      'assistant (cut): Once upon a time there was',
      'user: no, give me the director',
      'assistant: I cannot do that.',
      'user: thank you, goodbye',
      'assistant: Goodbye.',
    ]);
    expect(call.end).toEqual({ by: 'assistant', reason: 'end_call', failed: false });
    expect(call.session.results).toEqual([
      { answer: 3, name: 'transfer', result: 'error: transfer_not_allowed: the caller cannot be transferred there' },
    ]);
    expect(call.session.remembered).toEqual(['Hello there.']);
    expect(call.session.closed).toBe(true);
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('opens the session with instructions, variables, language, line and tools', async () => {
    const call = new RealtimeRehearsal({
      config: { instructions: 'Be brief.', language: 'de-DE' },
      transferTargets: ['sales,1,1'],
    }).start();
    expect(call.session.options).toMatchObject({
      instructions: 'Be brief.',
      variables: { caller: 'Ada' },
      language: 'de-DE',
      lineRateHz: 8000,
      history: [],
    });
    expect(call.session.options.tools.map(({ name }) => name)).toEqual(['end_call', 'transfer']);
    call.conversation.callerGone('caller_hangup');
  });

  it('has the model greet where no greeting was rendered ahead', async () => {
    const call = new RealtimeRehearsal({ config: { greeting: 'Welcome.' } }).start();
    await call.silence(1_500);
    expect(call.session.said).toEqual(['Welcome.']);
    expect(call.said()).toEqual(['assistant: Welcome.']);
    expect(call.spare.spoken).toEqual([]);
    call.conversation.callerGone('caller_hangup');
  });

  it('gives the model each turn with its pre-roll, and nothing of the silence', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'hello', says: 'Yes?' }] }).start();
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(600);
    const [turn] = call.session.turns;
    // 300 ms before the detector was sure, 540 ms after, and its 200 ms of hangover.
    expect(turn).toEqual({ turn: 1, frames: 15 + 28 + 10 });
    expect(call.session.asked).toHaveLength(1);
    call.conversation.callerGone('caller_hangup');
  });

  it('joins what a caller says with pauses shorter than the end of turn', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'a table for two', says: 'Fine.' }] }).start();
    await call.speak(500);
    await call.silence(400);
    await call.speak(500);
    await call.silence(2_000);
    expect(call.session.turns).toHaveLength(1);
    expect(call.said()).toEqual(['user: a table for two', 'assistant: Fine.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('says how long the caller waited for the first sound of an answer', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'hello', says: 'Good day.' }], model: { ttftMs: 200 } });
    call.start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_500);
    const [user, assistant] = call.turns;
    expect(user?.metrics).toEqual({ eos_latency_ms: 500 });
    expect(assistant?.metrics).toEqual({ llm_ttft_ms: 200, response_latency_ms: 700 });
    call.conversation.callerGone('caller_hangup');
  });

  it('puts the words of a turn before its answer, also when they come after it', async () => {
    const call = new RealtimeRehearsal({
      script: [{ hears: 'good morning', says: 'Hi.' }],
      model: { transcriptMs: 3_000 },
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    expect(call.said()).toEqual([]);
    await call.silence(3_000);
    expect(call.said()).toEqual(['user: good morning', 'assistant: Hi.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('does not wait for ever for words that never come', async () => {
    const call = new RealtimeRehearsal({
      config: { limits: { providerMs: 2_000 } },
      script: [{ hears: 'good morning', says: 'Hi.' }],
      model: { transcriptMs: 60_000 },
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(3_000);
    expect(call.said()).toEqual(['user: ', 'assistant: Hi.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('does not take a model that stays silent about a noise for a broken one', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: '' }, { hears: 'hello', says: 'Yes?' }] }).start();
    await call.speak(200);
    await call.silence(3_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    expect(call.said()).toEqual(['user: ', 'user: hello', 'assistant: Yes?']);
    expect(call.model.sessions).toHaveLength(1);
    call.conversation.callerGone('caller_hangup');
  });
});

describe('speaking over the assistant', () => {
  async function inTheStory(ms: number): Promise<RealtimeRehearsal> {
    const call = new RealtimeRehearsal({
      script: [
        { hears: 'tell me a story', says: STORY },
        { hears: 'wait', says: 'Yes?' },
      ],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(ms);
    return call;
  }

  it('silences it after 300 ms at once, and tells the model how much was heard', async () => {
    const call = await inTheStory(1_000);
    await call.speak(280);
    expect(call.session.truncated).toEqual([]);
    const queuedMs = call.playout.queuedMs;
    expect(queuedMs).toBeGreaterThan(1_000);
    await call.speak(20);
    expect(call.playout.queuedMs).toBe(0);
    const [finished] = call.playout.finished;
    expect(finished?.result.cut).toBe(true);
    expect(call.session.truncated).toEqual([{ answer: 1, playedMs: finished?.result.playedMs }]);
    expect(call.session.turns.map(({ turn }) => turn)).toEqual([1, 2]);
    call.conversation.callerGone('caller_hangup');
  });

  it('gives the model all of what interrupted, from its beginning', async () => {
    const call = await inTheStory(1_000);
    await call.speak(600);
    await call.silence(1_000);
    // 15 frames of pre-roll, 28 after the start was certain, 10 of hangover: as if nobody had spoken.
    expect(call.session.turns[1]).toEqual({ turn: 2, frames: 15 + 28 + 10 });
    call.conversation.callerGone('caller_hangup');
  });

  it('goes on when it was only a cough, which the model never hears', async () => {
    const call = await inTheStory(1_000);
    await call.speak(160);
    await call.silence(6_000);
    expect(call.session.turns).toHaveLength(1);
    expect(call.said()).toEqual(['user: tell me a story', `assistant: ${STORY}`]);
    call.conversation.callerGone('caller_hangup');
  });

  it('holds an answer back that has not begun, and lets it come when it was nothing', async () => {
    const call = new RealtimeRehearsal({
      script: [{ hears: 'hello', says: 'Good day.' }],
      model: { ttftMs: 400 },
    }).start();
    await call.speak(600);
    await call.silence(700);
    await call.speak(160);
    await call.silence(2_000);
    expect(call.said()).toEqual(['user: hello', 'assistant: Good day.']);
    expect(call.session.truncated).toEqual([]);
    call.conversation.callerGone('caller_hangup');
  });

  it('takes an answer back that nobody has heard when the caller goes on', async () => {
    const call = new RealtimeRehearsal({
      script: [
        { hears: 'I would like', says: 'What?' },
        { hears: 'a table', says: 'Fine.' },
      ],
      model: { ttftMs: 400 },
    }).start();
    await call.speak(600);
    await call.silence(700);
    await call.speak(600);
    await call.silence(3_000);
    expect(call.session.truncated).toEqual([{ answer: 1, playedMs: 0 }]);
    expect(call.said()).toEqual(['user: I would like', 'user: a table', 'assistant: Fine.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('does not stop a goodbye', async () => {
    const call = new RealtimeRehearsal({
      config: { silence: { promptAfterMs: 1_000, prompts: [], goodbye: 'I hang up now. Goodbye.' } },
    }).start();
    await call.silence(1_300);
    await call.speak(2_000);
    expect(call.end).toEqual({ by: 'assistant', reason: 'caller_silent', failed: false });
    expect(call.said()).toEqual(['assistant: I hang up now. Goodbye.']);
  });
});

describe('what happens besides', () => {
  it('transfers to a listed target after the announcement was heard', async () => {
    const call = new RealtimeRehearsal({
      transferTargets: ['sales,1,1'],
      script: [
        { hears: 'sales', says: 'One moment.', calls: [{ id: '1', name: 'transfer', args: { target: 'sales,1,1' } }] },
      ],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(300);
    expect(call.end).toBeUndefined();
    await call.silence(1_000);
    expect(call.end).toEqual({ by: 'assistant', reason: 'transfer', transferTo: 'sales,1,1', failed: false });
    expect(call.said().at(-1)).toBe('assistant: One moment.');
  });

  it('gives pressed keys to the model as text, and stops the assistant for them', async () => {
    const call = new RealtimeRehearsal({
      config: { greeting: 'Please enter your number, and then press the hash key.' },
      script: [{ says: 'Thank you.' }],
    }).start();
    await call.silence(1_000);
    for (const digit of '123#') call.conversation.onDtmf(digit);
    await call.silence(1_500);
    expect(call.session.told).toEqual(['[keys] 123']);
    expect(call.said().slice(1)).toEqual(['user: 123', 'assistant: Thank you.']);
    expect(call.said()[0]).toMatch(/^assistant \(cut\): Please enter/);
    call.conversation.callerGone('caller_hangup');
  });

  it('sends keys along with what the caller says meanwhile', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'my number', says: 'Thank you.' }] }).start();
    await call.speak(400);
    call.conversation.onDtmf('7');
    await call.speak(200);
    await call.silence(3_000);
    expect(call.session.told).toEqual(['[keys] 7']);
    expect(call.said()).toEqual(['user: my number 7', 'assistant: Thank you.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('asks into the silence, then says goodbye and hangs up', async () => {
    const call = new RealtimeRehearsal({
      config: { silence: { promptAfterMs: 2_000, prompts: ['Hello?'], goodbye: 'Bye.' } },
    }).start();
    await call.silence(6_000);
    expect(call.said()).toEqual(['assistant: Hello?', 'assistant: Bye.']);
    expect(call.end?.reason).toBe('caller_silent');
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('ends at the limit of the call, with a goodbye', async () => {
    const call = new RealtimeRehearsal({
      config: { limits: { callMs: 5_000, callLimitGoodbye: 'Time is up.' } },
      script: [{ hears: 'tell me a story', says: STORY }],
    }).start();
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(5_000);
    expect(call.end).toEqual({ by: 'system', reason: 'call_limit', failed: false });
    expect(call.said().at(-1)).toBe('assistant: Time is up.');
  });

  it('ends with a goodbye when the server stops', async () => {
    const call = new RealtimeRehearsal({
      config: { limits: { serverStopGoodbye: 'We have to stop.' } },
      script: [{ hears: 'tell me a story', says: STORY }],
    }).start();
    await call.sayAndAwaitAnswer(600);
    call.conversation.goodbye('server_shutdown');
    await call.silence(5_000);
    expect(call.end).toEqual({ by: 'system', reason: 'server_shutdown', failed: false });
    expect(call.said().at(-1)).toBe('assistant: We have to stop.');
  });

  it('says a sentence from outside when nobody speaks', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'hello', says: 'Good day.' }] }).start();
    await call.speak(400);
    expect(call.conversation.say('A message for you.')).toBe(true);
    await call.silence(4_000);
    expect(call.said()).toEqual(['user: hello', 'assistant: Good day.', 'assistant: A message for you.']);
    call.conversation.finish('operator');
    expect(call.conversation.say('More.')).toBe(false);
  });

  it('finishes what is being said when it is ended from outside', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'hello', says: 'A very good day to you.' }] }).start();
    await call.sayAndAwaitAnswer(600);
    call.conversation.finish('operator', 'a,1,1');
    await call.silence(2_000);
    expect(call.said().at(-1)).toBe('assistant: A very good day to you.');
    expect(call.end).toEqual({ by: 'system', reason: 'operator', transferTo: 'a,1,1', failed: false });
  });

  it('writes down what a caller said who hangs up in the middle of it', async () => {
    const call = new RealtimeRehearsal({ script: [{ hears: 'I have a question', says: STORY }] }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    await call.scope.close('hung up');
    expect(call.said()[0]).toBe('user: I have a question');
    expect(call.said()[1]).toMatch(/^assistant \(cut\): Once upon/);
    expect(call.ends).toBe(1);
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('shows live what happens', async () => {
    const call = new RealtimeRehearsal({
      script: [
        { hears: 'tell me a story', says: STORY },
        { hears: 'stop', says: 'Yes?' },
      ],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    await call.speak(600);
    await call.silence(2_000);
    const kinds = call.live.map((event) => event.type);
    expect(kinds.slice(0, 4)).toEqual(['caller_partial', 'caller_said', 'assistant_saying', 'assistant_saying']);
    expect(kinds.slice(4)).toEqual(['assistant_interrupted', 'caller_said', 'assistant_saying']);
    expect(call.live[2]).toEqual({
      type: 'assistant_saying',
      text: 'Once upon a time there was a king who had three daughters and a very old horse.',
    });
    call.conversation.callerGone('caller_hangup');
  });
});
