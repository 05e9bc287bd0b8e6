import { RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { connected, type Harness, INBOUND, openHarness, PROJECT } from '../testing/harness.js';
import type { SoundStream } from '../use-cases.js';
import { ASK_EVERY_MS, createListening } from './listening.js';
import { WANTED_MS } from './sound-teller.js';

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => RapidaError.from(error).code,
  );

async function heldCall() {
  const harness = await openHarness();
  const { context, transport, playout, ended } = await connected(harness);
  /** Both speak for so long. */
  const speak = (ms: number): void => {
    for (let at = 0; at < ms; at += 20) {
      transport.push(1);
      playout.tap?.(new Int16Array(320).fill(2), at);
    }
  };
  return { ...harness, callId: context.callId, transport, ended, speak };
}

const listen = ({ useCases }: Harness, callId: string) => useCases.listening.listen(PROJECT, callId);

/** The next so many pieces, as [left, right] of their first sample. */
async function heard(stream: SoundStream, count: number): Promise<unknown[]> {
  const pieces: unknown[] = [];
  while (pieces.length < count) {
    const next = await stream.next();
    pieces.push(typeof next === 'string' ? next : [next[0], next[2], next.length]);
  }
  return pieces;
}

describe('listening to a call', () => {
  it('gives what both sides say from then on, and says when the call is over', async () => {
    const call = await heldCall();
    call.speak(100);
    const sound = await listen(call, call.callId);
    call.speak(200);
    expect(await heard(sound, 2)).toEqual([
      [1, 2, 6_400],
      [1, 2, 6_400],
    ]);
    call.transport.callerHangsUp();
    await call.ended;
    expect(await heard(sound, 2)).toEqual(['call_ended', 'call_ended']);
  });

  it('is for any number of people at once, and costs the call nothing when the last one has left', async () => {
    const call = await heldCall();
    const [one, other] = [await listen(call, call.callId), await listen(call, call.callId)];
    call.speak(100);
    expect([await heard(one, 1), await heard(other, 1)]).toEqual([[[1, 2, 6_400]], [[1, 2, 6_400]]]);
    one.close();
    other.close();
    await call.clock.advance(WANTED_MS);
    const published: unknown[] = [];
    const spy = await call.liveFeed.subscribe({ projectId: `sound-${PROJECT}` });
    void spy.next().then((next) => published.push(next));
    call.speak(200);
    await settle();
    expect(published).toEqual([]);
    spy.close();
  });

  it('goes on for as long as somebody wants it', async () => {
    const call = await heldCall();
    const sound = await listen(call, call.callId);
    await call.clock.advance(3 * WANTED_MS);
    call.speak(100);
    expect(await heard(sound, 1)).toEqual([[1, 2, 6_400]]);
    sound.close();
    expect(await sound.next()).toBe('closed');
  });

  it('is no event for those who follow the events of the project', async () => {
    const call = await heldCall();
    const events = await call.liveFeed.subscribe({ projectId: PROJECT });
    const sound = await listen(call, call.callId);
    call.speak(2_000);
    expect(await heard(sound, 20)).toHaveLength(20);
    call.liveFeed.publish({
      ...{ projectId: PROJECT, assistantId: '1', callId: call.callId, seq: null, type: 'mine', atMs: 0, data: {} },
    });
    expect(await events.next()).toMatchObject({ type: 'mine' });
    sound.close();
  });

  it('is refused of a call that there is not, of another project, that has ended, or that has no media yet', async () => {
    const call = await heldCall();
    expect(await codeOf(listen(call, '99'))).toBe('call_not_found');
    expect(await codeOf(call.useCases.listening.listen('2', call.callId))).toBe('call_not_found');
    const { callId } = await call.useCases.registerInbound(INBOUND);
    expect(await codeOf(listen(call, callId))).toBe('call_not_live');
    call.transport.callerHangsUp();
    await call.ended;
    expect(await codeOf(listen(call, call.callId))).toBe('call_ended');
  });

  it.each([
    ['not_here', 'call_ended'],
    ['refused', 'call_ended'],
    ['node_gone', 'node_gone'],
  ] as const)('ends where who held the call is %s, though nobody has said so', async (answer, over) => {
    const { stores, clock, liveFeed, useCases } = await openHarness();
    const { callId } = await useCases.registerInbound(INBOUND);
    let asked = 0;
    const nodeCommands = { send: async () => (asked++ === 0 ? ('done' as const) : answer) };
    const sound = await createListening({ ...stores, clock, liveFeed, nodeCommands }).listen(PROJECT, callId);
    const ended = sound.next();
    await clock.advance(3 * ASK_EVERY_MS);
    expect([await ended, asked]).toEqual([over, 4]);
    await clock.advance(3 * ASK_EVERY_MS);
    expect(asked).toBe(4);
  });

  it('is given up by nobody for one answer that does not come', async () => {
    const { stores, clock, liveFeed, useCases } = await openHarness();
    const { callId } = await useCases.registerInbound(INBOUND);
    let asked = 0;
    const nodeCommands = { send: async () => (asked++ % 2 === 0 ? ('done' as const) : ('node_gone' as const)) };
    const sound = await createListening({ ...stores, clock, liveFeed, nodeCommands }).listen(PROJECT, callId);
    await clock.advance(20 * ASK_EVERY_MS);
    expect(asked).toBe(21);
    sound.close();
  });
});
