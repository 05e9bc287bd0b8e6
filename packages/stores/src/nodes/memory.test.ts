import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  CLEARING_MS,
  createMemoryNodeRegistries,
  createMemoryNodeRegistry,
  type MemoryNodeRegistries,
} from './memory.js';

const STATE = { host: 'pbx', version: '1', startedAtMs: 1, calls: 0, draining: false, loopDelayMs: 2, lateFrames: 0 };

it('knows the one node there is, as it last said it was, until it leaves', async () => {
  const clock = new VirtualClock();
  const nodes = createMemoryNodeRegistry('single', clock);
  await nodes.join(STATE);
  await clock.advance(60_000);
  await nodes.renew({ ...STATE, calls: 3 });
  const entry = { ...STATE, calls: 3, nodeId: 'single', seenAtMs: clock.wallMs(), lost: false };
  expect(await nodes.list()).toEqual([entry]);
  expect(await nodes.takeLost()).toEqual([]);
  await nodes.leave();
  expect(await nodes.list()).toEqual([]);
});

describe('nodes whose processes are seen to end', () => {
  let clock: VirtualClock;
  let nodes: MemoryNodeRegistries;
  let cleared: string[];
  beforeEach(async () => {
    clock = new VirtualClock();
    cleared = [];
    nodes = createMemoryNodeRegistries({ clock, onCleared: (nodeId) => cleared.push(nodeId) });
    for (const nodeId of ['w1', 'w2', 'w3']) await nodes.of(nodeId).join(STATE);
  });
  const lost = async (by: string) => (await nodes.of(by).takeLost()).map(({ nodeId }) => nodeId);
  const states = async () => (await nodes.of('w1').list()).map(({ nodeId, lost: isLost }) => [nodeId, isLost]);

  it('are lost at once, given to one of the others, and forgotten by it', async () => {
    const diedAtMs = clock.wallMs();
    expect(nodes.died('w2')).toBe('lost');
    await clock.advance(10);
    expect(await states()).toEqual([
      ['w1', false],
      ['w2', true],
      ['w3', false],
    ]);
    expect(await nodes.of('w3').takeLost()).toEqual([{ nodeId: 'w2', lapsedAtMs: diedAtMs }]);
    expect(await lost('w1')).toEqual([]);
    await nodes.of('w3').forget({ nodeId: 'w2', lapsedAtMs: diedAtMs });
    expect(cleared).toEqual(['w2']);
    expect((await states()).map(([nodeId]) => nodeId)).toEqual(['w1', 'w3']);
  });

  it('are not lost when they had left', async () => {
    await nodes.of('w2').leave();
    expect(nodes.died('w2')).toBe('had_left');
    expect(await lost('w1')).toEqual([]);
  });

  it('are given to another one when the one that took them has died, or does not come to an end with them', async () => {
    nodes.died('w2');
    expect(await lost('w3')).toEqual(['w2']);
    nodes.died('w3');
    expect(await lost('w1')).toEqual(['w2', 'w3']);
    await clock.advance(CLEARING_MS - 1);
    expect(await lost('w1')).toEqual([]);
    await clock.advance(1);
    expect(await lost('w1')).toEqual(['w2', 'w3']);
  });

  it('end what their former life left open themselves when nobody is doing so', async () => {
    nodes.died('w2');
    await nodes.of('w2').join(STATE);
    expect(cleared).toEqual(['w2']);
    expect(await lost('w1')).toEqual([]);
    expect(await states()).toContainEqual(['w2', false]);
  });

  it('wait with their next life for the one that is closing the calls of the former', async () => {
    const lapsedAtMs = clock.wallMs();
    nodes.died('w2');
    await lost('w1');
    let joined = false;
    const joining = nodes.of('w2').join(STATE);
    void joining.then(() => {
      joined = true;
    });
    await clock.advance(5_000);
    expect(joined).toBe(false);
    // What the former life said last is on its way still.
    await nodes.of('w2').renew(STATE);
    expect(await states()).toContainEqual(['w2', true]);
    await nodes.of('w1').forget({ nodeId: 'w2', lapsedAtMs });
    await clock.advance(200);
    await joining;
    expect(await states()).toContainEqual(['w2', false]);
    // Said too late, it is not of this life.
    await nodes.of('w1').forget({ nodeId: 'w2', lapsedAtMs });
    expect(await states()).toContainEqual(['w2', false]);
  });
});
