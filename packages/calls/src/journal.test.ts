import { type CallStore, createScope, RapidaError, silentLogger } from '@rapida/core';
import { MemorySpool, settle, VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSpoolReplay } from './call-spool.js';
import { createJournal, JOURNAL_PENDING_MAX, JOURNAL_WRITE_MS, type Journal } from './journal.js';
import { createStoreHealth, type StoreHealth } from './store-health.js';
import { FakeTelemetry } from './testing/fake-telemetry.js';

const TURN = { role: 'user', text: 'x', startMs: 0, endMs: 1, interrupted: false, metrics: {} } as const;

/** A store of which only the order of writes matters. */
class WriteLog {
  readonly written: string[] = [];
  tried = 0;
  failures = 0;
  failsWith: 'store_failed' | 'call_not_found' = 'store_failed';
  gate: Promise<void> = Promise.resolve();

  readonly store = {
    appendEvent: (_id: string, event: { type: string }) => this.#write(event.type),
    addTurn: (_id: string, turn: { text: string }) => this.#write(`turn ${turn.text}`),
    patch: () => this.#write('patch'),
    transition: async (_id: string, _from: unknown, state: string) => {
      await this.#write(state);
      return true;
    },
  } as unknown as CallStore;

  async #write(what: string): Promise<void> {
    this.tried++;
    await this.gate;
    if (this.failures > 0) {
      this.failures--;
      throw new RapidaError(this.failsWith);
    }
    this.written.push(what);
  }
}

