import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.test.support.js';
import { inApp, inDialplan } from '../lab-requests.test.support.js';
import type { FakeMedia } from './fake-types.js';

const UUID = '6f0cbb30-7b0f-4c3e-8d5d-1f6f1a0c9a11';
const MEDIA = {
  channelId: 'media-1',
  app: 'bot',
  externalHost: '127.0.0.1:4573',
  encapsulation: 'audiosocket',
  transport: 'tcp',
  format: 'slin16',
  data: UUID,
} as const;

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

describe('external media of the fake', () => {
  it('over AudioSocket enters Stasis with the uuid, and can be bridged with the call', async () => {
    const { log } = await lab.follow('bot');
    const heard: FakeMedia[] = [];
    lab.fake.onMedia((media) => heard.push(media));
    await inApp(lab);
    expect(await lab.client.externalMedia(MEDIA)).toMatchObject({ ok: true, value: { id: 'media-1' } });
    await log.seen(`StasisStart media-1 [${UUID}]`);
    const { app: _app, externalHost: host, ...rest } = MEDIA;
    expect(heard).toEqual([{ ...rest, host }]);

    expect(await lab.client.createBridge('bridge-1', 'talk')).toEqual({
      ok: true,
      value: { id: 'bridge-1', name: 'talk', channels: [] },
    });
    expect(await lab.client.createBridge('bridge-1')).toMatchObject({ ok: false, failure: { kind: 'conflict' } });
    expect(await lab.client.addToBridge('bridge-1', ['call-1', 'media-1'])).toMatchObject({ ok: true });
    await log.seen('ChannelEnteredBridge media-1 bridge-1');
    const bridge = { id: 'bridge-1', name: 'talk', channels: ['call-1', 'media-1'] };
    expect(await lab.client.bridges()).toEqual({ ok: true, value: [bridge] });
    expect(lab.fake.bridges()).toEqual([bridge]);

    expect(lab.fake.endMedia('media-1')).toBe(true);
    await log.seen('ChannelDestroyed media-1 16 Normal Clearing -');
    expect(log.lines.slice(-4)).toEqual([
      'ChannelLeftBridge media-1 bridge-1',
      'StasisEnd media-1',
      'ChannelHangupRequest media-1',
      'ChannelDestroyed media-1 16 Normal Clearing -',
    ]);
    expect(await lab.client.destroyBridge('bridge-1')).toMatchObject({ ok: true });
    await log.seen('BridgeDestroyed bridge-1');
    expect(log.lines).toContain('ChannelLeftBridge call-1 bridge-1');
    expect(lab.fake.channels()).toMatchObject([{ id: 'call-1', place: 'stasis' }]);
  });

  it.each([
    [{ data: 'no-uuid' }, 'allocation_failed'],
    [{ data: '' }, 'invalid'],
    [{ externalHost: '' }, 'invalid'],
    [{ app: '' }, 'invalid'],
    [{ format: 'mp7' }, 'invalid'],
    [{ encapsulation: 'none', transport: 'websocket', externalHost: 'unknown' }, 'invalid'],
    [{ encapsulation: 'none', transport: 'tcp' }, 'server_error'],
  ] as const)('with %j is refused: %s', async (wrong, kind) => {
    expect(await lab.client.externalMedia({ ...MEDIA, ...wrong })).toMatchObject({ ok: false, failure: { kind } });
    expect(lab.fake.channels()).toEqual([]);
  });

  it('over a WebSocket takes the section and the data for its url', async () => {
    const { log } = await lab.follow('bot');
    const websocket = { encapsulation: 'none', transport: 'websocket', format: 'ulaw' } as const;
    const transportData = 'f(json)v(contextId=abc)';
    const { channelId, app } = MEDIA;
    const variables = { X: 'y' };
    await lab.client.externalMedia({ channelId, app, ...websocket, externalHost: 'rapida', transportData, variables });
    await log.seen('StasisStart media-1 []');
    expect(lab.fake.channels()).toMatchObject([
      {
        id: 'media-1',
        place: 'stasis',
        app,
        variables,
        media: { host: 'rapida', transport: 'websocket', transportData },
      },
    ]);
  });

  it('cannot be bridged with a channel of the dialplan, or into nothing', async () => {
    await inDialplan(lab);
    expect(await lab.client.addToBridge('none', ['call-1'])).toMatchObject({ failure: { kind: 'not_found' } });
    await lab.client.createBridge('bridge-1');
    expect(await lab.client.addToBridge('bridge-1', ['call-1'])).toMatchObject({ failure: { kind: 'unprocessable' } });
    expect(await lab.client.addToBridge('bridge-1', ['nobody'])).toMatchObject({ failure: { kind: 'invalid' } });
    expect(await lab.client.addToBridge('bridge-1', [])).toMatchObject({ failure: { kind: 'invalid' } });
  });
});
