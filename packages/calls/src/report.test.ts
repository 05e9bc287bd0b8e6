import type { CallRecord, CallState, JsonObject } from '@rapida/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPORTS_MAX, readReport } from './report.js';
import {
  ASSISTANT,
  connected,
  eventTypes,
  type Harness,
  INBOUND,
  openHarness,
  PROJECT,
  record,
} from './testing/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(async () => {
  await harness.scope.close('over');
});

let made = 0;

/** An outbound call that this process does not steer: another node's, or of a dialplan that reports. */
async function aCall(state: CallState): Promise<CallRecord> {
  const { callId, contextId } = await harness.useCases.registerInbound(INBOUND);
  const call = await harness.stores.calls.get(PROJECT, callId);
  if (call === undefined || state === 'registered') return call as CallRecord;
  made++;
  const other = {
    ...call,
    id: `${BigInt(call.id) + 1_000n + BigInt(made)}`,
    contextId: contextId.replace(/^.{8}/, '0000abcd'),
  };
  const outbound: CallRecord = { ...other, assistantId: ASSISTANT, direction: 'outbound', state };
  await harness.stores.calls.create(outbound);
  return outbound;
}

const report = (call: CallRecord, type: string, fields: JsonObject = {}) =>
  harness.useCases.media.report(call.contextId, type, fields);
const after = async (call: CallRecord): Promise<CallRecord> =>
  (await harness.stores.calls.get(PROJECT, call.id)) as CallRecord;

describe('what is reported of a call without media', () => {
  it.each<[CallState, string, JsonObject, CallState]>([
    ['dialing', 'ChannelStateChange', { channel: { state: 'Ringing' } }, 'ringing'],
    ['dialing', 'ChannelStateChange', { state: 'Up' }, 'answered'],
    ['ringing', 'Dial', { dialstatus: 'ANSWER' }, 'answered'],
    ['dialing', 'Dial', { dialstatus: 'RINGING' }, 'ringing'],
    ['ringing', 'Dial', { dialstatus: 'BUSY' }, 'busy'],
    ['ringing', 'StasisStart', {}, 'answered'],
    ['ringing', 'ChannelDestroyed', { cause: 19 }, 'no_answer'],
    ['dialing', 'ChannelDestroyed', { cause: '17' }, 'busy'],
    ['dialing', 'ChannelDestroyed', { cause: 21, tech_cause: 603 }, 'rejected'],
    ['dialing', 'ChannelDestroyed', { cause: 1 }, 'failed'],
    ['answered', 'ChannelDestroyed', { cause: 16 }, 'failed'],
    ['registered', 'ChannelDestroyed', { cause: 16 }, 'failed'],
    // A refusal is NOANSWER as well; what it was, the end of the channel tells.
    ['ringing', 'Dial', { dialstatus: 'NOANSWER' }, 'ringing'],
    ['ringing', 'ChannelHangupRequest', {}, 'ringing'],
    ['ringing', 'made_up', { cause: 17 }, 'ringing'],
    // Of a former attempt.
    ['queued', 'ChannelDestroyed', { cause: 17 }, 'queued'],
    ['queued', 'ChannelStateChange', { state: 'Up' }, 'queued'],
  ])('moves it: %s, %s %j: %s', async (state, type, fields, expected) => {
    const call = await aCall(state);
    await report(call, type, fields);
    expect(await after(call)).toMatchObject({ state: expected });
  });

  it('is on record as an event, under the name it came with, also where nobody knows that name', async () => {
    const call = await aCall('ringing');
    await report(call, 'ChannelCreated', { a: 1 });
    await report(call, 'survey_answered', { stars: 5 });
    const events = await harness.stores.calls.events(call.id);
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['channel_created', { a: 1, reported: true }],
      ['survey_answered', { stars: 5, reported: true }],
    ]);
  });

  it('cannot say what is ours to say: it is on record as what it is', async () => {
    const call = await aCall('ringing');
    for (const type of ['call.ended', 'webhook', 'turn', 'stream.closed']) await report(call, type);
    const types = (await harness.stores.calls.events(call.id)).map(({ type }) => type);
    expect(types).toEqual(['reported.call.ended', 'reported.webhook', 'reported.turn', 'reported.stream.closed']);
    expect(await after(call)).toMatchObject({ state: 'ringing' });
  });

  it('frees the place of a registered caller who has hung up: no media can claim it any more', async () => {
    const call = await aCall('registered');
    await report(call, 'ChannelDestroyed', { cause: 16 });
    expect(await after(call)).toMatchObject({
      state: 'failed',
      reason: 'hung_up_before_media',
      disconnectedBy: 'user',
    });
    expect((await harness.useCases.media.claim(call.contextId, 'audiosocket', '192.0.2.1')).ok).toBe(false);
  });

  it('ends it once, however often it is told', async () => {
    const call = await aCall('ringing');
    for (let times = 0; times < 3; times++) await report(call, 'ChannelDestroyed', { cause: 17 });
    const types = (await harness.stores.calls.events(call.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'call.failed')).toHaveLength(1);
  });

  it('is bounded', async () => {
    const call = await aCall('ringing');
    for (let times = 0; times < REPORTS_MAX + 5; times++) await report(call, 'again');
    expect(await harness.stores.calls.events(call.id)).toHaveLength(REPORTS_MAX);
  });
});

describe('what is reported of a call with media', () => {
  it('is on record and changes nothing', async () => {
    const call = await connected(harness);
    const before = await record(harness, call.context);
    for (const [type, fields] of [
      ['ChannelDestroyed', { cause: 17 }],
      ['Dial', { dialstatus: 'BUSY' }],
      ['ChannelStateChange', { state: 'Up' }],
    ] as const) {
      await harness.useCases.media.report(call.context.contextId, type, fields);
    }
    expect(await record(harness, call.context)).toEqual(before);
    expect((await eventTypes(harness, call.context)).slice(-3)).toEqual([
      'ChannelDestroyed',
      'Dial',
      'ChannelStateChange',
    ]);
  });
});

it('of a call that there is not is refused', async () => {
  for (const contextId of ['00000000-0000-4000-8000-000000000000', 'x', '']) {
    await expect(harness.useCases.media.report(contextId, 'Dial', {})).rejects.toMatchObject({
      code: 'context_unknown',
    });
  }
});

it('reads any report without an error', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('Dial', 'ChannelStateChange', 'ChannelDestroyed', 'StasisStart')),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('cause', 'dialstatus', 'channel', 'state')), fc.jsonValue()),
      (type, fields) => {
        expect(['nothing', 'progress', 'busy', 'gone']).toContain(readReport(type, fields as JsonObject).kind);
      },
    ),
  );
});
