import {
  type CallEvent,
  type CallRecord,
  type CallState,
  type CallStore,
  FINAL_STATES,
  silentLogger,
} from '@rapida/core';
import { settle } from '@rapida/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpoolReplay } from './call-spool.js';
import { createJournal } from './journal.js';
import { recordUnconnected } from './record-ending.js';
import { recover } from './recover.js';
import { createStoreHealth } from './store-health.js';
import { FakeTransport } from './testing/fake-transport.js';
import { ASSISTANT, CONTEXT_TTL_MS, type Harness, INBOUND, openHarness, PROJECT } from './testing/harness.js';

/** Everybody who writes to one call, each doing what it does in life, over the real store. */
const ACTS = {
  // The status callback.
  reportsCreated: (call) => call.report('ChannelCreated'),
  reportsRinging: (call) => call.report('ChannelStateChange', { channel: { state: 'Ringing' } }),
  reportsUp: (call) => call.report('ChannelStateChange', { channel: { state: 'Up' } }),
  reportsAnswer: (call) => call.report('Dial', { dialstatus: 'ANSWER' }),
  reportsStasis: (call) => call.report('StasisStart'),
  reportsBusy: (call) => call.report('Dial', { dialstatus: 'BUSY' }),
  reportsGone: (call) => call.report('ChannelDestroyed', { cause: 16 }),
  reportsNoAnswer: (call) => call.report('ChannelDestroyed', { cause: '19' }),
  reportsOurName: (call) => call.report('call.ended'),
  // The media.
  mediaComes: (call) => call.attach(),
  callerHangsUp: (call) => call.transports.at(-1)?.callerHangsUp(),
  mediaBreaks: (call) => call.transports.at(-1)?.fails('socket_error'),
  saysGoodbye: (call) => call.goodbye(),
  // The leg over ARI.
  legRings: (call) => void call.journal().transition('ring', {}, { type: 'call.ringing', data: {} }),
  legIsAnswered: (call) => void call.journal().transition('answer', {}, { type: 'call.answered', data: {} }),
  legEnds: (call) => call.legEnds(),
  // Everybody else.
  hangsUpOverRest: (call) => call.harness.useCases.calls.hangup(PROJECT, call.record.id).catch(() => {}),
  expires: (call) => call.harness.clock.advance(CONTEXT_TTL_MS + 10_000),
  isRecovered: (call) => call.recover(),
} as const satisfies Readonly<Record<string, (call: CallUnderTest) => unknown>>;
type Act = keyof typeof ACTS;

class CallUnderTest {
  readonly harness: Harness;
  readonly record: CallRecord;
  readonly transports: FakeTransport[] = [];

  constructor(harness: Harness, record: CallRecord) {
    this.harness = harness;
    this.record = record;
  }

  report(type: string, fields: Parameters<Harness['useCases']['media']['report']>[2] = {}): Promise<void> {
    return this.harness.useCases.media.report(this.record.contextId, type, fields);
  }

  async attach(): Promise<void> {
    const claim = await this.harness.useCases.media.claim(this.record.contextId, 'audiosocket', '192.0.2.1');
    if (!claim.ok) return;
    const transport = new FakeTransport();
    this.transports.push(transport);
    void this.harness.useCases.media.attach(claim.context, transport);
  }

  goodbye(): void {
    const end = { by: 'assistant', reason: 'end_call', failed: false } as const;
    if (this.transports.length > 0) this.harness.conversations.at(-1)?.end(end);
  }

  journal() {
    const health = createStoreHealth(this.harness.clock, silentLogger, this.harness.telemetry);
    const { stores, clock, telemetry, scope, writeSpool } = this.harness;
    const dependencies = { calls: stores.calls, health, clock, logger: silentLogger, telemetry };
    const { spool } = createSpoolReplay({ ...dependencies, writeSpool, scope });
    return createJournal(this.record.id, { ...dependencies, spool });
  }

  legEnds(): Promise<boolean> {
    return recordUnconnected(this.journal(), this.harness, { ending: 'busy', disconnectedBy: 'user', reason: 'busy' });
  }

