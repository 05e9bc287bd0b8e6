import { type CallStore, RapidaError, silentLogger } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createJournal, JOURNAL_PENDING_MAX, JOURNAL_RETRY_MS, type Journal } from './journal.js';
import { createStoreHealth, type StoreHealth } from './store-health.js';
import { FakeTelemetry } from './testing/fake-telemetry.js';

const TURN = { role: 'user', text: 'x', startMs: 0, endMs: 1, interrupted: false, metrics: {} } as const;

/** A store of which only the order of writes matters. */
class WriteLog {
  readonly written: string[] = [];
  failures = 0;
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
    await this.gate;
    if (this.failures > 0) {
      this.failures--;
      throw new RapidaError('store_failed');
    }
    this.written.push(what);
  }
}

describe('the journal of a call', () => {
  let clock: VirtualClock;
  let telemetry: FakeTelemetry;
  let health: StoreHealth;
  let log: WriteLog;
  let journal: Journal;

  beforeEach(() => {
    clock = new VirtualClock();
    telemetry = new FakeTelemetry();
    health = createStoreHealth(clock, silentLogger, telemetry);
    log = new WriteLog();
    journal = createJournal('7', { calls: log.store, health, clock, logger: silentLogger, telemetry });
  });

  it('writes in the order in which things happened', async () => {
    const moved = journal.transition('connect', {});
    journal.event('call.connected', {});
    journal.turn({ ...TURN, text: 'one' });
    journal.patch({ directive: 'hangup' });
    expect(await journal.drain(1_000)).toBe(true);
    expect(await moved).toBe(true);
    expect(log.written).toEqual(['connected', 'call.connected', 'turn one', 'patch']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps the order when a write fails and is repeated', async () => {
    log.failures = 2;
    journal.event('first', {});
    journal.event('second', {});
    await settle();
    expect(log.written).toEqual([]);
    expect(health.failing).toBe(true);
    await clock.advance(500);
    expect(log.written).toEqual(['first', 'second']);
    expect(telemetry.counts.get('rapida_store_errors_total{event}')).toBe(2);
  });

  it('gives up a write that keeps failing, counts it, and goes on', async () => {
    log.failures = 1 + JOURNAL_RETRY_MS.length;
    const moved = journal.transition('connect', {});
    journal.event('second', {});
    await clock.advance(10_000);
    expect(await moved).toBeUndefined();
    expect(log.written).toEqual(['second']);
    expect(telemetry.counts.get('rapida_store_errors_total{transition_lost}')).toBe(1);
  });

  it('drops the oldest turns first when the store hangs, and keeps every event', async () => {
    let open = () => {};
    log.gate = new Promise((resolve) => {
      open = resolve;
    });
    journal.event('running', {});
    await settle();
    journal.event('kept', {});
    for (let i = 0; i < JOURNAL_PENDING_MAX + 4; i++) journal.turn({ ...TURN, text: `${i}` });
    open();
    expect(await journal.drain(1_000)).toBe(true);
    expect(log.written.slice(0, 3)).toEqual(['running', 'kept', 'turn 5']);
    expect(log.written).toHaveLength(1 + JOURNAL_PENDING_MAX);
    expect(telemetry.counts.get('rapida_store_errors_total{turn_lost}')).toBe(5);
  });

  it('is bounded even where everything is essential', async () => {
    log.gate = new Promise(() => {});
    for (let i = 0; i < JOURNAL_PENDING_MAX + 3; i++) journal.event('e', {});
    // One is being written, a thousand wait.
    expect(telemetry.counts.get('rapida_store_errors_total{event_lost}')).toBe(2);
  });

  it('does not wait longer than it is told for a store that hangs, and closes twice without harm', async () => {
    log.gate = new Promise(() => {});
    journal.event('e', {});
    const moved = journal.transition('complete', {});
    const drained = journal.drain(5_000);
    await clock.advance(5_000);
    expect(await drained).toBe(false);
    journal.close();
    journal.close();
    expect(await moved).toBeUndefined();
    journal.event('late', {});
    expect(telemetry.counts.get('rapida_store_errors_total{event_lost}')).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('stops waiting for a repeat when it is closed', async () => {
    log.failures = 1;
    journal.event('e', {});
    await settle();
    expect(clock.pendingTimers).toBe(1);
    journal.close();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
