import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAriClient } from '../client.js';
import { type Lab, PASSWORD, startLab, USER } from '../lab.test.support.js';
import { inApp, inDialplan, raw } from '../lab-requests.test.support.js';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

describe('the door of the fake', () => {
  it('wants user and password, as Asterisk does', async () => {
    const response = await fetch(`${lab.fake.url}/ari/asterisk/ping`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="Asterisk REST Interface"');
    expect(await response.json()).toEqual({ message: 'Authentication required' });
  });

  it('takes an api_key too, and does not write it down', async () => {
    const key = encodeURIComponent(`${USER}:${PASSWORD}`);
    expect((await fetch(`${lab.fake.url}/ari/asterisk/ping?api_key=${key}`)).status).toBe(200);
    expect(lab.fake.requests).toEqual([{ method: 'GET', path: '/asterisk/ping', query: {}, body: undefined }]);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['PUT', '/channels', 405],
    ['GET', '/asterisk/modules/chan_websocket', 409],
  ])('answers %s %s with %d', async (method, path, status) => {
    expect((await raw(lab.fake, method, path)).status).toBe(status);
  });

  it('keeps the last thousand requests', async () => {
    for (let index = 0; index < 1001; index += 1) await lab.client.channel(`c${index}`);
    expect(lab.fake.requests).toHaveLength(1000);
    expect(lab.fake.requests[0]?.path).toBe('/channels/c1');
  });

  it('fails the requests it was told to fail, as often as it was told', async () => {
    lab.fake.fail({ path: /ping$/, times: 2 }, { status: 503, body: { message: 'busy' } });
    const failure = { kind: 'server_error', status: 503, message: 'HTTP 503: busy' };
    expect(await lab.client.channels()).toMatchObject({ ok: true });
    expect(await lab.client.ping()).toMatchObject({ ok: false, failure });
    expect(await lab.client.ping()).toMatchObject({ ok: false, failure });
    expect(await lab.client.ping()).toMatchObject({ ok: true });
    lab.fake.fail({ method: 'GET', path: '/asterisk/ping' }, 'reset');
    expect(await lab.client.ping()).toMatchObject({ ok: false, failure: { kind: 'unreachable', sent: true } });
  });
});

describe('the life of the fake', () => {
  it('restarts on the same port, with everything gone and nobody told', async () => {
    const { log } = await lab.follow('bot');
    lab.fake.phone('200', { outcome: 'nothing' });
    await inApp(lab, '200');
    await lab.client.createBridge('bridge-1');
    const { url } = lab.fake;
    await lab.fake.restart();
    expect(lab.fake.url).toBe(url);
    await log.seen('down unreachable');
    lab.clock.advance(250);
    await log.seen('up after a gap');
    expect(log.lines.filter((line) => line.startsWith('ChannelDestroyed'))).toEqual([]);
    expect(await lab.client.channels()).toEqual({ ok: true, value: [] });
    expect(await lab.client.bridges()).toEqual({ ok: true, value: [] });
  });

  it('refuses connections while it is stopped', async () => {
    await lab.fake.stop();
    expect(await lab.client.ping()).toMatchObject({ failure: { kind: 'unreachable', sent: false } });
    await lab.fake.start();
    expect(await lab.client.ping()).toMatchObject({ ok: true });
  });

  it('closes with a hanging request and a ringing phone, leaves no timer, and closes twice', async () => {
    lab.fake.phone('200', { outcome: 'nothing' });
    await inDialplan(lab, '200');
    expect(lab.clock.pendingTimers).toBe(1);
    lab.fake.fail({ path: '/asterisk/ping' }, 'hang');
    const { url } = lab.fake;
    const access = { url, user: USER, password: () => PASSWORD };
    const hanging = createAriClient({ access, clock: lab.clock }).ping();
    while (lab.fake.requests.at(-1)?.path !== '/asterisk/ping') await new Promise((resolve) => setImmediate(resolve));
    await lab.fake.close();
    await lab.fake.close();
    await lab.fake.start();
    expect(await hanging).toMatchObject({ ok: false, failure: { kind: 'unreachable', sent: true } });
    expect(lab.clock.pendingTimers).toBe(0);
    expect(await lab.client.ping()).toMatchObject({ failure: { kind: 'unreachable', sent: false } });
  });

  it('says no to controls of channels that do not exist', () => {
    expect(lab.fake.dtmf('x', '1')).toBe(false);
    expect(lab.fake.hangupByCallee('x')).toBe(false);
    expect(lab.fake.endMedia('x')).toBe(false);
  });
});