  async recover(): Promise<void> {
    const { stores, clock, telemetry, scope, writeSpool } = this.harness;
    const health = createStoreHealth(clock, silentLogger, telemetry);
    const dependencies = { ...stores, health, clock, logger: silentLogger, telemetry };
    const { spool } = createSpoolReplay({ ...dependencies, writeSpool, scope });
    await recover({
      ...{ ...dependencies, spool, scope, nodeId: 'node-a' },
      resumesMax: 3,
      analyses: { takeOver: async () => {} },
    });
  }
}

/** Writes of metrics: `call name`. */
let metricWrites: string[];
let harness: Harness;
beforeEach(async () => {
  metricWrites = [];
  const wrapCalls = (calls: CallStore): CallStore => ({
    ...calls,
    async transition(id, from, state, patch, event) {
      const moved = await calls.transition(id, from, state, patch, event);
      if (moved) metricWrites.push(...(event?.metrics ?? []).map(({ name }) => `${id} ${name}`));
      return moved;
    },
    setMetric: () => Promise.reject(new Error('nobody sets a metric by itself')),
  });
  harness = await openHarness({ wrapCalls });
});
afterEach(() => harness.scope.close('over'));

let made = 0;

/** Inbound as the webhook makes it, or outbound as it is after Asterisk was asked. */
async function aCall(direction: CallRecord['direction']): Promise<CallUnderTest> {
  const { useCases, stores } = harness;
  const { callId, contextId } = await useCases.registerInbound(INBOUND);
  const inbound = (await stores.calls.get(PROJECT, callId)) as CallRecord;
  if (direction === 'inbound') return new CallUnderTest(harness, inbound);
  await useCases.media.report(contextId, 'ChannelDestroyed', { cause: 16 });
  const id = `${BigInt(callId) + 1_000_000_000n + BigInt(++made)}`;
  const own = { id, contextId: contextId.replace(/^.{8}/, 'ffffabcd'), direction, state: 'dialing' } as const;
  const outbound: CallRecord = { ...inbound, ...own };
  await stores.calls.create(outbound);
  const context = { contextId: outbound.contextId, callId: id, projectId: PROJECT, assistantId: ASSISTANT };
  await stores.contexts.put(context, CONTEXT_TTL_MS);
  return new CallUnderTest(harness, outbound);
}

const STATUS: Readonly<Partial<Record<CallState, string>>> = { completed: 'completed', no_answer: 'no_answer' };
const ONCE = ['webhook', 'call.ringing', 'call.answered', 'call.connected'];

/** Does all this to a new call, and then lets everything come to its end. */
async function holdsFor(direction: CallRecord['direction'], acts: readonly Act[], gaps: readonly boolean[] = []) {
  const call = await aCall(direction);
  const { id } = call.record;
  const states: CallState[] = [call.record.state];
  const subscription = await harness.liveFeed.subscribe({ projectId: PROJECT, callId: id });
  for (const [n, act] of acts.entries()) {
    const done: Promise<unknown> = Promise.resolve(ACTS[act](call));
    // Some wait for one another, others happen at the same moment.
    if (gaps[n] !== false) await done.then(settle);
  }
  await settle();
  for (const transport of call.transports) transport.callerHangsUp();
  await harness.clock.advance(CONTEXT_TTL_MS + 20_000);
  await call.recover();

  const told = acts.join(', ');
  const record = (await harness.stores.calls.get(PROJECT, id)) as CallRecord;
  const events = await harness.stores.calls.events(id);
  expectOneEnd(record, events, told);
  await expectMetrics(record, told);
  for (;;) {
    const waiting = subscription.next();
    const next = await Promise.race([waiting, settle().then(() => undefined)]);
    if (next === undefined || typeof next === 'string') break;
    if (next.type === 'call.state') states.push(next.data.state as CallState);
  }
  subscription.close();
  expect(
    states.filter((state) => FINAL_STATES.includes(state)),
    told,
  ).toEqual([record.state]);
  expect(states.at(-1), told).toBe(record.state);
  expect(new Set(states).size, told).toBe(states.length);
}

