import { describe, expect, it } from 'vitest';
import { Rehearsal } from './testing/rehearsal.js';

describe('a spoken conversation', () => {
  it('greets, answers what the caller said, and says goodbye when the model ends the call', async () => {
    const call = new Rehearsal({
      config: { greeting: 'Hello there.' },
      hears: ['when are you open', 'thank you goodbye'],
      answers: [
        'We are open from nine to five.',
        [
          { type: 'tool-call', call: { id: '1', name: 'end_call', args: {} } },
          { type: 'text', text: 'Goodbye.' },
        ],
      ],
    }).start();
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(800);
    await call.silentUntil(() => call.turns.length === 3);
    await call.speak(700);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual([
      'assistant: Hello there.',
      'user: when are you open',
      'assistant: We are open from nine to five.',
      'user: thank you goodbye',
      'assistant: Goodbye.',
    ]);
    expect(call.end).toEqual({ by: 'assistant', reason: 'end_call', failed: false });
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('gives the model what was said and heard, oldest first', async () => {
    const call = new Rehearsal({
      config: { greeting: 'Hello.' },
      hears: ['one', 'two'],
      answers: ['First.', 'Second.'],
    }).start();
    await call.silence(1_500);
    await call.sayAndAwaitAnswer(600);
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(600);
    expect(call.llm.requests[1]?.messages).toEqual([
      { role: 'assistant', text: 'Hello.' },
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'First.' },
      { role: 'user', text: 'two' },
    ]);
  });

  it('answers a caller whose phone sends nothing at all while it is silent', async () => {
    const call = new Rehearsal({ hears: ['hello'], answers: ['Good morning.'] }).start();
    await call.speak(600);
    await call.clock.advance(3_000);
    expect(call.said()).toEqual(['user: hello', 'assistant: Good morning.']);
    await call.speak(600);
    call.conversation.callerGone('caller_hangup');
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('joins what a caller says with pauses shorter than the end of turn', async () => {
    const call = new Rehearsal({ hears: ['I would like', 'a table'], answers: ['Fine.'] }).start();
    await call.speak(500);
    await call.silence(400);
    await call.speak(500);
    await call.silence(2_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.llm.requests[0]?.messages).toEqual([{ role: 'user', text: 'I would like a table' }]);
  });

  it('answers sooner when the words end like a sentence', async () => {
    const askedAfter = async (text: string) => {
      const call = new Rehearsal({ hears: [text], answers: ['Yes.'] }).start();
      await call.speak(600);
      const spokenMs = call.clock.nowMs();
      await call.silentUntil(() => call.llm.requests.length === 1);
      return call.clock.nowMs() - spokenMs;
    };
    expect(await askedAfter('are you open.')).toBeLessThanOrEqual(320);
    expect(await askedAfter('are you open')).toBeGreaterThanOrEqual(480);
  });

  it('answers as soon when the timeline of the frames runs late', async () => {
    const call = new Rehearsal({ hears: ['hello'], answers: ['Yes.'] }).start();
    call.timelineLateMs = 80;
    await call.speak(600);
    const spokenMs = call.clock.nowMs();
    await call.silentUntil(() => call.llm.requests.length === 1);
    expect(call.clock.nowMs() - spokenMs).toBeLessThanOrEqual(520);
  });

  it('takes an answer back when the caller goes on before having heard any of it', async () => {
    const call = new Rehearsal({
      hears: ['my number is', 'five five five'],
      answers: ['Unheard answer.', 'Thank you.'],
    }).start();
    await call.speak(600);
    await call.silentUntil(() => call.llm.requests.length === 1);
    await call.speak(600);
    await call.silence(3_000);
    expect(call.llm.requests[1]?.messages).toEqual([{ role: 'user', text: 'my number is five five five' }]);
    expect(call.said()).toEqual(['user: my number is five five five', 'assistant: Thank you.']);
  });

  it('does not begin to speak into a sound of the caller, and speaks when it was nothing', async () => {
    const call = new Rehearsal({ hears: ['hello', ''], answers: ['Good morning.'] }).start();
    await call.speak(600);
    await call.silentUntil(() => call.llm.requests.length === 1);
    await call.speak(200);
    expect(call.playout.paused).toBe(true);
    await call.silence(300);
    expect(call.playout.paused).toBe(false);
    await call.silence(1_500);
    expect(call.said()).toEqual(['user: hello', 'assistant: Good morning.']);
  });

  it('asks the model about speech that was not understood', async () => {
    const call = new Rehearsal({ hears: [{ rejected: true }], answers: ['Pardon?'] }).start();
    await call.speak(900);
    await call.silence(2_500);
    expect(call.llm.requests[0]?.messages).toEqual([{ role: 'user', text: '', rejected: true }]);
    expect(call.said()).toContain('assistant: Pardon?');
  });

  it('ignores a short noise that was not understood', async () => {
    const call = new Rehearsal({ hears: [{ rejected: true }] }).start();
    await call.speak(200);
    await call.silence(3_000);
    expect(call.llm.requests).toHaveLength(0);
  });

  it('measures every stage of a turn', async () => {
    const call = new Rehearsal({ hears: ['hello'], answers: ['Good morning to you.'] }).start();
    await call.speak(600);
    await call.silence(4_000);
    const [user, assistant] = call.turns;
    // 200 ms detector hangover, then 40 ms of recogniser; the silence needed is 500 ms.
    expect(user?.metrics.stt_latency_ms).toBe(40);
    expect(user?.metrics.eos_latency_ms).toBe(500);
    expect(assistant?.metrics.llm_ttft_ms).toBe(100);
    expect(assistant?.metrics.tts_ttfb_ms).toBe(80);
    // 500 to the commit, 100 to the first word, 3 more words at 5 ms and 5 ms to the end of the stream, 80 to the sound.
    expect(assistant?.metrics.response_latency_ms).toBe(700);
  });

  it('says a sentence from outside as soon as nobody speaks', async () => {
    const call = new Rehearsal({ config: { greeting: 'Hello, this is a long greeting.' } }).start();
    await call.silence(400);
    expect(call.conversation.say('A word from the operator.')).toBe(true);
    await call.silence(5_000);
    expect(call.said()).toEqual(['assistant: Hello, this is a long greeting.', 'assistant: A word from the operator.']);
  });

  it('plays a greeting rendered ahead with the first frame', async () => {
    const greeting = { text: 'Ready made.', samples: new Int16Array(16_000) };
    const call = new Rehearsal({ config: { greeting: 'Ready made.' }, greeting }).start();
    expect(call.playout.begun).toHaveLength(1);
    expect(call.playout.queuedMs).toBeGreaterThan(900);
    await call.silence(1_200);
    expect(call.said()).toEqual(['assistant: Ready made.']);
    expect(call.tts.spoken).toEqual([]);
  });
});

describe('silence of the caller', () => {
  it('is met with two prompts, a goodbye and the end', async () => {
    const call = new Rehearsal({
      config: { silence: { promptAfterMs: 3_000, prompts: ['Hello?', 'Anybody?'], goodbye: 'Bye.' } },
    }).start();
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual(['assistant: Hello?', 'assistant: Anybody?', 'assistant: Bye.']);
    expect(call.end).toMatchObject({ by: 'assistant', reason: 'caller_silent' });
  });

  it('starts over once the caller has said something', async () => {
    const call = new Rehearsal({
      config: { silence: { promptAfterMs: 3_000, prompts: ['Hello?'], goodbye: 'Bye.' } },
      hears: ['yes'],
      answers: ['Good.'],
    }).start();
    await call.silence(4_000);
    await call.speak(500);
    await call.silence(5_500);
    expect(call.said()).toEqual(['assistant: Hello?', 'user: yes', 'assistant: Good.', 'assistant: Hello?']);
  });
});

describe('keys', () => {
  it('become one answer after a pause, or at once with #', async () => {
    const call = new Rehearsal({ answers: ['Thanks.', 'Again.'] }).start();
    for (const digit of '42') call.conversation.onDtmf(digit);
    await call.silence(1_600);
    for (const digit of '7#') call.conversation.onDtmf(digit);
    await call.silence(100);
    expect(call.llm.requests.map((request) => request.messages.at(-1))).toEqual([
      { role: 'user', text: '42', via: 'dtmf' },
      { role: 'user', text: '7', via: 'dtmf' },
    ]);
  });

  it('stop the assistant at once', async () => {
    const call = new Rehearsal({ config: { greeting: 'Press one for sales or two for service.' } }).start();
    await call.silence(1_000);
    call.conversation.onDtmf('1');
    await call.silence(20);
    expect(call.playout.queuedMs).toBe(0);
    expect(call.turns[0]?.interrupted).toBe(true);
  });
});

describe('the end of a call', () => {
  it('comes once, whoever hangs up, and stops everything', async () => {
    const call = new Rehearsal({ hears: ['tell me a story'], answers: ['Once upon a time. '.repeat(20)] }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(500);
    call.conversation.callerGone('caller_hangup');
    call.conversation.callerGone('again');
    call.conversation.finish('too late');
    await call.silence(100);
    expect(call.end).toEqual({ by: 'user', reason: 'caller_hangup', failed: false });
    expect(call.ends).toBe(1);
    expect(call.clock.pendingTimers).toBe(0);
    expect(call.turns.at(-1)).toMatchObject({ role: 'assistant', interrupted: true });
  });

  it('keeps what the caller had begun to say', async () => {
    const call = new Rehearsal({ hears: ['half a sentence'] }).start();
    await call.speak(600);
    await call.silence(300);
    call.conversation.callerGone('caller_hangup');
    expect(call.said()).toEqual(['user: half a sentence']);
  });

  it('waits for what is being said when ordered from outside', async () => {
    const call = new Rehearsal({ config: { greeting: 'Hello, how can I help you?' } }).start();
    await call.silence(500);
    call.conversation.finish('operator');
    await call.silence(200);
    expect(call.end).toBeUndefined();
    await call.silence(2_000);
    expect(call.said()).toEqual(['assistant: Hello, how can I help you?']);
    expect(call.end).toMatchObject({ by: 'system', reason: 'operator' });
  });

  it('comes with a goodbye when the call has lasted as long as it may', async () => {
    const call = new Rehearsal({
      config: { limits: { callMs: 5_000, callLimitGoodbye: 'Time is up.' }, greeting: 'A long speech. '.repeat(20) },
    }).start();
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said().at(-1)).toBe('assistant: Time is up.');
    expect(call.end).toMatchObject({ by: 'system', reason: 'call_limit', failed: false });
  });

  it('comes with a goodbye, instead of what is being said, when the server stops', async () => {
    const call = new Rehearsal({
      config: { limits: { serverStopGoodbye: 'We have to stop.' }, greeting: 'A long speech. '.repeat(20) },
    }).start();
    await call.silence(2_000);
    call.conversation.goodbye('server_shutdown');
    call.conversation.goodbye('server_shutdown');
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said().at(-1)).toBe('assistant: We have to stop.');
    expect(call.end).toMatchObject({ by: 'system', reason: 'server_shutdown', failed: false });
  });

  it('follows from closing the scope', async () => {
    const call = new Rehearsal({ config: { greeting: 'Hello.' } }).start();
    await call.silence(300);
    void call.scope.close();
    await call.silence(20);
    expect(call.end?.reason).toBe('call_closed');
    expect(call.clock.pendingTimers).toBe(0);
  });
});

describe('a transfer', () => {
  const transfer = (target: string) =>
    ({ type: 'tool-call', call: { id: 't', name: 'transfer', args: { target } } }) as const;

  it('to a listed target ends the call with it, after the announcement', async () => {
    const call = new Rehearsal({
      hears: ['a person please'],
      answers: [[transfer('sales,100,1'), { type: 'text', text: 'One moment.' }]],
      transferTargets: ['sales,100,1'],
    }).start();
    await call.speak(600);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual(['user: a person please', 'assistant: One moment.']);
    expect(call.end).toEqual({ by: 'assistant', reason: 'transfer', transferTo: 'sales,100,1', failed: false });
  });

  it('to any other target is refused, and the model answers anew', async () => {
    const call = new Rehearsal({
      hears: ['connect me to mars'],
      answers: [[transfer('mars,1,1'), { type: 'text', text: 'Connecting you.' }], 'I cannot do that.'],
      transferTargets: ['sales,100,1'],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(2_000);
    expect(call.said()).toEqual(['user: connect me to mars', 'assistant: I cannot do that.']);
    expect(call.llm.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', name: 'transfer' });
    expect(call.end).toBeUndefined();
  });

  it('is not offered to the model where no target is listed', async () => {
    const call = new Rehearsal({ hears: ['hello'], answers: ['Hi.'] }).start();
    await call.sayAndAwaitAnswer(600);
    expect(call.llm.requests[0]?.tools.map((tool) => tool.name)).toEqual(['end_call']);
  });
});
