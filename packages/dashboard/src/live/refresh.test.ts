import type { LiveEvent } from '@rapida/client';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { beforeEach, expect, it } from 'vitest';
import { CALLS } from '../data/calls.js';
import { settled, VirtualClock } from '../testing/virtual-clock.js';
import { createRefresh } from './refresh.js';

const REGISTERED: LiveEvent = {
  ...{ id: 'e1', callId: '1', assistantId: '2', seq: 1, type: 'webhook' },
  ...{ at: '2030-01-01T00:00:00.000Z', data: {} },
};

let client: QueryClient;
let clock: VirtualClock;
beforeEach(() => {
  client = new QueryClient();
  clock = new VirtualClock();
});

/** A page that shows a list, and its requests, which are answered by hand. */
function shown(...key: readonly string[]) {
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: [...CALLS, ...key],
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const end = observer.subscribe(() => {});
  return { answers, text: () => observer.getCurrentResult().data, end };
}

it('reads the list of live calls anew when a call comes', async () => {
  const refresh = createRefresh(client, clock);
  const list = shown('live');
  list.answers[0]?.('nothing');
  await settled();
  refresh.after(REGISTERED);
  await settled();
  list.answers[1]?.('one call');
  await settled();
  expect(list.text()).toBe('one call');
  list.end();
});

it('does not miss a call that comes while the list is read for the first time', async () => {
  const refresh = createRefresh(client, clock);
  const list = shown('live');
  refresh.after(REGISTERED);
  await settled();
  list.answers[0]?.('as it was before');
  list.answers[1]?.('one call');
  await settled();
  expect(list.text()).toBe('one call');
  list.end();
});

it('reads a list once for many events, and again after a pause', async () => {
  const refresh = createRefresh(client, clock);
  const list = shown('live');
  list.answers[0]?.('nothing');
  await settled();
  for (let event = 0; event < 100; event++) refresh.after(REGISTERED);
  await settled();
  list.answers[1]?.('one call');
  await settled();
  expect(list.answers).toHaveLength(2);
  await clock.letPass(2_000);
  expect(list.answers).toHaveLength(3);
  list.end();
});

it('reads the call that is looked at anew for a turn, and no list', async () => {
  const refresh = createRefresh(client, clock);
  const [one, other, list] = [shown('one', '1'), shown('one', '7'), shown('live')];
  for (const { answers } of [one, other, list]) answers[0]?.('before');
  await settled();
  refresh.after({ ...REGISTERED, seq: null, type: 'turn' });
  await settled();
  expect([one, other, list].map(({ answers }) => answers.length)).toEqual([2, 1, 1]);
  for (const { end } of [one, other, list]) end();
});

it('reads nothing for words', async () => {
  const refresh = createRefresh(client, clock);
  const one = shown('one', '1');
  one.answers[0]?.('before');
  await settled();
  refresh.after({ ...REGISTERED, seq: null, type: 'caller.partial' });
  await settled();
  expect(one.answers).toHaveLength(1);
  one.end();
});

it('tells whoever watches that it has begun, and when calls have changed, until they stop', async () => {
  const refresh = createRefresh(client, clock);
  const told: string[] = [];
  const stop = refresh.watch((news) => told.push(news));
  refresh.all();
  refresh.after(REGISTERED);
  await clock.letPass(2_000);
  expect(told).toEqual(['begun', 'changed']);
  refresh.all();
  await clock.letPass(2_000);
  expect(told).toEqual(['begun', 'changed', 'changed']);
  stop();
  refresh.all();
  await clock.letPass(2_000);
  expect(told).toHaveLength(3);
});

it('leaves no timer when it is closed', async () => {
  const refresh = createRefresh(client, clock);
  refresh.after(REGISTERED);
  await settled();
  refresh.close();
  expect(clock.pending).toBe(0);
});
