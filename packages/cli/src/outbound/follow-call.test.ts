import type { CallState } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { ApiFailure } from '../api-client.js';
import { LOOK_MISSES_MAX } from '../look-until.js';
import type { CallJson } from './call-json.js';
import { followCall } from './follow-call.js';

const AWAY = new ApiFailure('unreachable', 'no answer');

function following(steps: readonly (CallState | Error)[]) {
  const clock = new VirtualClock();
  const looking = new AbortController();
  const states: CallState[] = [];
  let asked = 0;
  const api = {
    get: async <T>() => {
      const step = steps[Math.min(asked++, steps.length - 1)] as CallState | Error;
      if (step instanceof Error) throw step;
      return { id: '1', state: step } as T;
    },
  };
  const onState = ({ state }: CallJson) => void states.push(state);
  const ended = followCall(api, '1', { clock, signal: looking.signal, onState });
  return { clock, looking, states, ended, asked: () => asked };
}

it('tells each change once, and ends with the call', async () => {
  const { clock, states, ended } = following(['queued', 'queued', 'ringing', 'queued', 'ringing', 'connected', 'busy']);
  await clock.advance(3_000);
  expect((await ended)?.state).toBe('busy');
  expect(states).toEqual(['queued', 'ringing', 'queued', 'ringing', 'connected', 'busy']);
  expect(clock.pendingTimers).toBe(0);
});

it('asks every 500 ms', async () => {
  const { clock, looking, asked, ended } = following(['queued']);
  await clock.advance(10_400);
  expect(asked()).toBe(21);
  looking.abort();
  expect(await ended).toBeUndefined();
  expect(clock.pendingTimers).toBe(0);
});

it('waits for a server that restarts', async () => {
  const { clock, states, ended } = following(['queued', ...Array(LOOK_MISSES_MAX).fill(AWAY), 'completed']);
  await clock.advance(60_000);
  expect((await ended)?.state).toBe('completed');
  expect(states).toEqual(['queued', 'completed']);
});

it('gives up a server that stays away', async () => {
  const { clock, ended } = following(['queued', AWAY]);
  const given = expect(ended).rejects.toBe(AWAY);
  await clock.advance(60_000);
  await given;
});

it('gives up at once where the answer is no', async () => {
  const { ended } = following([new ApiFailure('key_invalid', 'no')]);
  await expect(ended).rejects.toThrow('no');
});
