import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, type Mode, startAsterisk } from '../testing/asterisk-under-test.js';
import { WATCH_MS_MAX } from './transfer-watch.js';

const SALES = 'sales,100,1';

let asterisk: AsteriskUnderTest;

async function talking(mode: Mode) {
  asterisk = await startAsterisk({ mode, deployment: { transferTargets: [SALES] } });
  const placed = await asterisk.place();
  await asterisk.pass(250);
  const talk = await asterisk.talk(placed);
  const phone = `rapida-${placed.id}-1`;
  const told = async () =>
    (await asterisk.events(placed))
      .filter(({ type }) => type.startsWith('call.transfer') || type === 'call.ended')
      .map(({ type, data }) => ({ type, target: data.target, ...(data.reason ? { reason: data.reason } : {}) }));
  const handOver = () => asterisk.ended(talk.conversation.handOver(SALES));
  return { ...talk, placed, phone, told, handOver, fake: asterisk.fake };
}

const exists = (phone: string, value: string) =>
  asterisk.fake.fail({ method: 'GET', path: `/channels/${phone}/variable` }, { status: 200, body: { value } });

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

describe('a telephone in our Stasis application', () => {
  it('goes on in the dialplan, its media and bridge go, and what becomes of it is told', async () => {
    const { placed, phone, told, handOver, fake } = await talking('stasis');
    exists(phone, '1');
    expect(await handOver()).toEqual({ ok: true });
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({
      reason: 'transfer',
      disconnectedBy: 'assistant',
    });
    await asterisk.until(() => fake.bridges().length === 0, 'the bridge is gone');
    expect(fake.channels()).toMatchObject([{ id: phone, state: 'Up', place: 'dialplan' }]);
    const [asked] = asterisk.requests('GET', `/channels/${phone}/variable`);
    expect(asked?.query).toEqual({ variable: `DIALPLAN_EXISTS(${SALES})` });
    const [moved] = asterisk.requests('POST', `/channels/${phone}/continue`);
    expect(moved?.query).toEqual({ context: 'sales', extension: '100', priority: '1' });
    await asterisk.rest();
    const before = await told();
    expect(before.map(({ type }) => type)).toEqual(['call.transferred', 'call.ended']);
    fake.setVariable(phone, 'DIALSTATUS', 'ANSWER');
    await asterisk.rest();
    expect((await told()).slice(2)).toEqual([{ type: 'call.transfer_answered', target: SALES }]);
    expect(asterisk.requests('DELETE', '/applications/rapida/subscription').at(-1)?.query).toEqual({
      eventSource: `channel:${phone}`,
    });
  });

  it('is not let go where the target does not exist: the call goes on', async () => {
    const { placed, phone, told, handOver } = await talking('stasis');
    exists(phone, '0');
    expect(await handOver()).toEqual({ ok: false, reason: 'transfer_target_unknown' });
    await asterisk.rest();
    expect(asterisk.requests('POST', `/channels/${phone}/continue`)).toEqual([]);
    expect((await asterisk.call(placed)).state).toBe('connected');
    expect(await told()).toEqual([{ type: 'call.transfer_failed', target: SALES, reason: 'transfer_target_unknown' }]);
    exists(phone, '1');
    expect(await handOver()).toEqual({ ok: true });
    await asterisk.reaches(placed, 'completed');
  });

  it.each([
    [{ status: 409, body: { message: 'Channel not in Stasis application' } }, 'asterisk_refused'],
    [{ status: 404, body: { message: 'Channel not found' } }, 'caller_hangup'],
    [{ status: 500, body: { message: 'no' } }, 'asterisk_refused'],
    ['reset', 'asterisk_unreachable'],
    ['hang', 'asterisk_unreachable'],
  ] as const)('stays where Asterisk answers %j', async (failure, reason) => {
    const { placed, phone, handOver, fake } = await talking('stasis');
    fake.fail({ method: 'POST', path: `/channels/${phone}/continue`, times: 3 }, failure);
    expect(await handOver()).toEqual({ ok: false, reason });
    await asterisk.pass(10_000);
    expect((await asterisk.call(placed)).state).toBe('connected');
    expect(fake.channels().map(({ place }) => place)).toEqual(['stasis', 'stasis']);
  });

  it('has gone on where the answer was lost and Asterisk was seen to let it go', async () => {
    const { placed, phone, handOver, fake } = await talking('stasis');
    fake.fail({ method: 'POST', path: `/channels/${phone}/continue` }, 'answer_lost');
    expect(await handOver()).toEqual({ ok: true });
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ reason: 'transfer' });
    expect(fake.channels()).toMatchObject([{ id: phone, place: 'dialplan' }]);
  });

  it('that hangs up while it is asked about ends the call as the caller, once', async () => {
    const { placed, phone, conversation, told, fake } = await talking('stasis');
    fake.fail({ method: 'GET', path: `/channels/${phone}/variable` }, 'hang');
    const handOver = conversation.handOver(SALES);
    await asterisk.rest();
    fake.hangupByCallee(phone);
    expect(await asterisk.ended(handOver)).toEqual({ ok: false, reason: 'caller_hangup' });
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ reason: 'caller_hangup' });
    expect((await told()).map(({ reason }) => reason)).toEqual(['caller_hangup', 'caller_hangup']);
    await asterisk.pass(10_000);
  });

  it('is told as failed when it is gone and the target was busy, with its last word', async () => {
    const { placed, phone, told, handOver, fake } = await talking('stasis');
    await handOver();
    await asterisk.reaches(placed, 'completed');
    for (const status of ['NOANSWER', '', 'BUSY']) fake.setVariable(phone, 'DIALSTATUS', status);
    await asterisk.rest();
    expect(await told()).toHaveLength(2);
    fake.hangupByCallee(phone);
    await asterisk.rest();
    expect((await told()).at(-1)).toEqual({ type: 'call.transfer_failed', target: SALES, reason: 'busy' });
  });

  it('is watched for a while and no longer', async () => {
    const { placed, phone, told, handOver, fake } = await talking('stasis');
    await handOver();
    await asterisk.reaches(placed, 'completed');
    await asterisk.pass(WATCH_MS_MAX);
    fake.setVariable(phone, 'DIALSTATUS', 'ANSWER');
    await asterisk.rest();
    expect(await told()).toHaveLength(2);
  });
});

