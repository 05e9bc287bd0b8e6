import type { TransferFailure } from '@rapida/core';
import { Faults, type ScriptedAnswer, ToneVoice } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { HandOver } from './conversation.js';
import { HAND_OVER_MS_MAX } from './policy/hand-over.js';
import { Rehearsal, type RehearsalPlan } from './testing/rehearsal.js';

const SALES = 'sales,100,1';
const transfer = { type: 'tool-call', call: { id: 't', name: 'transfer', args: { target: SALES } } } as const;
const CONNECTING: ScriptedAnswer = [transfer, { type: 'text', text: 'One moment.' }];
const SORRY = 'That did not work.';
const fails = (reason: TransferFailure) => async (): Promise<HandOver> => ({ ok: false, reason });
const never = (): Promise<HandOver> => new Promise(() => {});

/** Answered when the test says so. */
function awaited() {
  let resolveAsked = (_result: HandOver): void => {};
  const asked = new Promise<HandOver>((resolve) => {
    resolveAsked = resolve;
  });
  return { handOver: () => asked, answer: (result: HandOver) => resolveAsked(result) };
}

function callWith(plan: RehearsalPlan): Rehearsal {
  return new Rehearsal({
    hears: ['a person please', 'and now'],
    transferTargets: [SALES],
    ...plan,
    config: { llm: { provider: 'openai-compatible' }, transfer: { failed: SORRY }, ...plan.config },
  }).start();
}

/** The caller has asked, and what the assistant says to it has been heard. */
async function asked(plan: RehearsalPlan): Promise<Rehearsal> {
  const call = callWith(plan);
  await call.speak(600);
  await call.silentUntil(() => call.handOvers.length > 0);
  return call;
}

