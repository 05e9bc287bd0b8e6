import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAriEvent, readAriEvent } from './events.js';

// As Asterisk 22.10 writes it.
const CHANNEL_JSON = {
  id: 'call-1',
  name: 'PJSIP/trunk-00000001',
  state: 'Up',
  protocol_id: '3c2a',
  caller: { name: 'Anna', number: '+1555' },
  connected: { name: '', number: '100' },
  accountcode: '',
  dialplan: { context: 'default', exten: 's', priority: 1, app_name: 'Stasis', app_data: 'bot' },
  creationtime: '2026-08-06T12:00:00.000+0000',
  language: 'en',
};
const CHANNEL = {
  id: 'call-1',
  name: 'PJSIP/trunk-00000001',
  state: 'Up',
  caller: { name: 'Anna', number: '+1555' },
  connected: { name: '', number: '100' },
  dialplan: { context: 'default', exten: 's', priority: 1, appName: 'Stasis', appData: 'bot' },
};
const BRIDGE = { id: 'bridge-1', technology: 'simple_bridge', channels: ['call-1'] };

const read = (fields: object) =>
  parseAriEvent(JSON.stringify({ application: 'bot', timestamp: '2026-08-06T12:00:00.000+0000', ...fields }));

describe('an event', () => {
  it.each([
    [
      { type: 'StasisStart', args: ['a', 'b'], channel: CHANNEL_JSON },
      { channel: CHANNEL, args: ['a', 'b'] },
    ],
    [{ type: 'StasisEnd', channel: CHANNEL_JSON }, { channel: CHANNEL }],
    [{ type: 'ChannelCreated', channel: CHANNEL_JSON }, { channel: CHANNEL }],
    [{ type: 'ChannelStateChange', channel: CHANNEL_JSON }, { channel: CHANNEL }],
    [
      { type: 'ChannelDestroyed', cause: 17, cause_txt: 'User busy', tech_cause: 486, channel: CHANNEL_JSON },
      { channel: CHANNEL, cause: 17, causeText: 'User busy', techCause: 486 },
    ],
    [
      { type: 'ChannelDestroyed', cause: 16, cause_txt: 'Normal Clearing', channel: CHANNEL_JSON },
      { channel: CHANNEL, cause: 16, causeText: 'Normal Clearing' },
    ],
    [
      { type: 'ChannelHangupRequest', cause: 16, channel: CHANNEL_JSON },
      { channel: CHANNEL, cause: 16 },
    ],
    [{ type: 'ChannelHangupRequest', soft: true, channel: CHANNEL_JSON }, { channel: CHANNEL }],
    [
      { type: 'ChannelDtmfReceived', digit: '#', duration_ms: 80, channel: CHANNEL_JSON },
      { channel: CHANNEL, digit: '#', timestamp: '2026-08-06T12:00:00.000+0000' },
    ],
    [
      { type: 'ChannelVarset', variable: 'DIALSTATUS', value: 'BUSY', channel: CHANNEL_JSON },
      { channel: CHANNEL, variable: 'DIALSTATUS', value: 'BUSY' },
    ],
    [
      { type: 'Dial', dialstatus: '', dialstring: '1@trunk', peer: CHANNEL_JSON },
      { peer: CHANNEL, dialstatus: '' },
    ],
    [
      { type: 'Dial', dialstatus: 'BUSY', peer: CHANNEL_JSON, caller: CHANNEL_JSON },
      { peer: CHANNEL, caller: CHANNEL, dialstatus: 'BUSY' },
    ],
    [
      { type: 'ChannelEnteredBridge', bridge: BRIDGE, channel: CHANNEL_JSON },
      { channel: CHANNEL, bridgeId: 'bridge-1' },
    ],
    [
      { type: 'ChannelLeftBridge', bridge: BRIDGE, channel: CHANNEL_JSON },
      { channel: CHANNEL, bridgeId: 'bridge-1' },
    ],
    [{ type: 'BridgeDestroyed', bridge: BRIDGE }, { bridgeId: 'bridge-1' }],
    [{ type: 'ApplicationReplaced' }, { application: 'bot' }],
  ])('is read: %o', (fields, expected) => {
    expect(read(fields)).toEqual({ type: fields.type, ...expected });
  });

  it('is read from a channel with nothing but an id', () => {
    const nobody = { name: '', number: '' };
    expect(read({ type: 'StasisEnd', channel: { id: 'x', caller: null, dialplan: 7 } })).toEqual({
      type: 'StasisEnd',
      channel: { id: 'x', name: '', state: '', caller: nobody, connected: nobody },
    });
  });

  it('keeps the variables that came with the channel', () => {
    const channelvars = { MEDIA_WEBSOCKET_CONNECTION_ID: 'abc', odd: 5 };
    expect(read({ type: 'StasisEnd', channel: { ...CHANNEL_JSON, channelvars } })).toEqual({
      type: 'StasisEnd',
      channel: { ...CHANNEL, channelvars: { MEDIA_WEBSOCKET_CONNECTION_ID: 'abc' } },
    });
  });

  it.each([
    ['', 'malformed'],
    ['{', 'malformed'],
    ['null', 'malformed'],
    ['[]', 'malformed'],
    ['{"type":5}', 'malformed'],
    ['{"type":"StasisStart"}', 'malformed'],
    ['{"type":"Dial","dialstatus":"BUSY"}', 'malformed'],
    ['{"type":"BridgeDestroyed"}', 'malformed'],
    ['{"type":"ChannelDtmfReceived","channel":{"id":"x"}}', 'malformed'],
    ['{"type":"ChannelLeftBridge","channel":{"id":"x"}}', 'malformed'],
    ['{"type":"PlaybackStarted","channel":{"id":"x"}}', 'unknown'],
    ['{"type":"toString","channel":{"id":"x"}}', 'unknown'],
  ])('is not made of %s', (text, verdict) => {
    expect(readAriEvent(text)).toBe(verdict);
    expect(parseAriEvent(text)).toBeUndefined();
  });

  it('never throws, whatever the fields are', () => {
    const types = fc.constantFrom(
      'StasisStart',
      'Dial',
      'ChannelDestroyed',
      'ChannelLeftBridge',
      'ApplicationReplaced',
    );
    const fields = fc.record({
      type: types,
      channel: fc.jsonValue(),
      peer: fc.jsonValue(),
      bridge: fc.jsonValue(),
      args: fc.jsonValue(),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fields.map((each) => JSON.stringify(each)),
        ),
        (text) => {
          const event = parseAriEvent(text);
          if (event !== undefined) expect(typeof event.type).toBe('string');
        },
      ),
    );
  });
});
