import { VirtualClock } from '@rapida/core/testing';
import { createMemoryCallPlaces } from '@rapida/stores';
import { expect, it } from 'vitest';
import { createAdmission } from './admission.js';

const open = (callsMax: number, placedMax = 10) =>
  createAdmission(createMemoryCallPlaces(new VirtualClock()), { callsMax, placedMax });
const call = (contextId: string, assistantCallsMax: number | null = null, assistantId = '1') => ({
  ...{ contextId, assistantId, assistantCallsMax },
  placedBy: null,
});

it('refuses the call above the limit of the installation, and takes the next one when a place is free', async () => {
  const admission = open(2);
  expect(await admission.admit(call('a'), 1_000)).toBe('admitted');
  expect(await admission.admit(call('b'), 1_000)).toBe('admitted');
  expect(await admission.admit(call('c'), 1_000)).toBe('installation_full');
  admission.release('a');
  expect(await admission.admit(call('c'), 1_000)).toBe('admitted');
});

it('lets a registered call in above the limit: its caller was promised a place', async () => {
  const admission = open(1);
  await admission.admit(call('a'), 1_000);
  admission.claim(call('of another node'));
  admission.release('a');
  expect(await admission.admit(call('b'), 1_000)).toBe('installation_full');
  admission.release('of another node');
  expect(await admission.admit(call('b'), 1_000)).toBe('admitted');
});

it('admits nobody while draining, and without a limit everybody before', async () => {
  const admission = open(0);
  for (let n = 0; n < 100; n++) expect(await admission.admit(call(`${n}`), 1_000)).toBe('admitted');
  admission.drain();
  expect(await admission.admit(call('z'), 1_000)).toBe('draining');
});

it('counts the calls of an assistant apart, also those from before it had a limit', async () => {
  const admission = open(0);
  expect(await admission.admit(call('other', 1, '2'), 1_000)).toBe('admitted');
  expect(await admission.admit(call('a'), 1_000)).toBe('admitted');
  expect(await admission.admit(call('b', 1), 1_000)).toBe('assistant_full');
});

it('counts the calls that a project placed, beside those that came in', async () => {
  const admission = open(0, 1);
  expect(await admission.admit(call('came in'), 1_000)).toBe('admitted');
  expect(await admission.admit({ ...call('a'), placedBy: '7' }, 1_000)).toBe('admitted');
  expect(await admission.admit({ ...call('b'), placedBy: '7' }, 1_000)).toBe('project_full');
  expect(await admission.admit({ ...call('c'), placedBy: '8' }, 1_000)).toBe('admitted');
  expect(await admission.admit({ ...call('a'), placedBy: '7' }, 1_000)).toBe('held');
});
