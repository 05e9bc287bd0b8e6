import { type CallRecord, type CallStore, createIdSource, type LiveEvent } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { openEmbedded } from '../database/embedded.js';
import { createSqlCallStore } from './sql.js';

const aCall: CallRecord = {
  ...{ id: '9007199254740993', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound' },
  ...{ state: 'registered', from: '+1', to: null, channelId: null, metadata: {}, args: {}, outbound: null },
  ...{ transport: null, format: null, createdAtMs: 1, connectedAtMs: null, endedAtMs: null, disconnectedBy: null },
  ...{
    reason: null,
    directive: null,
    recording: null,
    nodeId: 'a',
    resumes: 0,
    assistantVersion: null,
    overrides: null,
    analysis: null,
  },
};
const CALL = { projectId: '1', assistantId: '2', callId: aCall.id };
const event = (type: string) => ({ type, atMs: 5, data: { of: type } });

let database: Database;
let calls: CallStore;
let clock: VirtualClock;
let published: LiveEvent[];
/** How many events were on record when each was published. */
let onRecord: Promise<number>[];
beforeEach(async () => {
  clock = new VirtualClock();
  published = [];
  onRecord = [];
  database = await openEmbedded({ file: ':memory:', clock });
  const publish = (one: LiveEvent): void => {
    published.push(one);
    onRecord.push(calls.events(one.callId).then((events) => events.length));
  };
  calls = createSqlCallStore(database, createIdSource(clock), { feed: { publish }, clock });
});
afterEach(() => database.close());

describe('what the store of calls publishes', () => {
  it('is each event with its number, and each state, after they are stored', async () => {
    await calls.create(aCall, event('webhook'));
    await calls.appendEvent(aCall.id, event('x'));
    await calls.transition(aCall.id, ['registered'], 'connected', {}, event('call.connected'));
    await calls.transition(aCall.id, ['connected'], 'completed', {});
    const state = (name: string, atMs = 5) => ({ ...CALL, seq: null, type: 'call.state', atMs, data: { state: name } });
    expect(published).toEqual([
      state('registered'),
      { ...CALL, seq: 1, ...event('webhook') },
      { ...CALL, seq: 2, ...event('x') },
      state('connected'),
      { ...CALL, seq: 3, ...event('call.connected') },
      state('completed', clock.wallMs()),
    ]);
    expect(await Promise.all(onRecord)).toEqual([1, 1, 2, 3, 3, 3]);
  });

  it('is nothing of what was not stored, or changed nothing', async () => {
    await calls.create(aCall);
    published = [];
    const unstorable = {
      get n(): number {
        throw new Error('unreadable');
      },
    };
    await expect(calls.appendEvent(aCall.id, { ...event('x'), data: unstorable })).rejects.toThrow();
    await expect(
      calls.transition(aCall.id, ['registered'], 'connected', {}, { ...event('x'), data: unstorable }),
    ).rejects.toThrow();
    await expect(calls.create(aCall, event('webhook'))).rejects.toThrow();
    expect(await calls.transition(aCall.id, ['connected'], 'completed', {}, event('x'))).toBe(false);
    expect(await calls.transition(aCall.id, ['registered'], 'registered', {}, event('x'))).toBe(true);
    await calls.patch(aCall.id, { reason: 'x' });
    expect(published).toEqual([]);
  });
});
