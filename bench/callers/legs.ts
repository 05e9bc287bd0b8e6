import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { AudioSocketDecoder, encodeFrame, encodeUuid, KIND_AUDIO } from '@rapida/audiosocket';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import type { Clock } from '@rapida/core';
import { SILENT, VOICED, VOICED_END } from '../sounds.js';

export type Sound = 'silent' | 'voiced' | 'voiced_end';

/** The far side of one call: what Asterisk is to the server. */
export interface Leg {
  send(sound: Sound): void;
}

export interface LegOptions {
  readonly clock: Clock;
  readonly port: number;
  /** Of a call that was registered; without it any. */
  readonly contextId?: string;
  /** Raw bytes as they come; without `onPayload` nothing is decoded, for benchmarks that only count. */
  readonly onBytes?: (count: number) => void;
  /** 20 ms of what the caller hears. */
  readonly onPayload?: (payload: Uint8Array) => void;
}

const PAYLOADS: Readonly<Record<Sound, Uint8Array>> = { silent: SILENT, voiced: VOICED, voiced_end: VOICED_END };
const WIRE_FRAMES: Readonly<Record<Sound, Uint8Array>> = {
  silent: encodeFrame(KIND_AUDIO, SILENT),
  voiced: encodeFrame(KIND_AUDIO, VOICED),
  voiced_end: encodeFrame(KIND_AUDIO, VOICED_END),
};

export async function openAudioSocketLeg({ port, contextId, onBytes, onPayload }: LegOptions): Promise<Leg> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => {}); // the server is stopped before its callers
  await once(socket, 'connect');
  socket.write(encodeUuid(contextId ?? randomUUID()));
  const decoder = new AudioSocketDecoder();
  const onFrame = (kind: number, payload: Uint8Array): void => {
    if (kind === KIND_AUDIO) onPayload?.(payload);
  };
  socket.on('data', (chunk) => {
    onBytes?.(chunk.length);
    if (onPayload !== undefined) decoder.push(chunk, onFrame);
  });
  return { send: (sound) => void socket.write(WIRE_FRAMES[sound]) };
}

/** Through the double of Asterisk's queue: `onPayload` gets what the caller would hear, when the caller would hear it. */
export async function openWebSocketLeg({ clock, port, onPayload }: LegOptions): Promise<Leg> {
  const client = connectChanWebSocket({
    clock,
    url: `ws://127.0.0.1:${port}/`,
    format: 'slin',
    ...(onPayload !== undefined && { onRtp: onPayload }),
  });
  const { ok } = await client.opened;
  if (!ok) throw new Error('the server refused the WebSocket');
  return { send: (sound) => void client.sendMedia(PAYLOADS[sound]) };
}
