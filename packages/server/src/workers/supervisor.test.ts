import { RapidaError, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Stop, WorkerPlace, WorkerStarted } from './protocol.js';
import { DEATHS_MAX, STEADY_MS } from './restarts.js';
import { LOOK_EVERY_MS, STOP_NOW_MS_MAX, Supervisor, type WorkerProcess } from './supervisor.js';

/** A worker as the test has it. */
class FakeWorker implements WorkerProcess {
  readonly nodeId: string;
  place: WorkerPlace | undefined;
  readonly told: Stop[] = [];
  killed = false;
  silent = false;
  readonly ended: Promise<string>;
  #end: (how: string) => void = () => {};
  #settle: { resolve(started: WorkerStarted): void; reject(error: unknown): void } | undefined;

  constructor(nodeId: string) {
    this.nodeId = nodeId;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  readonly control = {
    start: (place: WorkerPlace): Promise<WorkerStarted> => {
      this.place = place;
      return new Promise((resolve, reject) => {
        this.#settle = { resolve, reject };
      });
    },
    totals: async () => {
      if (this.silent) throw new RapidaError('store_failed');
      return [{ name: this.nodeId }];
    },
    metrics: async () => [],
    stop: (how: Stop) => void this.told.push(how),
  };

  isUp(): void {
    this.#settle?.resolve({ firstStart: undefined, setUpLink: undefined });
  }

  cannotStart(error: RapidaError): void {
    this.#settle?.reject(error);
  }

  dies(how = 'SIGKILL'): void {
    this.#settle?.reject(new RapidaError('store_failed', 'The other process is gone.'));
    this.#end(how);
  }

  kill(): void {
    this.killed = true;
    this.dies();
  }
}

let clock: VirtualClock;
let spawned: FakeWorker[];
let counted: Map<string, number>;
let gauges: Map<string, number>;
let up: string[];
let totals: unknown[];
beforeEach(() => {
  clock = new VirtualClock();
  spawned = [];
  counted = new Map();
  gauges = new Map();
  up = [];
  totals = [];
});

function supervisorOf(nodeIds: readonly string[]): Supervisor<FakeWorker> {
  return new Supervisor<FakeWorker>({
    ...{ nodeIds, clock, logger: silentLogger, drainMs: 60_000 },
    telemetry: {
      count: (name) => void counted.set(name, (counted.get(name) ?? 0) + 1),
      gauge: (name, value, labels = {}) => void gauges.set(`${name} ${labels.state}`, value),
      observe() {},
    },
    placeOf: (nodeId) => ({
      ...{ nodeId, settings: { settings: {}, workingDirectory: '/' }, formerNodeIds: [] },
      ports: { http: 1, audiosocket: 2, grpc: 3 },
    }),
    spawn(nodeId) {
      const worker = new FakeWorker(nodeId);
      spawned.push(worker);
      return worker;
    },
    onUp: ({ nodeId }) => up.push(nodeId),
    onTotals: (_worker, given) => totals.push(...given),
  });
}

/** The life that this worker has now. */
function last(nodeId: string): FakeWorker {
  const found = spawned.filter((worker) => worker.nodeId === nodeId).at(-1);
  if (found === undefined) throw new Error(`${nodeId} was never started`);
  return found;
}

/** All of them are up. */
async function started(nodeIds: readonly string[] = ['w1', 'w2']): Promise<Supervisor<FakeWorker>> {
  const supervisor = supervisorOf(nodeIds);
  const starting = supervisor.start();
  last('w1').isUp();
  await clock.advance(0);
  for (const nodeId of nodeIds.slice(1)) last(nodeId).isUp();
  await starting;
  return supervisor;
}

async function dies(nodeId: string): Promise<void> {
  last(nodeId).dies();
  await clock.advance(0);
}

const lives = (nodeId: string): number => spawned.filter((worker) => worker.nodeId === nodeId).length;

describe('starting workers', () => {
  it('starts the first one alone, as it makes what all need, and then the others', async () => {
    const supervisor = supervisorOf(['w1', 'w2', 'w3']);
    const starting = supervisor.start();
    await clock.advance(5_000);
    expect(spawned.map(({ nodeId }) => nodeId)).toEqual(['w1']);
    expect(gauges.get('rapida_workers up')).toBe(0);
    last('w1').isUp();
    await clock.advance(0);
    expect(spawned.map(({ nodeId }) => nodeId)).toEqual(['w1', 'w2', 'w3']);
    last('w2').isUp();
    last('w3').isUp();
    expect(await starting).toEqual({ firstStart: undefined, setUpLink: undefined });
    expect(up).toEqual(['w1', 'w2', 'w3']);
    expect(spawned.map(({ place }) => place?.nodeId)).toEqual(['w1', 'w2', 'w3']);
    expect([gauges.get('rapida_workers up'), gauges.get('rapida_workers down')]).toEqual([3, 0]);
  });

  it('fails as the first one does', async () => {
    const starting = supervisorOf(['w1', 'w2']).start();
    const failure = new RapidaError('port_in_use', 'HTTP__PORT=80: the port is in use');
    last('w1').cannotStart(failure);
    await expect(starting).rejects.toBe(failure);
    expect(lives('w2')).toBe(0);
  });

  it('fails where another one cannot start, and stops the rest when it is told to', async () => {
    const supervisor = supervisorOf(['w1', 'w2']);
    const starting = supervisor.start();
    last('w1').isUp();
    await clock.advance(0);
    last('w2').cannotStart(new RapidaError('store_failed'));
    await expect(starting).rejects.toMatchObject({ code: 'store_failed' });
    const stopping = supervisor.stop('now');
    expect([last('w1').told, last('w2').killed]).toEqual([['now'], true]);
    last('w1').dies('exit code 0');
    await stopping;
    await clock.advance(60_000);
    expect(spawned).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a worker that dies', () => {
  it('is counted and started again, each time in a row a little later, while the others go on', async () => {
    await started();
    await dies('w1');
    expect(counted.get('rapida_workers_died_total')).toBe(1);
    expect([gauges.get('rapida_workers up'), gauges.get('rapida_workers down')]).toEqual([1, 1]);
    await clock.advance(99);
    expect(lives('w1')).toBe(1);
    await clock.advance(1);
    expect(lives('w1')).toBe(2);
    await dies('w1');
    await clock.advance(999);
    expect(lives('w1')).toBe(2);
    await clock.advance(1);
    expect([lives('w1'), lives('w2')]).toEqual([3, 1]);
    last('w1').isUp();
    await clock.advance(0);
    expect(gauges.get('rapida_workers up')).toBe(2);
  });

  it('is started again at once as ever when it had been up for long', async () => {
    await started();
    for (let n = 0; n < 3; n++) {
      await clock.advance(STEADY_MS);
      await dies('w2');
      await clock.advance(100);
      last('w2').isUp();
      await clock.advance(0);
    }
    expect(lives('w2')).toBe(4);
  });

  it('is given up when it dies again and again; with the last one the whole is deserted', async () => {
    const supervisor = await started();
    let deserted = false;
    void supervisor.deserted.then(() => {
      deserted = true;
    });
    for (let n = 0; n < DEATHS_MAX; n++) {
      await dies('w1');
      await clock.advance(15_000);
    }
    expect(lives('w1')).toBe(DEATHS_MAX);
    await clock.advance(3_600_000);
    expect([lives('w1'), deserted]).toEqual([DEATHS_MAX, false]);
    for (let n = 0; n < DEATHS_MAX; n++) {
      await dies('w2');
      await clock.advance(15_000);
    }
    expect(deserted).toBe(true);
  });
});

describe('a worker that does not answer', () => {
  it('is ended and started again', async () => {
    await started();
    last('w1').silent = true;
    await clock.advance(LOOK_EVERY_MS);
    expect([last('w1').killed, spawned[1]?.killed]).toEqual([true, false]);
    await clock.advance(100);
    expect(lives('w1')).toBe(2);
  });

  it('and the others are asked for their figures as long as they live', async () => {
    await started();
    await clock.advance(LOOK_EVERY_MS);
    await dies('w1');
    await clock.advance(LOOK_EVERY_MS);
    expect(totals).toEqual([{ name: 'w1' }, { name: 'w2' }, { name: 'w2' }]);
  });
});

describe('stopping workers', () => {
  it('tells all, waits for all, and starts none again', async () => {
    const supervisor = await started();
    let stopped = false;
    const stopping = supervisor.stop('drain').then(() => {
      stopped = true;
    });
    expect(spawned.map(({ told }) => told)).toEqual([['drain'], ['drain']]);
    await dies('w1');
    await clock.advance(59_000);
    expect([stopped, lives('w1'), counted.get('rapida_workers_died_total')]).toEqual([false, 1, undefined]);
    await dies('w2');
    await stopping;
    expect(clock.pendingTimers).toBe(0);
  });

  it('may be told to be quicker', async () => {
    const supervisor = await started();
    const [draining, closing] = [supervisor.stop('drain'), supervisor.stop('now')];
    expect(spawned.map(({ told }) => told)).toEqual([
      ['drain', 'now'],
      ['drain', 'now'],
    ]);
    await clock.advance(STOP_NOW_MS_MAX - 1);
    expect(last('w1').killed).toBe(false);
    await clock.advance(1);
    expect(last('w1').killed).toBe(true);
    await Promise.all([draining, closing]);
  });

  it('ends one that is only starting, and does not begin one that is about to be', async () => {
    const supervisor = await started(['w1', 'w2', 'w3']);
    await dies('w1');
    await dies('w2');
    await clock.advance(100);
    await dies('w1');
    const stopping = supervisor.stop('drain');
    expect(last('w2').killed).toBe(true);
    await dies('w3');
    await stopping;
    await clock.advance(60_000);
    expect(lives('w1')).toBe(2);
  });
});
