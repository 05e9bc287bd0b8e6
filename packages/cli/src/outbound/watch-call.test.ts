import { type Call, type CallEvent, type CallState, RapidaApiError, type TranscriptTurn } from '@rapida/client';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { type News, type WatchedCalls, watchCall } from './watch-call.js';

/** The call as it is at one look. */
interface Look {
  readonly state: CallState;
  readonly events?: readonly CallEvent[];
  readonly turns?: readonly TranscriptTurn[];
  /** Its transcript is not answered. */
  readonly away?: true;
}

const METRICS = [{ name: 'duration', value: 12 }];
const CONNECTED_AT = '2030-01-01T00:00:00.000Z';

const eventAt = (second: number, type: string): CallEvent => ({
  seq: second,
  type,
  at: `2030-01-01T00:00:0${second}.000Z`,
  data: {},
});
const turnUntil = (endMs: number, text: string): TranscriptTurn => ({
  ...{ role: 'user', text, startMs: 0, endMs, interrupted: false, metrics: {} },
});

function watching(looks: readonly Look[]) {
  const clock = new VirtualClock();
  const away = new AbortController();
  const told: string[] = [];
  let at = -1;
  const seen = () => looks[at] as Look;
  const calls: WatchedCalls = {
    async get() {
      at = Math.min(at + 1, looks.length - 1);
      return { id: '1', state: seen().state, connectedAt: CONNECTED_AT } as Call;
    },
    events: async () => seen().events ?? [],
    metrics: async () => METRICS,
    async transcript() {
      if (seen().away) throw new RapidaApiError({ status: 0, code: 'unreachable', text: 'no answer' });
      return seen().turns ?? [];
    },
  };
  const ended = watchCall(calls, '1', { clock, signal: away.signal }, (news) => void told.push(wordOf(news)));
  return { clock, away, told, ended };
}

function wordOf(news: News): string {
  if ('call' in news) return `call ${news.call.state}`;
  if ('event' in news) return news.event.type;
  if ('turn' in news) return `"${news.turn.text}"`;
  return news.metrics.map(({ name }) => name).join();
}

const [RINGING, CONNECTED, ENDED] = [eventAt(0, 'ringing'), eventAt(1, 'connected'), eventAt(9, 'ended')];
const [HELLO, BYE] = [turnUntil(2_000, 'hello'), turnUntil(8_000, 'bye')];

it('tells events and turns once each, when they are first seen', async () => {
  const { clock, told, ended } = watching([
    { state: 'ringing', events: [RINGING] },
    { state: 'connected', events: [RINGING, CONNECTED] },
    { state: 'connected', events: [RINGING, CONNECTED], turns: [HELLO] },
    { state: 'completed', events: [RINGING, CONNECTED, ENDED], turns: [HELLO, BYE] },
  ]);
  const toldUntil = async (ms: number) => {
    await clock.advance(ms);
    return told.splice(0);
  };
  expect(await toldUntil(499)).toEqual(['call ringing', 'ringing']);
  expect(await toldUntil(500)).toEqual(['connected']);
  expect(await toldUntil(500)).toEqual(['"hello"']);
  expect(await toldUntil(5_000)).toEqual(['"bye"', 'ended', 'call completed', 'duration']);
  expect(await ended).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});

it('looks once more after the end, because the last event is written after the state', async () => {
  const { clock, told, ended } = watching([
    { state: 'connected' },
    { state: 'completed' },
    { state: 'completed', events: [ENDED] },
  ]);
  await clock.advance(1_000);
  expect(await ended).toBe(true);
  expect(told).toEqual(['call connected', 'ended', 'call completed', 'duration']);
});

it('tells a call that was over before at one look', async () => {
  const { clock, told, ended } = watching([{ state: 'busy', events: [ENDED] }]);
  expect(await ended).toBe(true);
  expect(told).toEqual(['call busy', 'ended', 'call busy', 'duration']);
  expect(clock.pendingTimers).toBe(0);
});

it('tells what one look brought in the order in which it happened', async () => {
  const { told, ended } = watching([{ state: 'completed', events: [RINGING, CONNECTED, ENDED], turns: [HELLO, BYE] }]);
  await ended;
  expect(told.slice(1, -2)).toEqual(['ringing', 'connected', '"hello"', '"bye"', 'ended']);
});

it('waits for a server that restarts, and tells nothing twice', async () => {
  const { clock, told, ended } = watching([
    { state: 'connected', events: [RINGING] },
    { state: 'connected', events: [RINGING, CONNECTED], away: true },
    { state: 'connected', events: [RINGING, CONNECTED] },
    { state: 'completed', events: [RINGING, CONNECTED, ENDED] },
  ]);
  await clock.advance(5_000);
  expect(await ended).toBe(true);
  expect(told.slice(1, -2)).toEqual(['ringing', 'connected', 'ended']);
});

it('leaves the call alone where the signal comes', async () => {
  const { clock, away, told, ended } = watching([{ state: 'connected' }]);
  await clock.advance(700);
  away.abort();
  expect(await ended).toBe(false);
  expect(told).toEqual(['call connected']);
  expect(clock.pendingTimers).toBe(0);
});
