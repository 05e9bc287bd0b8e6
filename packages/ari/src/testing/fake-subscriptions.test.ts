import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Lab, PASSWORD, startLab, USER } from '../lab.test.support.js';
import { inApp, inDialplan } from '../lab-requests.test.support.js';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

describe('subscriptions of the fake', () => {
  it('to an endpoint bring every event of its channels, from the first on', async () => {
    const { log } = await lab.follow('watch');
    expect(await lab.client.subscribe('watch', 'endpoint:PJSIP/trunk')).toMatchObject({ ok: true });
    await inDialplan(lab);
    await log.seen("Dial call-1 'ANSWER'");
    expect(log.lines.slice(0, 3)).toEqual(['up', 'ChannelCreated call-1', "Dial call-1 ''"]);
    expect(await lab.client.unsubscribe('watch', 'endpoint:PJSIP/trunk')).toMatchObject({ ok: true });
    expect(await lab.client.subscribe('watch', 'channel:call-1')).toMatchObject({ ok: true });
    lab.fake.dtmf('call-1', '1');
    await log.seen('ChannelDtmfReceived call-1 1');
  });

  it('to a channel and to its endpoint tell everything twice, with the same timestamp', async () => {
    const keys: string[] = [];
    const { log, events } = await lab.follow('bot', (event) => {
      if (event.type === 'ChannelDtmfReceived') keys.push(`${event.digit} ${event.timestamp}`);
    });
    await lab.client.subscribe('bot', 'endpoint:PJSIP/trunk');
    await inApp(lab);
    lab.fake.dtmf('call-1', '1');
    lab.fake.dtmf('call-1', '1');
    await log.seen('ChannelDtmfReceived call-1 1', 4);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).toBe(keys[3]);
    expect(new Set(keys).size).toBe(2);
    expect(events.up).toBe(true);
  });

  it('do not tell one application about the channels of another', async () => {
    const { log: stranger } = await lab.follow('stranger');
    const { log } = await lab.follow('bot');
    await inApp(lab);
    lab.fake.incoming({ number: '1', to: '2', app: 'stranger', args: [] });
    await stranger.seen('StasisStart 1700000000.2 []');
    await log.seen('StasisStart call-1 [a|b]');
    expect(stranger.lines).toEqual(['up', 'StasisStart 1700000000.2 []']);
  });

  it.each([
    ['bot', 'channel:nobody', 'unprocessable'],
    ['bot', 'endpoint:PJSIP/nobody', 'unprocessable'],
    ['bot', 'weather:tomorrow', 'invalid'],
    ['bot', '', 'invalid'],
    ['nobody', 'endpoint:PJSIP', 'not_found'],
  ])('of %s to %j are refused: %s', async (app, source, kind) => {
    await lab.follow('bot');
    expect(await lab.client.subscribe(app, source)).toMatchObject({ ok: false, failure: { kind } });
  });

  it('that were never made cannot be ended', async () => {
    await lab.follow('bot');
    const failure = { kind: 'unprocessable' };
    expect(await lab.client.unsubscribe('bot', 'endpoint:PJSIP')).toMatchObject({ ok: false, failure });
  });

  it('outlive a lost event stream, and what happens meanwhile is lost', async () => {
    const { log } = await lab.follow('bot');
    await inDialplan(lab);
    await lab.client.subscribe('bot', 'channel:call-1');
    lab.fake.dropEvents();
    lab.fake.dtmf('call-1', '1');
    await log.seen('down unreachable');
    lab.clock.advance(250);
    await log.seen('up after a gap');
    lab.fake.dtmf('call-1', '2');
    await log.seen('ChannelDtmfReceived call-1 2');
    expect(log.lines).not.toContain('ChannelDtmfReceived call-1 1');
  });

  it('belong to the newest stream of an application', async () => {
    const { log: older } = await lab.follow('bot');
    const { log: newer } = await lab.follow('bot');
    await older.seen('ApplicationReplaced bot');
    const id = lab.fake.incoming({ number: '1', to: '2', app: 'bot', args: [] });
    await newer.seen(`StasisStart ${id} []`);
    expect(older.lines).toEqual(['up', 'ApplicationReplaced bot']);
  });

  it('to everything hear what happens before anybody could subscribe', async () => {
    const key = encodeURIComponent(`${USER}:${PASSWORD}`);
    const url = `${lab.fake.url.replace('http', 'ws')}/ari/events?app=all&subscribeAll=true&api_key=${key}`;
    const socket = new WebSocket(url);
    const first = new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)).type)));
    await new Promise((resolve) => socket.once('open', resolve));
    await inDialplan(lab);
    expect(await first).toBe('ChannelCreated');
    socket.terminate();
  });
});
