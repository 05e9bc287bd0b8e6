import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { MISSES_MAX } from './follow-call.js';
import type { CallState } from './schemas.js';
import { clientOf, createFakeServer, type Step } from './testing/fake-server.js';

const AWAY: Step = { failure: new TypeError('fetch failed') };

function following(steps: readonly (CallState | Step)[]) {
  const clock = new VirtualClock();
  const looking = new AbortController();
  const states: CallState[] = [];
  const known: readonly string[] = ['silence'];
  const server = createFakeServer(
    ...steps.map((step): Step => {
      return typeof step === 'string' && !known.includes(step) ? { body: { id: '1', state: step } } : (step as Step);
    }),
  );
  const client = clientOf(server, clock);
  const run = async () => {
    for await (const { state } of client.calls.follow('1', { signal: looking.signal })) states.push(state);
  };
  const ended = run();
  ended.catch(() => {});
  return { clock, looking, states, ended, client, asked: () => server.asked.length };
}

it('tells each change once, and ends with the call', async () => {
  const { clock, states, ended } = following(['queued', 'queued', 'ringing', 'queued', 'ringing', 'connected', 'busy']);
  await clock.advance(3_000);
  await ended;
  expect(states).toEqual(['queued', 'ringing', 'queued', 'ringing', 'connected', 'busy']);
  expect(clock.pendingTimers).toBe(0);
});

it('asks every 500 ms, until the signal', async () => {
  const { clock, looking, asked, ended } = following(['queued']);
  await clock.advance(10_400);
  expect(asked()).toBe(21);
  looking.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  expect(clock.pendingTimers).toBe(0);
});

it('waits for a server that restarts', async () => {
  const { clock, states, ended } = following(['queued', ...Array<Step>(MISSES_MAX).fill(AWAY), 'completed']);
  await clock.advance(60_000);
  await ended;
  expect(states).toEqual(['queued', 'completed']);
});

it('gives up a server that stays away', async () => {
  const { clock, ended, asked } = following(['queued', AWAY]);
  await clock.advance(60_000);
  await expect(ended).rejects.toMatchObject({ code: 'unreachable' });
  expect(asked()).toBe(1 + MISSES_MAX + 1);
});

it('gives up at once where the answer is no', async () => {
  const { ended } = following([{ status: 401, body: { error: 'no', code: 'key_invalid' } }]);
  await expect(ended).rejects.toMatchObject({ code: 'key_invalid' });
});

it('waits for the end and gives the call as it is then', async () => {
  const clock = new VirtualClock();
  const server = createFakeServer({ body: { state: 'queued' } }, { body: { state: 'no_answer', reason: 'no_answer' } });
  const ended = clientOf(server, clock).calls.waitUntilEnded('1', { pollMs: 5_000 });
  await clock.advance(5_000);
  expect(await ended).toEqual({ state: 'no_answer', reason: 'no_answer' });
});