describe('handing over', () => {
  it('is asked for when the announcement was heard to its end, and ends the conversation where it can be done', async () => {
    const { handOver, answer } = awaited();
    const call = await asked({ answers: [CONNECTING], handOver });
    expect([call.said().at(-1), call.playout.finished.length]).toEqual(['assistant: One moment.', 1]);
    await call.silence(2_000);
    expect([call.handOvers[0]?.target, call.end]).toEqual([SALES, undefined]);
    answer({ ok: true });
    await call.silence(20);
    expect(call.end).toEqual({ by: 'assistant', reason: 'transfer', transferTo: SALES, failed: false });
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('that fails is told to the model, which answers anew, and the next turn is possible', async () => {
    const answers = [CONNECTING, 'Nobody is there.', 'Fine.'];
    const call = await asked({ answers, handOver: fails('transfer_target_unknown') });
    await call.silence(2_000);
    expect(call.llm.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', text: '', toolCalls: [transfer.call] },
      {
        ...{ role: 'tool', callId: 't', name: 'transfer' },
        result: `error: transfer_target_unknown: the caller could not be handed to ${SALES}`,
      },
    ]);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    expect(call.said().slice(2)).toEqual(['assistant: Nobody is there.', 'user: and now', 'assistant: Fine.']);
    expect(call.end).toBeUndefined();
  });

  it('that fails is told by the sentence of the configuration where the model is the rule-based one', async () => {
    const call = await asked({
      config: { llm: { provider: 'local' } },
      answers: [CONNECTING, 'Fine.'],
      handOver: fails('asterisk_refused'),
    });
    await call.silence(2_000);
    expect(call.said().at(-1)).toBe(`assistant: ${SORRY}`);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('is not tried for ever by a model that wants nothing else: after the second time the caller is waited for', async () => {
    const call = await asked({ answers: Array(9).fill(CONNECTING), handOver: fails('asterisk_refused') });
    await call.silence(6_000);
    expect([call.handOvers.length, call.said().at(-1)]).toEqual([2, `assistant: ${SORRY}`]);
    await call.speak(600);
    await call.silence(6_000);
    expect(call.handOvers).toHaveLength(4);
  });

  it('that is never answered has failed after a while, and a late answer means nothing', async () => {
    const { handOver, answer } = awaited();
    const call = await asked({ answers: [CONNECTING, 'Sorry.'], handOver });
    await call.silence(HAND_OVER_MS_MAX + 1_000);
    expect(call.handOvers[0]?.signal.aborted).toBe(true);
    answer({ ok: true });
    await call.silence(1_000);
    expect([call.said().at(-1), call.end]).toEqual(['assistant: Sorry.', undefined]);
  });

  it('ends with the caller, who hangs up meanwhile: once, and what was asked for is stopped', async () => {
    const call = await asked({ answers: [CONNECTING], handOver: never });
    call.conversation.callerGone('caller_hangup');
    await call.silence(20);
    expect([call.ends, call.end]).toEqual([1, { by: 'user', reason: 'caller_hangup', failed: false }]);
    expect(call.handOvers[0]?.signal.reason).toBe('caller_hangup');
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('ends with an order to hang up', async () => {
    const call = await asked({ answers: [CONNECTING], handOver: never });
    call.conversation.finish('hangup_requested');
    await call.silence(20);
    expect([call.end?.reason, call.handOvers[0]?.signal.reason]).toEqual(['hangup_requested', 'call_ended']);
  });

  it('outlasts the limit of the call, whose goodbye follows where it fails', async () => {
    const { handOver, answer } = awaited();
    const call = await asked({
      config: { limits: { callMs: 5_000, callLimitGoodbye: 'Time is up.' } },
      answers: [CONNECTING],
      handOver,
    });
    await call.silentUntil(() => call.clock.nowMs() > 5_500);
    expect(call.end).toBeUndefined();
    answer({ ok: false, reason: 'asterisk_refused' });
    await call.silentUntil(() => call.end !== undefined);
    expect([call.said().at(-1), call.end?.reason]).toEqual(['assistant: Time is up.', 'call_limit']);
  });

  it('leaves what the caller says and presses meanwhile for afterwards', async () => {
    const { handOver, answer } = awaited();
    const call = await asked({ answers: [CONNECTING, 'Sorry.', 'Yes.'], handOver });
    call.conversation.onDtmf('5');
    await call.speak(600);
    await call.silence(600);
    expect(call.llm.requests).toHaveLength(1);
    answer({ ok: false, reason: 'asterisk_refused' });
    await call.silence(3_000);
    expect(call.said().slice(2)).toEqual(['assistant: Sorry.', 'user: and now', 'assistant: Yes.']);
  });
});

describe('a transfer that is ordered from outside', () => {
  const STORY = 'This is a long sentence that is heard to its end. And this one too.';

  it('waits for what is being said, to its end', async () => {
    const call = callWith({ config: { greeting: STORY } });
    await call.silence(1_000);
    expect(call.conversation.finish('transfer_requested', SALES)).toBe(true);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.said()).toEqual([`assistant: ${STORY}`]);
    expect(call.end).toEqual({ by: 'system', reason: 'transfer_requested', transferTo: SALES, failed: false });
  });

  it('that fails is told by the sentence, and the assistant goes on', async () => {
    const call = callWith({ answers: ['Yes.'], handOver: fails('not_recorded') });
    call.conversation.finish('transfer_requested', SALES);
    await call.silence(2_000);
    await call.sayAndAwaitAnswer(600);
    await call.silence(1_000);
    expect(call.said()).toEqual([`assistant: ${SORRY}`, 'user: a person please', 'assistant: Yes.']);
    expect(call.conversation.finish('transfer_requested', SALES)).toBe(true);
  });

  it('takes the place of an answer that was not heard yet', async () => {
    const call = callWith({ answers: [[{ type: 'text', text: '' }]], handOver: never });
    await call.speak(600);
    await call.silentUntil(() => call.llm.requests.length > 0);
    call.conversation.finish('transfer_requested', SALES);
    await call.silence(60);
    expect([call.handOvers.length, call.said()]).toEqual([1, ['user: a person please']]);
  });

  it('is made though the voice fails in the sentence before it', async () => {
    const call = callWith({
      config: { greeting: STORY },
      tts: (clock) => new ToneVoice(clock, { faults: new Faults(30) }),
    });
    await call.silence(400);
    call.conversation.finish('transfer_requested', SALES);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.end?.transferTo).toBe(SALES);
  });

  it('is refused while one is under way, while the assistant says goodbye, and after the end', async () => {
    const call = callWith({ handOver: never });
    expect(call.conversation.finish('transfer_requested', SALES)).toBe(true);
    expect(call.conversation.finish('transfer_requested', SALES)).toBe(false);
    call.conversation.callerGone('caller_hangup');
    expect(call.conversation.finish('transfer_requested', SALES)).toBe(false);
    const leaving = callWith({ config: { silence: { promptAfterMs: 1_000, prompts: [], goodbye: STORY } } });
    await leaving.silence(1_500);
    expect(leaving.conversation.finish('transfer_requested', SALES)).toBe(false);
  });
});
