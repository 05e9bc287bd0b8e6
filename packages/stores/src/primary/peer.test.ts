import { RapidaError } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LinkedWires, linkedWires } from '../testing/linked-wires.js';
import { ASK_MS_MAX, ASKED_MAX, Peer, UNSENT_MAX } from './peer.js';

let clock: VirtualClock;
let wires: LinkedWires;
let here: Peer;
let there: Peer;
let failures: unknown[];
beforeEach(() => {
  clock = new VirtualClock();
  wires = linkedWires();
  failures = [];
  here = new Peer({ wire: wires.ends[0], clock });
  there = new Peer({ wire: wires.ends[1], clock, onFailure: (error, what) => failures.push([error, what]) });
});

const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof RapidaError ? error.code : error),
  );

describe('two processes that ask each other', () => {
  it('give arguments and answers as they are, both ways', async () => {
    const given = { id: '18446744073709551615', none: undefined, empty: null, list: [1.5, '👋'], big: 2n ** 64n };
    there.serve('store', { swap: (a: unknown, b: unknown) => [b, a] });
    here.serve('store', { same: async (value: unknown) => value });
    expect(await here.ask('store', 'swap', [given, undefined])).toEqual([undefined, given]);
    expect(await there.ask('store', 'same', [given])).toEqual(given);
  });

  it('begin what was asked in the order in which it was asked or told, whatever takes how long', async () => {
    const begun: number[] = [];
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    there.serve('store', {
      async write(n: number) {
        begun.push(n);
        if (n === 0) await slow;
      },
    });
    const first = here.ask('store', 'write', [0]);
    here.tell('store', 'write', [1]);
    await here.ask('store', 'write', [2]);
    expect(begun).toEqual([0, 1, 2]);
    release();
    await first;
  });

  it('fail with the code and the words the other side failed with, and keep its cause to that side', async () => {
    const cause = new Error('disk 7 is on fire');
    there.serve('store', {
      taken: () => Promise.reject(new RapidaError('assistant_name_taken', 'There is one.', { cause })),
      broken() {
        throw new TypeError('secret value');
      },
    });
    const error = await here.ask('store', 'taken', []).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RapidaError);
    expect(error).toMatchObject({ code: 'assistant_name_taken', message: 'There is one.' });
    expect(error).not.toHaveProperty('cause');
    const broken = (await here.ask('store', 'broken', []).catch((thrown: unknown) => thrown)) as RapidaError;
    expect(broken.code).toBe('internal');
    expect(broken.message).not.toContain('secret');
    expect(failures).toEqual([
      [expect.objectContaining({ cause }), { part: 'store', method: 'taken' }],
      [expect.any(TypeError), { part: 'store', method: 'broken' }],
    ]);
  });

  it('serve what they have named and nothing else of it', async () => {
    there.serve('store', { read: () => 1 });
    expect(await codeOf(here.ask('store', 'constructor', []))).toBe('internal');
    expect(await codeOf(here.ask('store', 'toString', []))).toBe('internal');
    expect(await codeOf(here.ask('vault', 'read', []))).toBe('internal');
  });

  it('fail where something cannot be carried, and go on', async () => {
    there.serve('store', { give: (what: string) => (what === 'function' ? () => 1 : what) });
    expect(await codeOf(here.ask('store', 'give', [() => 1]))).toBe('store_failed');
    expect(await codeOf(here.ask('store', 'give', ['function']))).toBe('store_failed');
    expect(await here.ask('store', 'give', ['words'])).toBe('words');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a process that does not answer', () => {
  it('has failed as a store does when the deadline has come', async () => {
    there.serve('store', { read: () => new Promise(() => {}) });
    const usual = codeOf(here.ask('store', 'read', []));
    const patient = codeOf(here.ask('store', 'read', [], 60_000));
    const over: string[] = [];
    void usual.then(() => over.push('usual'));
    void patient.then(() => over.push('patient'));
    await clock.advance(ASK_MS_MAX - 1);
    expect(over).toEqual([]);
    await clock.advance(1);
    expect(await usual).toBe('store_failed');
    await clock.advance(60_000 - ASK_MS_MAX - 1);
    expect(over).toEqual(['usual']);
    await clock.advance(1);
    expect(await patient).toBe('store_failed');
  });

  it('may answer late: nobody hears it, and what is asked afterwards has its own answer', async () => {
    there.serve('store', { echo: (n: number) => n });
    wires.stall();
    const late = codeOf(here.ask('store', 'echo', [1]));
    await clock.advance(ASK_MS_MAX);
    expect(await late).toBe('store_failed');
    wires.resume();
    expect(await here.ask('store', 'echo', [2])).toBe(2);
  });

  it('is asked a limited number of things, those nobody waits for any more among them, until it has answered', async () => {
    there.serve('store', { echo: (n: number) => n });
    wires.stall();
    const asked = Array.from({ length: ASKED_MAX }, (_, n) => codeOf(here.ask('store', 'echo', [n])));
    expect(await codeOf(here.ask('store', 'echo', [0]))).toBe('store_failed');
    await clock.advance(ASK_MS_MAX);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['store_failed']));
    expect(await codeOf(here.ask('store', 'echo', [0]))).toBe('store_failed');
    expect(clock.pendingTimers).toBe(0);
    wires.resume();
    await clock.advance(0);
    expect(await here.ask('store', 'echo', [7])).toBe(7);
  });

  it('is given up when it does not even take what it is told', async () => {
    wires.stall();
    for (let n = 0; n < UNSENT_MAX; n++) here.tell('live', 'publish', [n]);
    expect(here.unsent).toBe(UNSENT_MAX);
    here.tell('live', 'publish', ['one more']);
    await here.closed;
    expect(await codeOf(here.ask('store', 'read', []))).toBe('store_failed');
  });
});

describe('a process that is gone', () => {
  it('fails at once what was asked of it, and everything that is asked later', async () => {
    there.serve('store', { read: () => new Promise(() => {}) });
    const asked = codeOf(here.ask('store', 'read', []));
    wires.cut();
    expect(await asked).toBe('store_failed');
    expect(await codeOf(here.ask('store', 'read', []))).toBe('store_failed');
    await here.closed;
    expect(clock.pendingTimers).toBe(0);
  });

  it('is told nothing, and whoever waits for that to be sent does not wait', async () => {
    wires.cut();
    const sent = new Promise<void>((resolve) => here.tell('live', 'publish', [1], resolve));
    await sent;
    expect(here.unsent).toBe(0);
  });
});
