import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { createMemoryNodeRegistry } from './memory.js';

it('knows the one node there is, as it last said it was, until it leaves', async () => {
  const clock = new VirtualClock();
  const nodes = createMemoryNodeRegistry('single', clock);
  const state = { host: 'pbx', version: '1', startedAtMs: 1, calls: 0, draining: false, loopDelayMs: 2, lateFrames: 0 };
  await nodes.join(state);
  await clock.advance(60_000);
  await nodes.renew({ ...state, calls: 3 });
  const entry = { ...state, calls: 3, nodeId: 'single', seenAtMs: clock.wallMs(), lost: false };
  expect(await nodes.list()).toEqual([entry]);
  expect(await nodes.takeLost()).toEqual([]);
  await nodes.leave();
  expect(await nodes.list()).toEqual([]);
});
