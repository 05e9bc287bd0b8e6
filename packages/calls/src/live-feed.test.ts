import { type CallEvent, type CallStore, type LiveEvent, RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { STREAMS_MAX, STREAMS_PER_KEY_MAX } from './live-feed.js';
import { ASSISTANT, claimed, connected, type Harness, INBOUND, openHarness, PROJECT } from './testing/harness.js';
import type { FollowOver, FollowRequest, LiveStream } from './use-cases.js';

const KEY = { projectId: PROJECT, keyId: '5' };

/** Reads until the stream ends, behind the test's back. */
class Reader {
  readonly got: LiveEvent[] = [];
  over: FollowOver | undefined;
  readonly #stream: LiveStream;

  constructor(stream: LiveStream) {
    this.#stream = stream;
    void this.#read();
  }

  get types(): string[] {
    return this.got.map(({ type }) => type);
  }

  /** Of the stored events. */
  get numbers(): number[] {
    return this.got.flatMap(({ seq }) => (seq === null ? [] : [seq]));
  }

  close(): void {
    this.#stream.close();
  }

  async #read(): Promise<void> {
    for (;;) {
      const next = await this.#stream.next();
      if (typeof next === 'string') {
        this.over = next;
        return;
      }
      this.got.push(next);
    }
  }
}

async function follow({ useCases }: Harness, request: Partial<FollowRequest> = {}): Promise<Reader> {
  return new Reader(await useCases.live.follow({ ...KEY, ...request }));
}