describe('a telephone in the dialplan that we steer', () => {
  it('is offered to the dialplan, watched once that has asked, and told', async () => {
    const { placed, phone, told, handOver, contextId, fake } = await talking('dialplan');
    exists(phone, '1');
    // Of its media, which the dialplan dials.
    fake.setVariable(phone, 'DIALSTATUS', 'ANSWER');
    expect(await handOver()).toEqual({ ok: true });
    await asterisk.reaches(placed, 'completed');
    expect(await asterisk.harness.useCases.media.directive(contextId)).toBe(`goto:${SALES}`);
    await asterisk.rest();
    expect((await told()).map(({ type }) => type)).toEqual(['call.ended', 'call.transferred']);
    fake.setVariable(phone, 'DIALSTATUS', 'ANSWER');
    await asterisk.rest();
    expect((await told()).at(-1)).toEqual({ type: 'call.transfer_answered', target: SALES });
  });

  it('is not offered where the target does not exist', async () => {
    const { placed, phone, handOver } = await talking('dialplan');
    exists(phone, '0');
    expect(await handOver()).toEqual({ ok: false, reason: 'transfer_target_unknown' });
    expect(await asterisk.call(placed)).toMatchObject({ state: 'connected', directive: null });
  });

  it('is offered where Asterisk does not answer: the dialplan needs no ARI', async () => {
    const { phone, handOver, fake } = await talking('dialplan');
    fake.fail({ method: 'GET', path: `/channels/${phone}/variable` }, 'reset');
    expect(await handOver()).toEqual({ ok: true });
  });
});
