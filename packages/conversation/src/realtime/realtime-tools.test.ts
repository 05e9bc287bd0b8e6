import type { Toolbox, ToolInfo, ToolOutcome } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { RealtimeRehearsal } from './testing/realtime-rehearsal.js';

/** Tools whose results come when the test says. */
class HeldTools implements Toolbox {
  readonly tools: ToolInfo[];
  readonly calls: {
    readonly name: string;
    readonly signal: AbortSignal;
    readonly give: (outcome: ToolOutcome) => void;
  }[] = [];

  constructor(sideEffect = false) {
    this.tools = [{ definition: { name: 'look_up', description: '', parameters: {} }, sideEffect, sayMeanwhile: '' }];
  }

  run({ name }: { readonly name: string }, signal: AbortSignal): Promise<ToolOutcome> {
    return new Promise((give) => void this.calls.push({ name, signal, give }));
  }

  async close(): Promise<void> {}
}

const lookUp = (id: string, what = 'hours') => ({ id, name: 'look_up', args: { what } });
const ASKED = { hears: 'when are you open', says: 'One moment.', calls: [lookUp('c1')] };

describe('a tool that a realtime model calls', () => {
  it('runs beside what is said, and the same answer goes on with its result', async () => {
    const toolbox = new HeldTools();
    const call = new RealtimeRehearsal({
      toolbox,
      config: { limits: { providerMs: 1_000 } },
      script: [{ ...ASKED, afterCalls: { says: 'From nine to five.' } }],
    }).start();
    expect(call.session.options.tools.map(({ name }) => name)).toEqual(['end_call', 'look_up']);
    await call.speak(600);
    // Longer than the model may be silent: it is the tool that takes its time, and that bounds itself.
    await call.silence(4_000);
    toolbox.calls[0]?.give({ result: 'nine to five', code: null });
    await call.silence(2_500);
    expect(call.session.results).toEqual([{ answer: 1, name: 'look_up', result: 'nine to five' }]);
    expect(call.said()).toEqual(['user: when are you open', 'assistant: One moment. From nine to five.']);
    expect(call.tools).toMatchObject([{ call: lookUp('c1'), result: 'nine to five', code: null }]);
    expect(call.tools[0]?.durationMs).toBeGreaterThan(3_000);
    expect(call.end).toBeUndefined();
    call.conversation.callerGone('caller_hangup');
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('is stopped when the caller interrupts, and its late result is told to nobody', async () => {
    const toolbox = new HeldTools();
    const call = new RealtimeRehearsal({ toolbox, script: [ASKED, { hears: 'never mind', says: 'Fine.' }] }).start();
    await call.speak(600);
    await call.silence(2_000);
    await call.speak(600);
    await call.silence(2_500);
    expect(toolbox.calls[0]?.signal.aborted).toBe(true);
    toolbox.calls[0]?.give({ result: 'late', code: null });
    await call.silence(500);
    expect(call.session.results).toEqual([]);
    expect(call.said().at(-1)).toBe('assistant: Fine.');
    call.conversation.callerGone('caller_hangup');
  });

  it('that changes something is not talked over', async () => {
    const toolbox = new HeldTools(true);
    const call = new RealtimeRehearsal({ toolbox, script: [{ ...ASKED, afterCalls: { says: 'Done.' } }] }).start();
    await call.speak(600);
    await call.silence(2_000);
    await call.speak(600);
    expect(call.session.truncated).toEqual([]);
    toolbox.calls[0]?.give({ result: 'done', code: null });
    await call.silence(2_000);
    expect(call.said()).toEqual(['user: when are you open', 'assistant: One moment. Done.']);
    call.conversation.callerGone('caller_hangup');
  });

  it('is refused when it is called again and again with the same arguments', async () => {
    const toolbox = new HeldTools();
    const again = { calls: [lookUp('c2'), lookUp('c3')], afterCalls: { says: 'From nine.' } };
    const call = new RealtimeRehearsal({
      toolbox,
      config: { tools: { repeatsMax: 2 } },
      script: [{ ...ASKED, afterCalls: again }],
    }).start();
    await call.speak(600);
    await call.silence(1_000);
    toolbox.calls[0]?.give({ result: 'nine', code: null });
    await call.silence(500);
    toolbox.calls[1]?.give({ result: 'nine', code: null });
    await call.silence(2_000);
    expect(toolbox.calls).toHaveLength(2);
    expect(call.tools.map(({ code }) => code)).toEqual([null, 'tool_refused', null]);
    expect(call.said().at(-1)).toBe('assistant: One moment. From nine.');
    call.conversation.callerGone('caller_hangup');
  });

  it('notes something about the call; keys are not offered', async () => {
    const noted = { id: 'm', name: 'set_metadata', args: { name: 'topic', value: 'hours' } };
    const keys = { id: 'k', name: 'send_dtmf', args: { digits: '1' } };
    const call = new RealtimeRehearsal({
      config: { tools: { builtIn: { setMetadata: true, sendDtmf: true } } },
      script: [{ hears: 'hello', calls: [noted, keys], afterCalls: { says: 'Hello.' } }],
    }).start();
    expect(call.session.options.tools.map(({ name }) => name)).toEqual(['end_call', 'set_metadata']);
    await call.speak(600);
    await call.silence(2_000);
    expect(call.metadata).toEqual([['topic', 'hours']]);
    expect(call.tools.map(({ code }) => code)).toEqual([null, 'tool_unknown']);
    expect(call.said().at(-1)).toBe('assistant: Hello.');
    call.conversation.callerGone('caller_hangup');
  });
});

describe('handing over', () => {
  const TRANSFER = { id: 't', name: 'transfer', args: { target: 'sales,1,1' } };
  const SALES = { hears: 'sales please', says: 'One moment.', calls: [TRANSFER] };
  const failing = () => Promise.resolve({ ok: false, reason: 'asterisk_unreachable' } as const);

  it('is asked for when the announcement was heard, and is the end where it can be done', async () => {
    const call = new RealtimeRehearsal({ transferTargets: ['sales,1,1'], script: [SALES] }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(300);
    expect(call.handOvers).toEqual([]);
    await call.silence(1_000);
    expect(call.handOvers).toEqual(['sales,1,1']);
    expect(call.end).toEqual({ by: 'assistant', reason: 'transfer', transferTo: 'sales,1,1', failed: false });
  });

  it('that fails is told to the model, which answers anew; the second time in a row the caller is told', async () => {
    const call = new RealtimeRehearsal({
      transferTargets: ['sales,1,1'],
      config: { transfer: { failed: 'Nobody is there.' } },
      handOver: failing,
      script: [SALES, { says: 'Again.', calls: [TRANSFER] }],
    }).start();
    await call.speak(600);
    await call.silence(6_000);
    expect(call.session.told).toEqual(['[the caller could not be handed over to sales,1,1: asterisk_unreachable]']);
    expect(call.session.truncated.map(({ answer }) => answer)).toEqual([1, 2]);
    expect(call.said()).toEqual([
      'user: sales please',
      'assistant: One moment.',
      'assistant: Again.',
      'assistant: Nobody is there.',
    ]);
    expect(call.end).toBeUndefined();
    call.conversation.callerGone('caller_hangup');
  });

  it('that gets no answer is given up, and what the caller says meanwhile waits', async () => {
    const call = new RealtimeRehearsal({
      transferTargets: ['sales,1,1'],
      handOver: () => new Promise(() => {}),
      script: [SALES, { says: 'It did not work.' }, { hears: 'hello', says: 'Yes?' }],
    }).start();
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_500);
    await call.speak(400);
    expect(call.session.turns).toHaveLength(1);
    await call.silence(8_000);
    expect(call.said().at(-1)).toBe('assistant: It did not work.');
    call.conversation.callerGone('caller_hangup');
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('can be ordered from outside once', async () => {
    const call = new RealtimeRehearsal({ handOver: failing, config: { transfer: { failed: 'Sorry.' } } }).start();
    await call.silence(500);
    expect(call.conversation.finish('transfer', 'a,1,1')).toBe(true);
    expect(call.conversation.finish('transfer', 'b,1,1')).toBe(false);
    await call.silence(2_000);
    expect(call.handOvers).toEqual(['a,1,1']);
    expect(call.said()).toEqual(['assistant: Sorry.']);
    call.conversation.finish('operator');
    await call.silence(20);
    expect(call.end).toMatchObject({ by: 'system', reason: 'operator' });
  });

  it('ends with the caller who hangs up meanwhile', async () => {
    const call = new RealtimeRehearsal({ handOver: () => new Promise(() => {}) }).start();
    call.conversation.finish('transfer', 'a,1,1');
    call.conversation.callerGone('caller_hangup');
    await call.clock.advance(0);
    expect(call.end).toEqual({ by: 'user', reason: 'caller_hangup', failed: false });
    expect(call.clock.pendingTimers).toBe(0);
  });
});