describe('what happens in calls, as it happens', () => {
  it('tells a whole call: what is stored, what is said, and its states', async () => {
    const harness = await openHarness();
    const reader = await follow(harness);
    const call = await connected(harness);
    const { onLive } = call.conversation.options;
    onLive?.({ type: 'caller_partial', text: 'when are' });
    onLive?.({ type: 'caller_said', text: 'when are you open', rejected: false });
    onLive?.({ type: 'assistant_saying', text: 'At nine.' });
    onLive?.({ type: 'assistant_paused' });
    onLive?.({ type: 'assistant_resumed' });
    onLive?.({ type: 'assistant_interrupted' });
    call.conversation.turn({ text: 'when are you open', metrics: { stt_latency_ms: 80 } });
    call.transport.callerHangsUp();
    await call.ended;
    await settle();
    expect(reader.got.map(({ type, seq, data }) => [type, seq, data])).toEqual([
      ['call.state', null, { state: 'registered' }],
      ['webhook', 1, { from: INBOUND.from, to: INBOUND.to, assistantVersion: 1 }],
      ['call.state', null, { state: 'connected' }],
      ['call.connected', 2, expect.anything()],
      ['caller.partial', null, { text: 'when are' }],
      ['caller.said', null, { text: 'when are you open', rejected: false }],
      ['assistant.saying', null, { text: 'At nine.' }],
      ['assistant.paused', null, {}],
      ['assistant.resumed', null, {}],
      ['assistant.interrupted', null, {}],
      ['turn', null, expect.objectContaining({ text: 'when are you open', metrics: { stt_latency_ms: 80 } })],
      ['call.state', null, { state: 'completed' }],
      ['call.ended', 3, expect.anything()],
    ]);
    const whose = { projectId: PROJECT, assistantId: ASSISTANT, callId: call.context.callId };
    for (const event of reader.got) expect(event).toMatchObject({ ...whose, atMs: expect.any(Number) });
    expect(reader.over).toBeUndefined();
    reader.close();
    await settle();
    expect(reader.over).toBe('closed');
  });

  it('tells of a turn that was interrupted what nobody heard, and the record has the same', async () => {
    const harness = await openHarness();
    const reader = await follow(harness);
    const call = await connected(harness);
    const cut = { role: 'assistant', text: 'We are', interrupted: true, unheard: 'open from nine to five.' } as const;
    call.conversation.turn(cut);
    call.transport.callerHangsUp();
    await call.ended;
    await settle();
    expect(reader.got.find(({ type }) => type === 'turn')?.data).toMatchObject(cut);
    expect(await harness.useCases.calls.transcript(PROJECT, call.context.callId)).toMatchObject([cut]);
    reader.close();
  });

  it('begins with the stored events of a call, goes on with what happens, and ends with its last event', async () => {
    const harness = await openHarness();
    const call = await connected(harness);
    const other = await claimed(harness);
    const { callId } = call.context;
    const reader = await follow(harness, { callId });
    await harness.useCases.media.report(other.contextId, 'survey', {});
    await harness.useCases.media.report(call.context.contextId, 'call.ended', { spoofed: true });
    call.conversation.options.onLive?.({ type: 'assistant_saying', text: 'Hello' });
    call.transport.callerHangsUp();
    await call.ended;
    await settle();
    expect(reader.types).toEqual([
      ...['webhook', 'call.connected', 'reported.call.ended', 'assistant.saying', 'call.state', 'call.ended'],
    ]);
    expect(reader.numbers).toEqual([1, 2, 3, 4]);
    expect(reader.over).toBe('call_ended');
  });

  it('gives the stored events of a call that has ended, what came late too, and ends', async () => {
    const harness = await openHarness();
    const call = await connected(harness);
    call.transport.callerHangsUp();
    await call.ended;
    await harness.useCases.media.report(call.context.contextId, 'survey', { stars: 5 });
    const { callId } = call.context;
    const reader = await follow(harness, { callId });
    await settle();
    expect(reader.types).toEqual(['webhook', 'call.connected', 'call.ended', 'survey']);
    expect(reader.over).toBe('call_ended');
    const later = await follow(harness, { callId, afterSeq: 2 });
    await settle();
    expect(later.types).toEqual(['call.ended', 'survey']);
    const spent = await harness.useCases.live.follow({ ...KEY, callId, afterSeq: 4 });
    expect(spent.isSpent).toBe(true);
    expect(await spent.next()).toBe('call_ended');
  });

  it('gives each stored event once and in order, whenever it is stored while the stream is begun', async () => {
    for (const moment of ['before', 'asked', 'read', 'after'] as const) {
      let append = async (): Promise<void> => {};
      const asked = new Set<string>();
      const wrapCalls = (calls: CallStore): CallStore => ({
        ...calls,
        async events(id) {
          if (moment === 'asked' && !asked.has(id)) await append();
          const events = await calls.events(id);
          if (moment === 'read' && !asked.has(id)) await append();
          asked.add(id);
          return events;
        },
      });
      const harness = await openHarness({ wrapCalls });
      const { callId } = await claimed(harness);
      append = async () => {
        for (const type of ['a', 'b']) await harness.stores.calls.appendEvent(callId, { type, atMs: 0, data: {} });
      };
      if (moment === 'before') await append();
      const reader = await follow(harness, { callId });
      if (moment === 'after') await append();
      await harness.stores.calls.appendEvent(callId, { type: 'last', atMs: 0, data: {} });
      await settle();
      expect(reader.types, moment).toEqual(['webhook', 'a', 'b', 'last']);
      expect(reader.numbers, moment).toEqual([1, 2, 3, 4]);
    }
  });

  it('reads the record again where the carrier has lost or reordered events', async () => {
    const harness = await openHarness();
    const { callId } = await claimed(harness);
    const events: CallEvent[] = [
      { seq: 1, type: 'webhook', atMs: 0, data: {} },
      { seq: 2, type: 'a', atMs: 0, data: {} },
      { seq: 3, type: 'b', atMs: 0, data: {} },
    ];
    const reader = await follow(harness, { callId });
    harness.stores.calls.events = async () => events;
    const publish = (event: CallEvent | undefined): void =>
      harness.liveFeed.publish({ ...KEY, assistantId: ASSISTANT, callId, ...(event as CallEvent) });
    for (const event of [events[2], events[1], events[2], events[0]]) publish(event);
    await settle();
    expect(reader.types).toEqual(['webhook', 'a', 'b']);
    harness.stores.calls.events = () => Promise.reject(new RapidaError('store_failed'));
    publish({ seq: 5, type: 'd', atMs: 0, data: {} });
    await settle();
    expect(reader.over).toBe('lost');
    expect(harness.telemetry.counts.get('rapida_live_cut_total{lost}')).toBe(1);
  });

  it('tells nothing of other projects, nor of calls of other assistants than the one that was named', async () => {
    const harness = await openHarness();
    const other = await follow(harness, { projectId: '2' });
    const assistant = await follow(harness, { assistantId: '43' });
    const mine = await follow(harness, { assistantId: ASSISTANT });
    const { callId } = await claimed(harness);
    await settle();
    expect(other.got).toEqual([]);
    expect(assistant.got).toEqual([]);
    expect(mine.types).toEqual(['call.state', 'webhook']);
    const notFound = expect.objectContaining({ code: 'call_not_found' });
    const refused = [
      { ...KEY, projectId: '2', callId },
      { ...KEY, assistantId: '43', callId },
      { ...KEY, callId: '1' },
    ];
    for (const request of refused) await expect(harness.useCases.live.follow(request)).rejects.toEqual(notFound);
    expect(harness.telemetry.counts.get('rapida_live_refused_total{call_not_found}')).toBe(3);
  });

  it('has room for so many streams, of one key and in all, and takes a place back once', async () => {
    const harness = await openHarness();
    const open = (keyId: string) => harness.useCases.live.follow({ projectId: PROJECT, keyId });
    const tooMany = expect.objectContaining({ code: 'too_many_streams' });
    const ofOne = await Promise.all(Array.from({ length: STREAMS_PER_KEY_MAX }, () => open('5')));
    await expect(open('5')).rejects.toEqual(tooMany);
    ofOne[0]?.close();
    ofOne[0]?.close();
    await open('5');
    await expect(open('5')).rejects.toEqual(tooMany);
    for (let key = 6; key < 6 + STREAMS_MAX / STREAMS_PER_KEY_MAX - 1; key++) {
      for (let n = 0; n < STREAMS_PER_KEY_MAX; n++) await open(String(key));
    }
    await expect(open('1000')).rejects.toEqual(tooMany);
    // A call that is not there keeps no place.
    ofOne[1]?.close();
    await expect(harness.useCases.live.follow({ ...KEY, callId: '1' })).rejects.toMatchObject({
      code: 'call_not_found',
    });
    await open('1000');
    await expect(open('1001')).rejects.toEqual(tooMany);
  });
});

