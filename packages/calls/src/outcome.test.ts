import { describe, expect, it } from 'vitest';
import { endEvent, endMetrics, failureOrder, outcomeOf } from './outcome.js';

describe('the outcome of a call', () => {
  it("is the caller's when the caller hung up", () => {
    const outcome = outcomeOf({ kind: 'media', closed: { by: 'caller', reason: 'caller_hangup' } });
    expect(outcome).toEqual({ ending: 'complete', disconnectedBy: 'user', reason: 'caller_hangup' });
  });

  it('is a failure of the system when the media broke', () => {
    const outcome = outcomeOf({ kind: 'media', closed: { by: 'fault', reason: 'socket_error' } });
    expect(outcome).toEqual({ ending: 'fail', disconnectedBy: 'system', reason: 'socket_error' });
  });

  it('is what the conversation says when that ended first, transfer included', () => {
    const end = { by: 'assistant', reason: 'transfer', failed: false, transferTo: 'sales,s,1' } as const;
    expect(outcomeOf({ kind: 'conversation', end })).toEqual({
      ending: 'complete',
      disconnectedBy: 'assistant',
      reason: 'transfer',
      transferTo: 'sales,s,1',
    });
  });

  it('is failed where the conversation failed', () => {
    const end = { by: 'system', reason: 'provider_failed', failed: true } as const;
    expect(outcomeOf({ kind: 'conversation', end })).toMatchObject({ ending: 'fail', disconnectedBy: 'system' });
  });

  it('keeps the code of an order that came from an error', () => {
    const outcome = outcomeOf({ kind: 'ordered', order: failureOrder('provider_failed', 'provider_auth') });
    expect(endEvent(outcome)).toEqual({
      type: 'call.failed',
      data: { disconnectedBy: 'system', reason: 'provider_failed', code: 'provider_auth' },
    });
  });

  it('gives times in seconds, and none for a call that never had media', () => {
    const outcome = outcomeOf({ kind: 'media', closed: { by: 'caller', reason: 'caller_hangup' } });
    expect(endMetrics(outcome, 61_234.6, 20_500)).toEqual([
      { name: 'call.duration', value: 61.235 },
      { name: 'call.talk_duration', value: 20.5 },
      { name: 'call.status', value: 'completed' },
      { name: 'call.disconnected_by', value: 'user' },
    ]);
    expect(endMetrics(outcome, undefined, 0).map((metric) => metric.name)).toEqual([
      'call.status',
      'call.disconnected_by',
    ]);
  });
});
