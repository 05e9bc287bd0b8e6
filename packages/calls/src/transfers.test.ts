import type { CallContext } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { connected, type Harness, openHarness, PROJECT } from './testing/harness.js';
import { readDialStatus, TAKEN_MS_MAX } from './transfers.js';

const SALES = 'sales,s,1';

/** What is on record about transfers, in order. */
async function told({ stores }: Pick<Harness, 'stores'>, { callId }: CallContext) {
  await settle();
  const events = await stores.calls.events(callId);
  return events.filter(({ type }) => type.startsWith('call.transfer')).map(({ type, data }) => ({ type, ...data }));
}

const open = () => openHarness({ transferTargets: [SALES] });
const TRANSFERRED = { type: 'call.transferred', target: SALES, by: 'directive' };

describe('a transfer by the directive', () => {
  it('is told when the dialplan has asked and was told where to go: not before, and once', async () => {
    const harness = await open();
    const { context, conversation, ended } = await connected(harness);
    await conversation.handOver(SALES);
    await ended;
    expect(await told(harness, context)).toEqual([]);
    for (let times = 0; times < 3; times++) await harness.useCases.media.directive(context.contextId);
    await harness.clock.advance(TAKEN_MS_MAX);
    expect(await told(harness, context)).toEqual([TRANSFERRED]);
    await harness.restarted().useCases.media.directive(context.contextId);
    expect(await told(harness, context)).toEqual([TRANSFERRED]);
    expect((await harness.useCases.calls.get(PROJECT, context.callId)).state).toBe('completed');
  });

  it('has failed where the dialplan does not ask in time', async () => {
    const harness = await open();
    const { context, conversation, ended } = await connected(harness);
    await conversation.handOver(SALES);
    await ended;
    await harness.clock.advance(TAKEN_MS_MAX);
    expect(await told(harness, context)).toEqual([
      { type: 'call.transfer_failed', target: SALES, reason: 'not_taken' },
    ]);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it.each([
    ['ANSWER', { type: 'call.transfer_answered', target: SALES }],
    ['BUSY', { type: 'call.transfer_failed', target: SALES, reason: 'busy' }],
    ['NOANSWER', { type: 'call.transfer_failed', target: SALES, reason: 'no_answer' }],
    ['CANCEL', { type: 'call.transfer_failed', target: SALES, reason: 'caller_hangup' }],
    ['CHANUNAVAIL', { type: 'call.transfer_failed', target: SALES, reason: 'unreachable' }],
    ['NOEXTEN', { type: 'call.transfer_failed', target: SALES, reason: 'transfer_target_unknown' }],
  ])('ends as the dialplan reports it, whose first word counts: %s', async (dialstatus, outcome) => {
    const harness = await open();
    const { context, conversation, ended } = await connected(harness);
    const report = (status: string) =>
      harness.useCases.media.report(context.contextId, 'transfer_result', { dialstatus: status });
    await conversation.handOver(SALES);
    await ended;
    await harness.useCases.media.directive(context.contextId);
    await report('');
    await report(dialstatus);
    await report('BUSY');
    expect(await told(harness, context)).toEqual([TRANSFERRED, outcome]);
  });

  it('is reported after hours, and after a restart', async () => {
    const harness = await open();
    const { context, conversation, ended } = await connected(harness);
    await conversation.handOver(SALES);
    await ended;
    await harness.useCases.media.directive(context.contextId);
    await harness.clock.advance(3 * 3_600_000);
    const { media } = harness.restarted().useCases;
    await media.report(context.contextId, 'transfer_result', { dialstatus: 'ANSWER' });
    expect(await told(harness, context)).toEqual([TRANSFERRED, { type: 'call.transfer_answered', target: SALES }]);
  });

  it('means nothing where nobody was handed over', async () => {
    const harness = await open();
    const { context } = await connected(harness);
    await harness.useCases.media.report(context.contextId, 'transfer_result', { dialstatus: 'ANSWER' });
    expect(await told(harness, context)).toEqual([]);
  });

  it('ends nothing where its order cannot be written down, in time: the assistant is told and goes on', async () => {
    const harness = await openHarness({
      transferTargets: [SALES],
      wrapCalls: (calls) => ({ ...calls, patch: () => new Promise(() => {}) }),
    });
    const { conversation, transport } = await connected(harness);
    const handOver = conversation.handOver(SALES);
    await harness.clock.advance(1_000);
    expect(await handOver).toEqual({ ok: false, reason: 'not_recorded' });
    expect(transport.hangups).toBe(0);
  });

  it('leads nowhere any more after it failed, though its order was written late', async () => {
    let write = (): void => {};
    const late = new Promise<void>((resolve) => {
      write = resolve;
    });
    const harness = await openHarness({
      transferTargets: [SALES],
      wrapCalls: (calls) => ({ ...calls, patch: (...given) => late.then(() => calls.patch(...given)) }),
    });
    await harness.prepare();
    const { context, conversation, transport, ended } = await connected(harness);
    const handOver = conversation.handOver(SALES);
    await harness.clock.advance(1_000);
    expect((await handOver).ok).toBe(false);
    write();
    // What took the store too long is made good from the spool.
    await harness.clock.advance(200);
    transport.callerHangsUp();
    expect((await ended).directive).toBeNull();
    const failed = { type: 'call.transfer_failed', target: SALES, reason: 'not_recorded' };
    expect(await told(harness, context)).toEqual([failed]);
  });
});

describe('a transfer that is ordered', () => {
  const order = (harness: Harness, { callId }: CallContext) => harness.useCases.calls.transfer(PROJECT, callId, SALES);

  it('is made, and the outcome told', async () => {
    const harness = await open();
    const { context, ended } = await connected(harness);
    await order(harness, context);
    expect(await ended).toMatchObject({ state: 'completed', reason: 'transfer_requested', directive: `goto:${SALES}` });
    await harness.useCases.media.directive(context.contextId);
    expect(await told(harness, context)).toEqual([TRANSFERRED]);
  });

  it('has failed where the call ends before its turn comes', async () => {
    const harness = await open();
    const { context, conversation, transport, ended } = await connected(harness);
    conversation.finish = () => true;
    await order(harness, context);
    transport.callerHangsUp();
    await ended;
    expect(await told(harness, context)).toEqual([
      { type: 'call.transfer_failed', target: SALES, reason: 'caller_hangup' },
    ]);
  });

  it('is refused at once where it is certain', async () => {
    const harness = await open();
    const { context, conversation, transport, ended } = await connected(harness);
    const refused = (code: string) => expect(order(harness, context)).rejects.toMatchObject({ code });
    conversation.finish = () => false;
    await refused('call_not_live');
    const { calls } = harness.useCases;
    await expect(calls.transfer(PROJECT, context.callId, 'mars,1,1')).rejects.toMatchObject({
      code: 'transfer_not_allowed',
    });
    transport.callerHangsUp();
    await ended;
    await refused('call_ended');
    expect(await told(harness, context)).toEqual([]);
  });
});

it('what is no end says nothing', () => {
  for (const word of ['', 'RINGING', 'PROGRESS', 'DONTCALL', 'answer', '__proto__']) {
    expect(readDialStatus(word), word).toBeUndefined();
  }
});
