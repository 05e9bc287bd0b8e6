import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Connection, type DistributedTo, Distributor, WAITING_MAX, WAITING_MS_MAX } from './distributor.js';

class FakeConnection implements Connection {
  closed = 0;
  destroy(): void {
    this.closed++;
  }
}

class FakeWorker implements DistributedTo<FakeConnection> {
  readonly given: { readonly id: number; readonly door: string; readonly connection: FakeConnection }[] = [];
  give(id: number, door: string, connection: FakeConnection): void {
    this.given.push({ id, door, connection });
  }
}

let clock: VirtualClock;
let distributor: Distributor<FakeConnection>;
beforeEach(() => {
  clock = new VirtualClock();
  distributor = new Distributor(clock);
});

function come(count = 1): FakeConnection[] {
  return Array.from({ length: count }, () => {
    const connection = new FakeConnection();
    distributor.take('http', connection);
    return connection;
  });
}

function joined(): FakeWorker {
  const worker = new FakeWorker();
  distributor.join(worker);
  return worker;
}

const tookAll = ({ given }: FakeWorker): void => {
  for (const { id } of given) distributor.took(id);
};

describe('connections and workers', () => {
  it('a connection goes to one worker, and is let go here when it is there', () => {
    const worker = joined();
    const [connection] = come();
    expect(worker.given).toEqual([{ id: 0, door: 'http', connection }]);
    expect(connection?.closed).toBe(0);
    distributor.took(0);
    distributor.took(0);
    expect(connection?.closed).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('they go round while all have as much on them, and to those whose connections have closed', () => {
    const [a, b] = [joined(), joined()];
    come(4);
    expect([a.given.length, b.given.length]).toEqual([2, 2]);
    tookAll(a);
    tookAll(b);
    for (const { id } of b.given) distributor.left(id);
    come(2);
    expect([a.given.length, b.given.length]).toEqual([2, 4]);
  });

  it('they go to the worker with fewer calls', () => {
    const [a, b] = [joined(), joined()];
    distributor.holds(a, 2);
    come(5);
    expect([a.given.length, b.given.length]).toEqual([0, 5]);
    distributor.holds(a, 0);
    come(4);
    expect([a.given.length, b.given.length]).toEqual([4, 5]);
  });

  it('those that a worker had not taken when it died go to another; those that it had are gone with it', () => {
    const [a, b] = [joined(), joined()];
    const connections = come(4);
    const [first] = a.given;
    distributor.took(first?.id ?? -1);
    distributor.leave(a);
    expect(b.given).toHaveLength(3);
    tookAll(b);
    expect(connections.map(({ closed }) => closed)).toEqual([1, 1, 1, 1]);
    // Of a worker that is gone nothing counts any more.
    distributor.left(first?.id ?? -1);
    distributor.holds(a, 100);
    come();
    expect(b.given).toHaveLength(4);
  });

  it('they wait for a worker where none is up, for so long and so many', async () => {
    const early = come(WAITING_MAX);
    const [refused] = come();
    expect(refused?.closed).toBe(1);
    await clock.advance(WAITING_MS_MAX - 1);
    expect(early.every(({ closed }) => closed === 0)).toBe(true);
    const [late] = [...come()];
    expect(late?.closed).toBe(1);
    await clock.advance(1);
    expect(early.every(({ closed }) => closed === 1)).toBe(true);
    const [patient] = come();
    const worker = joined();
    expect(worker.given.map(({ connection }) => connection)).toEqual([patient]);
  });

  it('one that a worker does not take in time is closed, and weighs on nobody', async () => {
    const [a, b] = [joined(), joined()];
    const [stuck] = come();
    await clock.advance(WAITING_MS_MAX);
    expect(stuck?.closed).toBe(1);
    tookAll(a);
    come(2);
    expect([a.given.length, b.given.length]).toEqual([2, 1]);
  });

  it('nobody waits any more when it is closed', () => {
    const waiting = come(3);
    distributor.close();
    expect(waiting.map(({ closed }) => closed)).toEqual([1, 1, 1]);
    expect(clock.pendingTimers).toBe(0);
  });
});