describe('the journal of a call', () => {
  let clock: VirtualClock;
  let telemetry: FakeTelemetry;
  let health: StoreHealth;
  let log: WriteLog;
  let writeSpool: MemorySpool;
  let journal: Journal;

  beforeEach(() => {
    clock = new VirtualClock();
    telemetry = new FakeTelemetry();
    health = createStoreHealth(clock, silentLogger, telemetry);
    log = new WriteLog();
    writeSpool = new MemorySpool();
    const scope = createScope('process', { clock, onError: () => {} });
    const dependencies = { calls: log.store, health, clock, logger: silentLogger, telemetry };
    // Not started: what is spooled stays there.
    const { spool } = createSpoolReplay({ ...dependencies, writeSpool, scope });
    journal = createJournal('7', { ...dependencies, spool });
  });

  const spooled = () =>
    writeSpool.writes.map(({ write }) => {
      if (write.operation === 'transition') return write.args[2];
      if (write.operation === 'appendEvent') return write.args[1].type;
      return write.operation === 'addTurn' ? `turn ${write.args[1].text}` : 'patch';
    });

  it('writes in the order in which things happened', async () => {
    const moved = journal.transition('connect', {});
    journal.event('call.connected', {});
    journal.turn({ ...TURN, text: 'one' });
    journal.patch({ directive: 'hangup' });
    expect(await journal.drain(1_000)).toBe(true);
    expect(await moved).toBe(true);
    expect(log.written).toEqual(['connected', 'call.connected', 'turn one', 'patch']);
    expect(spooled()).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('puts what the store does not take into the spool, and all that comes later behind it', async () => {
    log.failures = 1;
    const moved = journal.transition('connect', { recording: 'a.wav' });
    journal.event('second', {});
    journal.turn({ ...TURN, text: 'third' });
    journal.patch({ directive: 'hangup' });
    expect(await journal.drain(1_000)).toBe(false);
    expect(await moved).toBeUndefined();
    // The store would have taken the second one.
    expect(log.written).toEqual([]);
    expect(log.tried).toBe(1);
    expect(spooled()).toEqual(['connected', 'second', 'turn third', 'patch']);
    expect(writeSpool.writes.map(({ mayBeStored }) => mayBeStored)).toEqual([true, false, false, false]);
    expect(health.failing).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes to the store again when nothing of its call waits any more', async () => {
    log.failures = 1;
    journal.event('first', {});
    await settle();
    journal.event('second', {});
    await settle();
    await writeSpool.first();
    await writeSpool.removeFirst();
    journal.event('third', {});
    await settle();
    expect(spooled()).toEqual(['second', 'third']);
    writeSpool.writes.length = 0;
    journal.event('fourth', {});
    expect(await journal.drain(1_000)).toBe(true);
    expect(log.written).toEqual(['fourth']);
  });

  it('does not wait for a store that is silent: what it has not taken by then is spooled as well', async () => {
    log.gate = new Promise(() => {});
    journal.event('first', {});
    journal.event('second', {});
    await clock.advance(JOURNAL_WRITE_MS);
    expect(spooled()).toEqual(['first', 'second']);
    expect(log.tried).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up, counts, and goes on where neither store nor spool take it', async () => {
    log.failures = 3;
    writeSpool.entriesMax = 0;
    const moved = journal.transition('connect', {});
    journal.event('second', {});
    await clock.advance(10_000);
    expect(await moved).toBeUndefined();
    expect(log.written).toEqual(['second']);
    expect(telemetry.counts.get('rapida_spool_lost_total{transition}')).toBe(1);
  });

  it('does not begin a write a second time that may be carried out yet', async () => {
    let open = () => {};
    log.gate = new Promise((resolve) => {
      open = resolve;
    });
    writeSpool.entriesMax = 0;
    journal.event('slow', {});
    await clock.advance(JOURNAL_WRITE_MS + 150);
    open();
    expect(await journal.drain(1_000)).toBe(true);
    expect(log.tried).toBe(1);
    expect(log.written).toEqual(['slow']);
    expect(telemetry.counts.get('rapida_spool_lost_total{event}')).toBeUndefined();
  });

  it('keeps nothing for later that the store will never take', async () => {
    log.failures = 1;
    log.failsWith = 'call_not_found';
    journal.event('of no call', {});
    journal.event('second', {});
    expect(await journal.drain(1_000)).toBe(true);
    expect(spooled()).toEqual([]);
    expect(log.written).toEqual(['second']);
    expect(telemetry.counts.get('rapida_spool_lost_total{event}')).toBe(1);
    expect(health.failing).toBe(false);
  });

  describe('where neither store nor disk answer', () => {
    beforeEach(() => {
      log.gate = new Promise(() => {});
      writeSpool.add = () => new Promise(() => {});
    });

    it('drops the oldest turns first, and keeps every event', async () => {
      journal.event('running', {});
      await settle();
      journal.event('kept', {});
      for (let i = 0; i < JOURNAL_PENDING_MAX + 4; i++) journal.turn({ ...TURN, text: `${i}` });
      expect(telemetry.counts.get('rapida_spool_lost_total{turn}')).toBe(5);
      // The disk is there again.
      writeSpool.add = MemorySpool.prototype.add.bind(writeSpool);
      await clock.advance(JOURNAL_WRITE_MS);
      expect(spooled().slice(0, 3)).toEqual(['running', 'kept', 'turn 5']);
      expect(spooled()).toHaveLength(1 + JOURNAL_PENDING_MAX);
    });

    it('is bounded even if everything is essential', async () => {
      for (let i = 0; i < JOURNAL_PENDING_MAX + 3; i++) journal.event('e', {});
      // One is being written, a thousand wait.
      expect(telemetry.counts.get('rapida_spool_lost_total{event}')).toBe(2);
    });

    it('does not wait longer than it is told, and closes twice without harm', async () => {
      journal.event('e', {});
      const moved = journal.transition('complete', {});
      const drained = journal.drain(5_000);
      await clock.advance(5_000);
      expect(await drained).toBe(false);
      journal.close();
      journal.close();
      expect(await moved).toBeUndefined();
      journal.event('late', {});
      expect(telemetry.counts.get('rapida_spool_lost_total{event}')).toBe(1);
      expect(clock.pendingTimers).toBe(0);
    });
  });

  it('stops waiting for a repeat when it is closed', async () => {
    log.failures = 1;
    writeSpool.entriesMax = 0;
    journal.event('e', {});
    await settle();
    expect(clock.pendingTimers).toBe(1);
    journal.close();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
