import {
  type ErrorCode,
  type LanguageModelEvent,
  RATE_HZ,
  type Toolbox,
  type ToolInfo,
  type ToolOutcome,
} from '@rapida/core';
import { ToneVoice, type VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { Rehearsal, type RehearsalPlan } from './testing/rehearsal.js';

interface Scripted {
  readonly afterMs: number;
  readonly result?: string;
  readonly code?: ErrorCode;
  readonly sideEffect?: boolean;
  readonly sayMeanwhile?: string;
}

/** Tools of known delay; `run` holds what was run, `aborted` what was ended before its time. */
function scriptedTools(tools: Readonly<Record<string, Scripted>>) {
  const run: string[] = [];
  const aborted: string[] = [];
  const toolbox = (clock: VirtualClock): Toolbox => ({
    tools: Object.entries(tools).map(
      ([name, { sideEffect = false, sayMeanwhile = '' }]): ToolInfo => ({
        ...{ sideEffect, sayMeanwhile },
        definition: { name, description: name, parameters: { type: 'object', properties: {} } },
      }),
    ),
    run: ({ name }, signal) =>
      new Promise<ToolOutcome>((resolve) => {
        run.push(name);
        const { afterMs = 0, result = 'done', code = null } = tools[name] ?? {};
        const timer = clock.setTimer(afterMs, () => resolve({ result, code }));
        signal.addEventListener('abort', () => {
          timer.cancel();
          aborted.push(name);
          resolve({ result: 'aborted', code: 'tool_failed' });
        });
      }),
    close: async () => {},
  });
  return { toolbox, run, aborted };
}

const call = (name: string, args: Record<string, string> = {}, id = `${name}-1`): LanguageModelEvent => ({
  type: 'tool-call',
  call: { id, name, args },
});
const say = (text: string): LanguageModelEvent => ({ type: 'text', text });

async function asked(plan: RehearsalPlan): Promise<Rehearsal> {
  const call = new Rehearsal({ hears: ['is my room ready'], ...plan }).start();
  await call.speak(600);
  return call;
}

describe('a tool that the model calls', () => {
  it('is run, its result told to the model, and the answer spoken', async () => {
    const { toolbox, run } = scriptedTools({ look_up: { afterMs: 400, result: '{"ready":true}' } });
    const rehearsal = await asked({ toolbox, answers: [[call('look_up', { room: '7' })], 'Yes, it is ready.'] });
    await rehearsal.silence(4_000);
    expect(run).toEqual(['look_up']);
    expect(rehearsal.llm.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', text: '', toolCalls: [{ id: 'look_up-1', name: 'look_up', args: { room: '7' } }] },
      { role: 'tool', callId: 'look_up-1', name: 'look_up', result: '{"ready":true}' },
    ]);
    expect(rehearsal.said()).toEqual(['user: is my room ready', 'assistant: Yes, it is ready.']);
    expect(rehearsal.tools).toEqual([
      {
        call: { id: 'look_up-1', name: 'look_up', args: { room: '7' } },
        result: '{"ready":true}',
        code: null,
        durationMs: 400,
      },
    ]);
  });

  it('is offered to the model with what the product can do', async () => {
    const { toolbox } = scriptedTools({ look_up: { afterMs: 0 } });
    const rehearsal = await asked({ toolbox, config: { tools: { builtIn: { endCall: false, sendDtmf: true } } } });
    await rehearsal.silence(1_500);
    expect(rehearsal.llm.requests[0]?.tools.map(({ name }) => name)).toEqual(['send_dtmf', 'look_up']);
  });

  it('runs while the model is still speaking, and the model goes on knowing what it said', async () => {
    const { toolbox } = scriptedTools({ look_up: { afterMs: 2_000, result: 'ready' } });
    const rehearsal = await asked({ toolbox, answers: [[say('I will look. '), call('look_up')], 'It is ready.'] });
    await rehearsal.silence(6_000);
    expect(rehearsal.llm.requests[1]?.messages.at(-2)).toMatchObject({ role: 'assistant', text: 'I will look.' });
    expect(rehearsal.said()).toEqual(['user: is my room ready', 'assistant: I will look. It is ready.']);
  });

  it('has its own words for the time it takes, where the model says nothing', async () => {
    const { toolbox } = scriptedTools({ look_up: { afterMs: 3_000, sayMeanwhile: 'Let me see.' } });
    const rehearsal = await asked({ toolbox, answers: [[call('look_up')], 'It is ready.'] });
    await rehearsal.silence(7_000);
    expect(rehearsal.said().at(-1)).toBe('assistant: Let me see. It is ready.');
  });

  it('that fails is told to the model as it failed', async () => {
    const { toolbox } = scriptedTools({
      look_up: { afterMs: 10, result: 'error: tool_timeout', code: 'tool_timeout' },
    });
    const rehearsal = await asked({ toolbox, answers: [[call('look_up')], 'I cannot see that now.'] });
    await rehearsal.silence(4_000);
    expect(rehearsal.llm.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', result: 'error: tool_timeout' });
    expect(rehearsal.tools[0]?.code).toBe('tool_timeout');
    expect(rehearsal.end).toBeUndefined();
  });

  it('may come with others: the model is told when the last of them is done', async () => {
    const { toolbox, run } = scriptedTools({ one: { afterMs: 900, result: '1' }, two: { afterMs: 100, result: '2' } });
    const rehearsal = await asked({ toolbox, answers: [[call('one'), call('two')], 'Done.'] });
    await rehearsal.silence(4_000);
    expect(run).toEqual(['one', 'two']);
    expect(rehearsal.llm.requests).toHaveLength(2);
    const results = rehearsal.llm.requests[1]?.messages.flatMap((message) =>
      message.role === 'tool' ? [message.result] : [],
    );
    expect(results).toEqual(['1', '2']);
  });

  it('that is not there is not run, and what the model says with it is not said', async () => {
    const { toolbox, run } = scriptedTools({});
    const rehearsal = await asked({
      toolbox,
      answers: [[call('format_disk'), say('Your disk is gone.')], 'Sorry, no.'],
    });
    await rehearsal.silence(3_000);
    expect(run).toEqual([]);
    expect(rehearsal.said()).toEqual(['user: is my room ready', 'assistant: Sorry, no.']);
    expect(rehearsal.tools[0]).toMatchObject({
      code: 'tool_unknown',
      result: 'error: tool_unknown: there is no tool format_disk',
    });
  });

  it('is not run again and again with the same arguments in one answer', async () => {
    const { toolbox, run } = scriptedTools({ look_up: { afterMs: 10 } });
    const again = (id: string): LanguageModelEvent[] => [call('look_up', { room: '7' }, id)];
    const rehearsal = await asked({ toolbox, answers: [again('1'), again('2'), again('3'), 'It is ready.'] });
    await rehearsal.silence(4_000);
    expect(run).toEqual(['look_up', 'look_up']);
    expect(rehearsal.tools.map(({ code }) => code)).toEqual([null, null, 'tool_refused']);
    expect(rehearsal.said().at(-1)).toBe('assistant: It is ready.');
  });

  it('ends in a spoken failure where the model never does anything but call tools', async () => {
    const { toolbox, run } = scriptedTools({ look_up: { afterMs: 10 } });
    const answers = Array.from({ length: 20 }, (_, i) => [call('look_up', { n: String(i) }, String(i))]);
    const rehearsal = await asked({ toolbox, answers, config: { tools: { roundsMax: 3 } } });
    await rehearsal.silence(5_000);
    expect(run).toHaveLength(4);
    expect(rehearsal.said().at(-1)).toBe('assistant: I am sorry, something is not working on our side.');
  });
});

describe('a caller who speaks while a tool runs', () => {
  it('has it ended, and is answered anew', async () => {
    const { toolbox, aborted } = scriptedTools({
      look_up: { afterMs: 8_000, sayMeanwhile: 'One moment, I am looking for it.' },
    });
    const rehearsal = await asked({
      toolbox,
      hears: ['is my room ready', 'never mind'],
      answers: [[call('look_up')], 'All right.'],
    });
    await rehearsal.silentUntil(() => rehearsal.playout.begun.length === 1);
    await rehearsal.silence(400);
    await rehearsal.speak(800);
    await rehearsal.silence(3_000);
    expect(aborted).toEqual(['look_up']);
    expect(rehearsal.said().at(-1)).toBe('assistant: All right.');
  });

  it('is not heard over something that cannot be undone: it is done once, and the words about it are said', async () => {
    const { toolbox, run, aborted } = scriptedTools({
      book: { afterMs: 3_000, sideEffect: true, sayMeanwhile: 'I am booking your room now, please wait.' },
    });
    const rehearsal = await asked({
      toolbox,
      hears: ['is my room ready', 'no stop'],
      answers: [[call('book')], 'It is booked.', 'As you like.'],
    });
    await rehearsal.silentUntil(() => rehearsal.playout.begun.length === 1);
    await rehearsal.speak(800);
    await rehearsal.silence(6_000);
    expect(run).toEqual(['book']);
    expect(aborted).toEqual([]);
    expect(rehearsal.said()).toContain('assistant: I am booking your room now, please wait. It is booked.');
  });

  it('does not take back words for which something was begun that cannot be undone', async () => {
    const { toolbox, run } = scriptedTools({ book: { afterMs: 1_000, sideEffect: true } });
    const rehearsal = await asked({
      toolbox,
      hears: ['book it', 'please'],
      answers: [[call('book')], 'It is booked.'],
    });
    await rehearsal.silentUntil(() => run.length === 1);
    await rehearsal.speak(400);
    await rehearsal.silence(5_000);
    expect(run).toEqual(['book']);
    expect(rehearsal.said()).toContain('assistant: It is booked.');
  });

  it('who hangs up ends what only looks, and lets finish what changes something', async () => {
    const { toolbox, run, aborted } = scriptedTools({
      look_up: { afterMs: 5_000 },
      book: { afterMs: 5_000, sideEffect: true },
    });
    const rehearsal = await asked({ toolbox, answers: [[call('look_up'), call('book')]] });
    await rehearsal.silentUntil(() => run.length === 2);
    rehearsal.conversation.callerGone('caller_hangup');
    await rehearsal.clock.advance(6_000);
    expect(aborted).toEqual(['look_up']);
    expect(rehearsal.ends).toBe(1);
    expect(rehearsal.clock.pendingTimers).toBe(0);
  });
});

describe('what the product itself can do for a model', () => {
  it('presses keys as tones, after the words before them', async () => {
    const rehearsal = await asked({
      config: { tools: { builtIn: { sendDtmf: true } } },
      answers: [[say('I am entering it. '), call('send_dtmf', { digits: '12#' })], 'Done.'],
    });
    await rehearsal.silence(4_000);
    expect(rehearsal.llm.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', result: 'sent' });
    // Three keys of 100 ms and their pauses of 80 ms, in an utterance of their own.
    expect(rehearsal.playout.finished.find(({ id }) => id === 2)?.result).toEqual({ playedMs: 540, cut: false });
    expect(rehearsal.said().at(-1)).toBe('assistant: I am entering it. Done.');
  });

  it('notes something about the call', async () => {
    const rehearsal = await asked({
      config: { tools: { builtIn: { setMetadata: true } } },
      answers: [[call('set_metadata', { name: 'mood', value: 'good' })], 'Noted.'],
    });
    await rehearsal.silence(3_000);
    expect(rehearsal.metadata).toEqual([['mood', 'good']]);
  });

  it.each([
    ['send_dtmf', { digits: 'call 911' }],
    ['send_dtmf', {}],
    ['set_metadata', { name: 'a b', value: 'x' }],
    ['set_metadata', { name: 'a', value: 'x'.repeat(1_001) }],
  ])('refuses %s with %j', async (name, args) => {
    const rehearsal = await asked({
      config: { tools: { builtIn: { setMetadata: true, sendDtmf: true } } },
      answers: [[call(name, args as Record<string, string>)], 'Sorry.'],
    });
    await rehearsal.silence(3_000);
    expect(rehearsal.tools[0]?.code).toBe('tool_refused');
    expect(rehearsal.metadata).toEqual([]);
  });

  it('is refused where it is not switched on', async () => {
    const rehearsal = await asked({ answers: [[call('send_dtmf', { digits: '1' })], 'Sorry.'] });
    await rehearsal.silence(3_000);
    expect(rehearsal.tools[0]?.code).toBe('tool_unknown');
  });
});

describe('a server that gives every call of a tool the same id', () => {
  it('is told the result of each, and not the last one of all', async () => {
    const { toolbox } = scriptedTools({
      look_up: { afterMs: 100, result: 'ready' },
      find: { afterMs: 200, result: 'room 7' },
    });
    const rehearsal = await asked({
      toolbox,
      answers: [
        [call('look_up', {}, 'call_0')],
        [call('find', {}, 'call_0'), call('find', { by: 'name' }, 'call_0')],
        'Yes.',
      ],
    });
    await rehearsal.silence(4_000);
    const messages = rehearsal.llm.requests[2]?.messages ?? [];
    const told = messages.flatMap((message) =>
      message.role === 'tool' ? [`${message.callId}: ${message.result}`] : [],
    );
    expect(told).toEqual(['call_0: ready', 'call_0-2: room 7', 'call_0-3: room 7']);
    const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
    expect(calls.map(({ id }) => id)).toEqual(['call_0', 'call_0-2', 'call_0-3']);
    expect(rehearsal.said().at(-1)).toBe('assistant: Yes.');
  });
});

describe('an answer that takes long', () => {
  const filler = (text: string) => ({ text, samples: new Int16Array((RATE_HZ * 800) / 1_000).fill(900) });
  const slowly = scriptedTools({ look_up: { afterMs: 5_000 } });

  it('is bridged by fillers that are ready as sound, in turn, and never by silence of more than their time', async () => {
    const rehearsal = await asked({
      toolbox: slowly.toolbox,
      fillers: Promise.resolve([filler('One moment.'), filler('Still here.')]),
      answers: [[call('look_up')], 'It is ready.'],
      config: { filler: { afterMs: 1_500 } },
    });
    await rehearsal.silence(10_000);
    expect(rehearsal.said().at(-1)).toBe('assistant: One moment. Still here. It is ready.');
    const [, ...assistant] = rehearsal.turns;
    // 1.5 s after the caller's last word.
    expect(assistant[0]?.metrics.response_latency_ms).toBe(1_500);
  });

  it('is heard after the filler also where its words were there before', async () => {
    const rehearsal = await asked({
      fillers: Promise.resolve([filler('One moment.')]),
      answers: ['It is ready.'],
      tts: (clock) => new ToneVoice(clock, { ttfbMs: 1_500 }),
      config: { filler: { afterMs: 1_000 } },
    });
    await rehearsal.silence(6_000);
    expect(rehearsal.said()).toEqual(['user: is my room ready', 'assistant: One moment. It is ready.']);
    // The answer's own stages, though something else was heard first: 500 ms of silence, 100 to the first text.
    const { metrics } = rehearsal.turns[1] ?? {};
    expect(metrics).toEqual({ llm_ttft_ms: 100, llm_piece_ms: 15, tts_ttfb_ms: 1_500, response_latency_ms: 1_000 });
  });

  it('says how much of it tools took', async () => {
    const rehearsal = await asked({
      toolbox: scriptedTools({ look_up: { afterMs: 700, sayMeanwhile: 'I will see.' } }).toolbox,
      answers: [[call('look_up')], 'It is ready.'],
    });
    await rehearsal.silence(6_000);
    // The first request takes 100 ms to call the tool and is over 5 ms later; then what was said in the meantime is no answer.
    expect(rehearsal.turns[1]?.metrics).toEqual({
      ...{ tools_ms: 800, llm_ttft_ms: 100, llm_piece_ms: 15, tts_ttfb_ms: 80 },
      response_latency_ms: 680,
    });
  });

  it('has none where the answer comes in time, nor where none are ready', async () => {
    const quick = await asked({ fillers: Promise.resolve([filler('One moment.')]), answers: ['Yes.'] });
    await quick.silence(5_000);
    expect(quick.said().at(-1)).toBe('assistant: Yes.');
    const none = await asked({
      toolbox: scriptedTools({ look_up: { afterMs: 4_000 } }).toolbox,
      answers: [[call('look_up')], 'Yes.'],
    });
    await none.silence(8_000);
    expect(none.said().at(-1)).toBe('assistant: Yes.');
  });

  it('has no filler said into the words of a caller who goes on', async () => {
    const rehearsal = new Rehearsal({
      toolbox: scriptedTools({ look_up: { afterMs: 6_000 } }).toolbox,
      fillers: Promise.resolve([filler('One moment.')]),
      hears: ['my number is', 'five'],
      answers: [[call('look_up')], 'Thank you.'],
      config: { filler: { afterMs: 1_000 } },
    }).start();
    await rehearsal.speak(600);
    await rehearsal.silence(700);
    await rehearsal.speak(1_200);
    expect(rehearsal.playout.begun).toEqual([]);
  });
});