describe('the stream of a call that is analysed after its end', () => {
  const ANALYSED = { type: 'call.analysed', atMs: 9, data: { error: 'provider_timeout' } };
  const failed = { state: 'failed', error: 'provider_timeout' } as const;

  async function ended(): Promise<{ harness: Harness; callId: string }> {
    const harness = await openHarness();
    const { callId } = await claimed(harness);
    const patch = { analysis: { state: 'pending', attempts: 0 } } as const;
    const end = { type: 'call.ended', atMs: 8, data: { analysis: 'pending' } };
    await harness.stores.calls.transition(callId, ['registered'], 'completed', patch, end);
    return { harness, callId };
  }

  it('goes on until that was told, also where it is opened after the end', async () => {
    const { harness, callId } = await ended();
    const reader = await follow(harness, { callId });
    await settle();
    expect([reader.types, reader.over]).toEqual([['webhook', 'call.ended'], undefined]);
    await harness.stores.calls.analysed(callId, failed, ANALYSED);
    await settle();
    expect([reader.types, reader.over]).toEqual([['webhook', 'call.ended', 'call.analysed'], 'call_ended']);
  });

  it('has nothing more to tell where that is on record', async () => {
    const { harness, callId } = await ended();
    await harness.stores.calls.analysed(callId, failed, ANALYSED);
    const stream = await harness.useCases.live.follow({ ...KEY, callId, afterSeq: 3 });
    expect(stream.isSpent).toBe(true);
    stream.close();
  });
});
