import {
  type CallWrite,
  createScope,
  RapidaError,
  type ReplayOutcome,
  type Scope,
  type SpooledWrite,
  silentLogger,
} from '@rapida/core';
import { MemorySpool, settle, VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSpoolReplay, type SpoolReplay } from './call-spool.js';
import { createStoreHealth } from './store-health.js';
import { FakeTelemetry } from './testing/fake-telemetry.js';

const anEvent = (type: string, callId = '7'): CallWrite => ({
  operation: 'appendEvent',
  args: [callId, { type, atMs: 1, data: {} }],
});
const nameOf = ({ write }: SpooledWrite) => (write.operation === 'appendEvent' ? write.args[1].type : write.operation);

describe('what waits in the spool', () => {
  let clock: VirtualClock;
  let telemetry: FakeTelemetry;
  let scope: Scope;
  let writeSpool: MemorySpool;
  let isAway: boolean;
  let replayed: SpooledWrite[];
  let tried: number;
  let outcome: ReplayOutcome;
  let forgottenBeforeMs: number | undefined;
  let replay: SpoolReplay;

  function open(over: MemorySpool): SpoolReplay {
    writeSpool = over;
    const health = createStoreHealth(clock, silentLogger, telemetry);
    const calls = {
      async replay(write: SpooledWrite) {
        tried++;
        if (isAway) throw new RapidaError('store_failed');
        replayed.push(write);
        return outcome;
      },
      async forgetReplays(beforeMs: number) {
        forgottenBeforeMs = beforeMs;
        return 0;
      },
    };
    return createSpoolReplay({ calls, writeSpool, health, clock, logger: silentLogger, telemetry, scope });
  }

  beforeEach(() => {
    clock = new VirtualClock();
    telemetry = new FakeTelemetry();
    scope = createScope('process', { clock, onError: () => {} });
    isAway = true;
    replayed = [];
    tried = 0;
    outcome = 'written';
    forgottenBeforeMs = undefined;
    replay = open(new MemorySpool());
  });

  it('is written in its order when the store is back, and then somebody is told', async () => {
    let drained = 0;
    replay.start(() => drained++);
    for (const type of ['a', 'b', 'c']) expect(await replay.spool.put(anEvent(type))).toBe(true);
    await clock.advance(30_000);
    expect(replayed).toEqual([]);
    expect([replay.spool.holds('7'), replay.spool.entries]).toEqual([true, 3]);
    isAway = false;
    await clock.advance(2_000);
    expect(replayed.map(nameOf)).toEqual(['a', 'b', 'c']);
    expect(new Set(replayed.map(({ id }) => id)).size).toBe(3);
    expect([replay.spool.holds('7'), replay.spool.entries]).toEqual([false, 0]);
    expect(drained).toBe(1);
    expect(telemetry.counts.get('rapida_spool_replayed_total{written}')).toBe(3);
    expect(forgottenBeforeMs).toBeLessThan(clock.wallMs() - 29 * 86_400_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is tried seldom while the store is away, and soon after a failure that was short', async () => {
    replay.start(() => {});
    await replay.spool.put(anEvent('a'));
    await clock.advance(60_000);
    expect(tried).toBeLessThan(40);
    isAway = false;
    await clock.advance(2_000);
    expect(replayed).toHaveLength(1);
    isAway = true;
    await replay.spool.put(anEvent('b'));
    isAway = false;
    await clock.advance(100);
    expect(replayed).toHaveLength(2);
  });

  it('is not tried again before the try at the store is over of which nothing was heard', async () => {
    isAway = false;
    let over = () => {};
    const attempt = new Promise<void>((resolve) => {
      over = resolve;
    });
    replay.start(() => {});
    await replay.spool.put(anEvent('a'), attempt);
    await clock.advance(5_000);
    expect(tried).toBe(0);
    over();
    await settle();
    expect(replayed.map(({ mayBeStored }) => mayBeStored)).toEqual([true]);
  });

  it('does not hold up what is behind it where it can never be written, and is counted', async () => {
    isAway = false;
    outcome = 'refused';
    replay.start(() => {});
    await replay.spool.put(anEvent('a'));
    await replay.spool.put(anEvent('b'));
    await clock.advance(1_000);
    expect(replay.spool.entries).toBe(0);
    expect(telemetry.counts.get('rapida_spool_lost_total{event}')).toBe(2);
  });

  it('of a former life is written before anything else, and fails as the store does', async () => {
    await replay.spool.put(anEvent('a'));
    await replay.spool.put(anEvent('b', '8'));
    const next = open(new MemorySpool(writeSpool.writes));
    await expect(next.replayAll()).rejects.toMatchObject({ code: 'store_failed' });
    isAway = false;
    await next.replayAll();
    expect(replayed.map(nameOf)).toEqual(['a', 'b']);
    expect(next.spool.entries).toBe(0);
  });

  it('is left to the next start when the process ends', async () => {
    replay.start(() => {});
    await replay.spool.put(anEvent('a'));
    await scope.close();
    isAway = false;
    await clock.advance(10_000);
    expect(replayed).toEqual([]);
    expect(writeSpool.entries).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
