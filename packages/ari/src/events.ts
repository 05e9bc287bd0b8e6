import { type AriChannel, fieldsOf, readChannel, textOf, textsOf } from './channel.js';

export type AriEvent =
  /** The channel is in the application now. `args` are the appArgs. */
  | { readonly type: 'StasisStart'; readonly channel: AriChannel; readonly args: readonly string[] }
  | { readonly type: 'StasisEnd'; readonly channel: AriChannel }
  | { readonly type: 'ChannelCreated'; readonly channel: AriChannel }
  | { readonly type: 'ChannelStateChange'; readonly channel: AriChannel }
  /** Last event of a channel. `cause` is the Q.850 cause, `techCause` the SIP status where the release tells it. */
  | {
      readonly type: 'ChannelDestroyed';
      readonly channel: AriChannel;
      readonly cause: number;
      readonly causeText: string;
      readonly techCause?: number;
    }
  | { readonly type: 'ChannelHangupRequest'; readonly channel: AriChannel; readonly cause?: number }
  /** Comes once for each subscription that covers the channel: the same `timestamp` is the same key. */
  | {
      readonly type: 'ChannelDtmfReceived';
      readonly channel: AriChannel;
      readonly digit: string;
      readonly timestamp: string;
    }
  /** `dialstatus` is `''` when dialling begins, then RINGING, ANSWER, BUSY, NOANSWER, ... */
  | { readonly type: 'Dial'; readonly peer: AriChannel; readonly caller?: AriChannel; readonly dialstatus: string }
  /** A variable of a channel was set; those of all channels are not told. */
  | { readonly type: 'ChannelVarset'; readonly channel: AriChannel; readonly variable: string; readonly value: string }
  | { readonly type: 'ChannelEnteredBridge'; readonly channel: AriChannel; readonly bridgeId: string }
  | { readonly type: 'ChannelLeftBridge'; readonly channel: AriChannel; readonly bridgeId: string }
  | { readonly type: 'BridgeDestroyed'; readonly bridgeId: string }
  /** Another connection took the application over: no more events come to this one. */
  | { readonly type: 'ApplicationReplaced'; readonly application: string };

/** Reads one message of the event stream. Undefined for anything that is not one of ours. Never throws. */
export function parseAriEvent(text: string): AriEvent | undefined {
  const read = readAriEvent(text);
  return typeof read === 'string' ? undefined : read;
}

/** `malformed`: no JSON object with a type, or a field we need is missing. `unknown`: a type we do not use. */
export function readAriEvent(text: string): AriEvent | 'malformed' | 'unknown' {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    return 'malformed';
  }
  const type = textOf(fields.type);
  if (type === '') return 'malformed';
  if (type === 'ApplicationReplaced') return { type, application: textOf(fields.application) };
  if (type === 'BridgeDestroyed') {
    const bridgeId = textOf(fieldsOf(fields.bridge).id);
    return bridgeId === '' ? 'malformed' : { type, bridgeId };
  }
  if (type === 'Dial') return dialEvent(fields);
  if (!isChannelEvent(type) || (type === 'ChannelVarset' && fields.channel === undefined)) return 'unknown';
  const channel = readChannel(fields.channel);
  return channel === undefined ? 'malformed' : CHANNEL_EVENTS[type](channel, fields);
}

type Fields = Readonly<Record<string, unknown>>;
type ChannelEventType = Exclude<AriEvent['type'], 'Dial' | 'BridgeDestroyed' | 'ApplicationReplaced'>;

const CHANNEL_EVENTS: Readonly<
  Record<ChannelEventType, (channel: AriChannel, fields: Fields) => AriEvent | 'malformed'>
> = {
  StasisStart: (channel, { args }) => ({ type: 'StasisStart', channel, args: textsOf(args) }),
  StasisEnd: (channel) => ({ type: 'StasisEnd', channel }),
  ChannelCreated: (channel) => ({ type: 'ChannelCreated', channel }),
  ChannelStateChange: (channel) => ({ type: 'ChannelStateChange', channel }),
  ChannelDestroyed: (channel, { cause, cause_txt, tech_cause }) => ({
    type: 'ChannelDestroyed',
    channel,
    cause: typeof cause === 'number' ? cause : 0,
    causeText: textOf(cause_txt),
    ...(typeof tech_cause === 'number' ? { techCause: tech_cause } : {}),
  }),
  ChannelHangupRequest: (channel, { cause }) => ({
    type: 'ChannelHangupRequest',
    channel,
    ...(typeof cause === 'number' ? { cause } : {}),
  }),
  ChannelDtmfReceived: (channel, { digit, timestamp }) =>
    textOf(digit) === ''
      ? 'malformed'
      : { type: 'ChannelDtmfReceived', channel, digit: textOf(digit), timestamp: textOf(timestamp) },
  ChannelVarset: (channel, { variable, value }) =>
    textOf(variable) === ''
      ? 'malformed'
      : { type: 'ChannelVarset', channel, variable: textOf(variable), value: textOf(value) },
  ChannelEnteredBridge: (channel, { bridge }) => inBridge('ChannelEnteredBridge', channel, bridge),
  ChannelLeftBridge: (channel, { bridge }) => inBridge('ChannelLeftBridge', channel, bridge),
};

function isChannelEvent(type: string): type is ChannelEventType {
  return Object.hasOwn(CHANNEL_EVENTS, type);
}

function inBridge(
  type: 'ChannelEnteredBridge' | 'ChannelLeftBridge',
  channel: AriChannel,
  bridge: unknown,
): AriEvent | 'malformed' {
  const bridgeId = textOf(fieldsOf(bridge).id);
  return bridgeId === '' ? 'malformed' : { type, channel, bridgeId };
}

function dialEvent(fields: Fields): AriEvent | 'malformed' {
  const peer = readChannel(fields.peer);
  if (peer === undefined) return 'malformed';
  const caller = readChannel(fields.caller);
  const dialstatus = textOf(fields.dialstatus);
  return caller === undefined ? { type: 'Dial', peer, dialstatus } : { type: 'Dial', peer, caller, dialstatus };
}