function expectOneEnd(record: CallRecord, events: readonly CallEvent[], told: string): void {
  expect(FINAL_STATES, told).toContain(record.state);
  expect(
    events.map(({ seq }) => seq),
    told,
  ).toEqual(events.map((_, n) => n + 1));
  const types = events.map(({ type }) => type);
  const end = record.state === 'completed' ? 'call.ended' : 'call.failed';
  expect(
    types.filter((type) => type === 'call.ended' || type === 'call.failed'),
    told,
  ).toEqual([end]);
  for (const type of ONCE) {
    const all = events.filter((event) => event.type === type);
    expect(all.length, `${type}: ${told}`).toBeLessThanOrEqual(1);
  }
  expect(types.includes('call.connected'), told).toBe(record.connectedAtMs !== null);
  const ended = events.find(({ type }) => type === end);
  expect(ended?.data, told).toMatchObject({ reason: record.reason, disconnectedBy: record.disconnectedBy });
  for (const type of ONCE) {
    const at = events.find((event) => event.type === type)?.seq ?? 0;
    expect(at, `${type} before the end: ${told}`).toBeLessThan(ended?.seq ?? 0);
  }
}

async function expectMetrics({ id, state, disconnectedBy, connectedAtMs }: CallRecord, told: string): Promise<void> {
  const metrics = Object.fromEntries((await harness.stores.calls.metrics(id)).map(({ name, value }) => [name, value]));
  expect(metrics, told).toEqual({
    'call.status': STATUS[state] ?? 'failed',
    'call.disconnected_by': disconnectedBy,
    ...(connectedAtMs !== null && {
      'call.duration': expect.any(Number),
      'call.talk_duration': expect.any(Number),
    }),
  });
  const written = metricWrites.filter((write) => write.startsWith(`${id} `));
  expect(new Set(written).size, told).toBe(written.length);
}

/** All orders of these, each once. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, n) => permutations(items.toSpliced(n, 1)).map((rest) => [item, ...rest]));
}

/** All orders, and all orders in which one of them comes twice. */
function allOrders(acts: readonly Act[]): Act[][] {
  const orders = [acts, ...acts.map((twice) => [...acts, twice])].flatMap((some) => permutations(some));
  return [...new Map(orders.map((order) => [order.join(), order])).values()];
}

describe('everything that writes to one call, in every order and any number of times', () => {
  it.each<[CallRecord['direction'], readonly Act[]]>([
    ['inbound', ['mediaComes', 'callerHangsUp', 'reportsGone', 'hangsUpOverRest']],
    ['inbound', ['mediaComes', 'expires', 'reportsStasis', 'reportsGone']],
    ['inbound', ['mediaComes', 'saysGoodbye', 'isRecovered', 'reportsOurName']],
    ['inbound', ['mediaComes', 'mediaBreaks', 'expires', 'isRecovered']],
    ['outbound', ['reportsRinging', 'reportsUp', 'mediaComes', 'callerHangsUp']],
    ['outbound', ['reportsBusy', 'reportsNoAnswer', 'reportsAnswer', 'mediaComes']],
    ['outbound', ['legRings', 'legIsAnswered', 'mediaComes', 'legEnds']],
    ['outbound', ['legRings', 'legEnds', 'isRecovered', 'hangsUpOverRest']],
    ['outbound', ['reportsCreated', 'reportsStasis', 'reportsGone', 'mediaComes']],
    ['outbound', ['mediaComes', 'mediaBreaks', 'reportsGone', 'legEnds']],
    ['inbound', ['mediaComes', 'callerHangsUp', 'hangsUpOverRest', 'saysGoodbye']],
  ])('leaves an %s call with one end: %o', { timeout: 120_000 }, async (direction, acts) => {
    for (const order of allOrders(acts)) await holdsFor(direction, order);
  });

  it('leaves it with one end whatever comes, also at the same moment', { timeout: 120_000 }, async () => {
    const acts = fc.array(fc.constantFrom(...(Object.keys(ACTS) as Act[])), { minLength: 1, maxLength: 14 });
    const gaps = fc.array(fc.boolean(), { minLength: 14, maxLength: 14 });
    const direction = fc.constantFrom('inbound', 'outbound');
    await fc.assert(fc.asyncProperty(direction, acts, gaps, holdsFor), { numRuns: 300 });
  });
});
