import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { createAdmission } from './admission.js';

const call = (contextId: string, assistantCallsMax: number | null = null) => ({
  contextId,
  assistantId: '1',
  assistantCallsMax,
});

it('refuses the call above the limit, and takes the next one when a place is free', () => {
  const admission = createAdmission(new VirtualClock(), 2);
  admission.admit(call('a'), 1_000);
  admission.admit(call('b'), 1_000);
  expect(() => admission.admit(call('c'), 1_000)).toThrowError(expect.objectContaining({ code: 'at_capacity' }));
  admission.release('a');
  admission.release('a');
  admission.admit(call('c'), 1_000);
  expect(() => admission.admit(call('d'), 1_000)).toThrowError(expect.objectContaining({ code: 'at_capacity' }));
});

it('frees a place that nobody claimed in time, also where nobody says so', async () => {
  const clock = new VirtualClock();
  const admission = createAdmission(clock, 1);
  admission.admit(call('a'), 1_000);
  await clock.advance(1_001);
  admission.admit(call('b'), 1_000);
});

it('keeps the place of a claimed call however long it takes', async () => {
  const clock = new VirtualClock();
  const admission = createAdmission(clock, 1);
  admission.admit(call('a'), 1_000);
  admission.claim(call('a'));
  await clock.advance(10_000_000);
  expect(() => admission.admit(call('b'), 1_000)).toThrowError(expect.objectContaining({ code: 'at_capacity' }));
});

it('lets a registered call in above the limit: its caller was promised a place', () => {
  const admission = createAdmission(new VirtualClock(), 1);
  admission.admit(call('a'), 1_000);
  admission.claim(call('of another process'));
  expect(() => admission.admit(call('b'), 1_000)).toThrow();
  admission.release('a');
  expect(() => admission.admit(call('b'), 1_000)).toThrow();
  admission.release('of another process');
  admission.admit(call('b'), 1_000);
});

it('admits nobody while draining, and without a limit everybody before', () => {
  const admission = createAdmission(new VirtualClock(), 0);
  for (let i = 0; i < 10_000; i++) admission.admit(call(`${i}`), 1_000);
  admission.drain();
  expect(() => admission.admit(call('z'), 1_000)).toThrowError(expect.objectContaining({ code: 'draining' }));
});

it('counts the calls of an assistant apart, where that one has a limit of its own', () => {
  const admission = createAdmission(new VirtualClock(), 0);
  admission.admit({ contextId: 'other', assistantId: '2', assistantCallsMax: 1 }, 1_000);
  admission.admit(call('a', 1), 1_000);
  expect(() => admission.admit(call('b', 1), 1_000)).toThrowError(expect.objectContaining({ code: 'at_capacity' }));
  admission.release('a');
  admission.admit(call('b', 1), 1_000);
});
