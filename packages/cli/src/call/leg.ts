import { bytesToPcm16, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, pcm16ToBytes } from '@rapida/audio';
import { connectAudioSocket } from '@rapida/audiosocket';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import type { Clock } from '@rapida/core';

/** The phone is a telephone: 8 kHz, frames of 20 ms. */
export const PHONE_RATE_HZ = 8_000;
export const PHONE_FRAME_SAMPLES = 160;

/** One media leg as Asterisk would open it. */
export interface PhoneLeg {
  send(samples: Int16Array): void;
  key(digit: string): void;
  /** The caller hangs up. Idempotent. */
  hangup(): void;
  /** Resolves once with how it ended; never rejects. */
  readonly ended: Promise<string>;
}

export interface LegOptions {
  readonly clock: Clock;
  readonly contextId: string;
  readonly onAudio: (samples: Int16Array) => void;
}

export async function openAudioSocketLeg(
  options: LegOptions & { readonly host: string; readonly port: number },
): Promise<PhoneLeg> {
  const client = await connectAudioSocket({
    clock: options.clock,
    host: options.host,
    port: options.port,
    uuid: options.contextId,
    behaviour: 'new',
    onAudio: (bytes) => options.onAudio(bytesToPcm16(bytes)),
  });
  return {
    send: (samples) => void client.sendAudio(pcm16ToBytes(samples)),
    key: (digit) => void client.sendDtmf(digit),
    hangup: () => client.hangup(),
    ended: client.ended.then((end) => (end.detail === '' ? end.how : `${end.how}: ${end.detail}`)),
  };
}

const CODECS = {
  ulaw: { encode: encodeUlaw, decode: decodeUlaw },
  alaw: { encode: encodeAlaw, decode: decodeAlaw },
  slin: { encode: pcm16ToBytes, decode: bytesToPcm16 },
} as const;
export type PhoneFormat = keyof typeof CODECS;
export const PHONE_FORMATS = Object.keys(CODECS) as PhoneFormat[];

export async function openWebSocketLeg(
  options: LegOptions & { readonly url: string; readonly format: PhoneFormat; readonly form: 'json' | 'plain-text' },
): Promise<PhoneLeg> {
  const codec = CODECS[options.format];
  const client = connectChanWebSocket({
    clock: options.clock,
    url: options.url,
    format: options.format,
    form: options.form,
    channelVariables: { RAPIDA_CONTEXT_ID: options.contextId },
    onRtp: (frame) => options.onAudio(codec.decode(frame)),
  });
  await client.opened;
  return {
    send: (samples) => void client.sendMedia(codec.encode(samples)),
    key: (digit) => void client.sendDtmf(digit),
    hangup: () => client.hangup(),
    ended: client.ended.then((end) => end.how),
  };
}
