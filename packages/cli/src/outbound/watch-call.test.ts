import type { Call, CallState, LiveEvent, TranscriptTurn } from '@rapida/client';
import { expect, it } from 'vitest';
import { type News, type WatchedCalls, watchCall } from './watch-call.js';

const METRICS = [{ name: 'duration', value: 12 }];

const stored = (seq: number, type: string): LiveEvent => ({
  ...{ id: String(seq), callId: '1', assistantId: '2', seq, type, at: `T${seq}`, data: {} },
});
const only = (type: string, data: object): LiveEvent => ({
  ...{ id: 'x', callId: '1', assistantId: '2', seq: null, type, at: 'T', data: { ...data } },
});
const turnUntil = (endMs: number, text: string): TranscriptTurn => ({
  ...{ role: 'user', text, startMs: 0, endMs, interrupted: false, metrics: {} },
});
const [HELLO, BYE] = [turnUntil(2_000, 'hello'), turnUntil(8_000, 'bye')];

interface Watched {
  readonly states: CallState[];
  readonly stream: readonly (LiveEvent | 'leave')[];
  /** As it is at each time that it is asked for. */
  readonly transcripts: readonly (readonly TranscriptTurn[])[];
}

async function watched({ states, stream, transcripts }: Watched) {
  const away = new AbortController();
  const told: string[] = [];
  let asked = 0;
  const calls: WatchedCalls = {
    get: async () => ({ id: '1', state: states.length > 1 ? states.shift() : states[0] }) as Call,
    metrics: async () => METRICS,
    transcript: async () => transcripts[Math.min(asked++, transcripts.length - 1)] ?? [],
    async *stream(_filter, { signal } = {}) {
      for (const event of stream) {
        if (event === 'leave') {
          away.abort();
          signal?.throwIfAborted();
        } else yield event;
      }
    },
  };
  const ended = await watchCall(calls, '1', away.signal, (news) => void told.push(wordOf(news)));
  return { told, ended };
}

function wordOf(news: News): string {
  if ('call' in news) return `call ${news.call.state}`;
  if ('event' in news) return news.event.type;
  if ('turn' in news) return `"${news.turn.text}"`;
  if ('live' in news) return `${news.live.type} ${Object.values(news.live.data).join()}`;
  return news.metrics.map(({ name }) => name).join();
}

it('tells events, words and turns as they come, and at the end the call and its metrics', async () => {
  const { told, ended } = await watched({
    states: ['ringing', 'completed'],
    stream: [
      stored(1, 'call.ringing'),
      stored(2, 'call.connected'),
      only('caller.partial', { text: 'hel' }),
      only('turn', HELLO),
      stored(3, 'call.ended'),
    ],
    transcripts: [[], [HELLO]],
  });
  expect(told).toEqual([
    'call ringing',
    ...['call.ringing', 'call.connected', 'caller.partial hel', '"hello"', 'call.ended'],
    'call completed',
    'duration',
  ]);
  expect(ended).toBe(true);
});

it('tells what was said before it came, and each turn once, by whichever way it comes', async () => {
  const { told } = await watched({
    states: ['connected', 'completed'],
    stream: [stored(1, 'call.connected'), only('turn', BYE), stored(2, 'call.ended')],
    transcripts: [[HELLO], [HELLO, BYE]],
  });
  expect(told.filter((word) => word.startsWith('"'))).toEqual(['"hello"', '"bye"']);
});

it('tells a turn that the stream missed while the server was away', async () => {
  const { told } = await watched({
    states: ['connected', 'completed'],
    stream: [stored(1, 'call.connected'), stored(2, 'call.ended')],
    transcripts: [[], [HELLO]],
  });
  expect(told).toEqual(['call connected', 'call.connected', 'call.ended', '"hello"', 'call completed', 'duration']);
});

it('tells a call that was over before', async () => {
  const { told, ended } = await watched({ states: ['busy'], stream: [stored(1, 'call.ended')], transcripts: [[]] });
  expect(told).toEqual(['call busy', 'call.ended', 'call busy', 'duration']);
  expect(ended).toBe(true);
});

it('leaves the call alone where the signal comes', async () => {
  const { told, ended } = await watched({
    states: ['connected'],
    stream: [stored(1, 'call.connected'), 'leave'],
    transcripts: [[]],
  });
  expect(ended).toBe(false);
  expect(told).toEqual(['call connected', 'call.connected']);
});
