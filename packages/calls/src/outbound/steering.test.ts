import { type CallRecord, type NodeCommands, RapidaError, silentLogger, silentTelemetry } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { createMemoryNodes } from '@rapida/stores';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LegSession, LiveCall, LiveCalls } from '../live-calls.js';
import { createStoreHealth } from '../store-health.js';
import type { LegHandOver } from './leg-hand-over.js';
import type { Legs } from './legs.js';
import { createSteering, type Steering, WATCH_DECIDED_MS_MAX } from './steering.js';

const CALL = '7';
const TARGET = 'sales,100,1';

let clock: VirtualClock;
/** What happened to the leg of the call, and to its session. */
let leg: unknown[];
let session: unknown[];
let state: CallRecord['state'];
/** What Asterisk makes of an order to hand over; set by the test. */
let handOver: (signal: AbortSignal) => Promise<LegHandOver>;
let atLeg: { readonly steering: Steering; readonly commands: NodeCommands };
let atMedia: typeof atLeg;
let told: LegSession | undefined;

/** Sending fails so many times. */
let lostWords: number;

beforeEach(() => {
  clock = new VirtualClock();
  [leg, session, state, told, lostWords] = [[], [], 'connected', undefined, 0];
  handOver = async () => ({ ok: true, by: 'continue', watch });
  const nodes = createMemoryNodes();
  atLeg = node(nodes.join(), { hasLeg: true });
  atMedia = node(nodes.join(), { hasLeg: false });
  atLeg.commands.hold(CALL);
  atMedia.commands.hold(CALL);
});

const watch = {
  listen: () => void leg.push('listens'),
  confirm: () => void leg.push('confirmed'),
  drop: () => void leg.push('dropped'),
  onAri() {},
};

/** As of a node with the leg of the call, or with its media. */
function node(commands: NodeCommands, { hasLeg }: { readonly hasLeg: boolean }): typeof atLeg {
  const legs = {
    has: () => hasLeg,
    journalOf: () => undefined,
    connected(_callId: string, given: LegSession) {
      if (hasLeg) [told] = [given, leg.push('connected')];
      return hasLeg;
    },
    sessionEnded: () => hasLeg && leg.push('ended') > 0,
    handOver: async (_callId: string, target: string, signal: AbortSignal) => {
      if (!hasLeg) return undefined;
      leg.push(target);
      return handOver(signal);
    },
  } as unknown as Legs;
  const note = (...what: unknown[]): boolean => !hasLeg && session.push(what) > 0;
  const live = {
    has: () => !hasLeg,
    press: (_: string, digit: string) => note('press', digit),
    callerGone: () => note('gone'),
    close: (_: string, reason: string) => note('close', reason),
  } as unknown as LiveCalls;
  const lossy: NodeCommands = {
    ...{ hold: (id) => commands.hold(id), handle: (handler) => commands.handle(handler) },
    async send(...given) {
      if (lostWords-- > 0) throw new RapidaError('store_failed');
      return commands.send(...given);
    },
  };
  const calls = { get: async () => ({ state }) as CallRecord };
  const health = createStoreHealth(clock, silentLogger, silentTelemetry);
  const steering = createSteering({ legs, live, calls, nodeCommands: lossy, health, clock, logger: silentLogger });
  commands.handle((id, command) => command.type === 'leg' && steering.hear(id, command.word, command.text));
  return { steering, commands };
}

const held = { callId: CALL } as LiveCall;
const connects = async (): Promise<void> => {
  atMedia.steering.connected(held);
  await settle();
};

describe('a call whose channel is steered at one node and whose media is at another', () => {
  it('has its leg told that media is there, and that it has ended', async () => {
    await connects();
    expect(leg).toEqual(['connected']);
    atMedia.steering.sessionEnded({ callId: CALL, projectId: '1' });
    await settle();
    expect(leg).toEqual(['connected', 'ended']);
  });

  it('is found out where its media has ended and nobody answers for its leg', async () => {
    const unheard: unknown[] = [];
    atMedia.steering.whenUnheard((call) => void unheard.push(call));
    await connects();
    lostWords = 4;
    atMedia.steering.sessionEnded({ callId: CALL, projectId: '1' });
    await clock.advance(4_250);
    expect(unheard).toEqual([{ state }]);
  });

  it('has its leg told again where that went wrong', async () => {
    lostWords = 2;
    await connects();
    expect(leg).toEqual([]);
    await clock.advance(1_250);
    expect(leg).toEqual(['connected']);
  });

  it('has its session told of keys and of the end of its telephone, in their order', async () => {
    await connects();
    for (const digit of '12#') told?.press(digit);
    told?.callerGone();
    await settle();
    expect(session).toEqual([['press', '1'], ['press', '2'], ['press', '#'], ['gone']]);
  });

  it('ends for its leg where whoever had the media does not answer any more', async () => {
    await connects();
    lostWords = 1;
    await told?.close('channel_gone');
    expect(session).toEqual([]);
    expect(leg).toEqual(['connected', 'ended']);
  });

  it('is found by the record where the leg was not told', async () => {
    expect(await atLeg.steering.sessionElsewhere({ id: CALL, projectId: '1' })).toBeDefined();
    state = 'answered';
    expect(await atLeg.steering.sessionElsewhere({ id: CALL, projectId: '1' })).toBeUndefined();
  });
});

describe('a transfer of such a call', () => {
  const order = (signal = new AbortController().signal) => atMedia.steering.handOver(CALL, TARGET, signal);

  it('is carried out where the channel is steered, and what comes of it is watched there', async () => {
    await connects();
    const result = await order();
    expect(result).toMatchObject({ ok: true, by: 'continue' });
    if (result?.ok) result.watch.listen();
    if (result?.ok) result.watch.confirm();
    await settle();
    expect(leg).toEqual(['connected', TARGET, 'listens', 'confirmed']);
    await clock.advance(WATCH_DECIDED_MS_MAX);
  });

  it('says why it was not', async () => {
    await connects();
    handOver = async () => ({ ok: false, reason: 'transfer_target_unknown' });
    expect(await order()).toEqual({ ok: false, reason: 'transfer_target_unknown' });
    lostWords = 1;
    expect(await order()).toEqual({ ok: false, reason: 'asterisk_unreachable' });
  });

  it('is taken back where nobody waits for it any more', async () => {
    await connects();
    let isAborted = false;
    handOver = (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
          resolve({ ok: false, reason: 'call_ended' });
        });
      });
    const patience = new AbortController();
    const result = order(patience.signal);
    await settle();
    patience.abort();
    expect(await result).toEqual({ ok: false, reason: 'call_ended' });
    await settle();
    expect(isAborted).toBe(true);
  });

  it('is nobody else’s business where no leg steers the call', async () => {
    atMedia.commands.handle(() => false);
    atLeg.commands.handle(() => false);
    await connects();
    expect(await order()).toBeUndefined();
  });
});
