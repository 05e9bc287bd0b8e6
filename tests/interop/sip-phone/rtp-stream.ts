import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { dbfs, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, rms } from '@rapida/audio';
import type { Clock, Timer } from '@rapida/core';
import { formatRtp, formatTelephoneEvent, parseRtp } from './rtp.js';
import { CODECS, type Codec, TELEPHONE_EVENT } from './sdp.js';

export const FRAME_MS = 20;
export const FRAME_SAMPLES = 160;
/** Louder than this is somebody speaking: voices lie near -20 dBFS, an idle line is silent. */
const VOICED_DBFS_MIN = -45;
/** A key is held for this long; its end is told three times (RFC 4733 section 2.5.1.4). */
const KEY_MS = 160;
const KEY_ENDS = 3;
/** An hour of packets; a longer call is not recorded further. */
const HEARD_PACKETS_MAX = 180_000;

export interface HeardPacket {
  readonly atMs: number;
  readonly sequence: number;
  readonly payloadBytes: number;
  readonly samples: Int16Array;
  readonly voiced: boolean;
}

/** The sound of one call: sends a frame every 20 ms on an absolute schedule, and keeps all that arrives with its time. */
export class RtpStream {
  readonly heard: HeardPacket[] = [];
  /** When the caller's own voice began and was last sent. */
  firstVoicedSentMs: number | undefined;
  lastVoicedSentMs: number | undefined;
  readonly #clock: Clock;
  readonly #socket: Socket;
  readonly #ssrc = randomBytes(4).readUInt32BE();
  readonly #outgoing: Int16Array[] = [];
  readonly #keys: string[] = [];
  #key: { readonly digit: string; readonly timestamp: number; sentMs: number; ends: number } | undefined;
  #remote: { readonly host: string; readonly port: number; readonly codec: Codec } | undefined;
  #timer: Timer | undefined;
  #startMs = 0;
  #frames = 0;
  #sequence = randomBytes(2).readUInt16BE();
  #sending: 'on' | 'off' = 'on';
  #closed = false;

  private constructor(clock: Clock, socket: Socket) {
    this.#clock = clock;
    this.#socket = socket;
    socket.on('message', (bytes) => this.#receive(bytes));
    socket.on('error', () => {});
  }

  static async open(clock: Clock, host: string): Promise<RtpStream> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, host, resolve);
    });
    socket.setRecvBufferSize(1 << 20);
    return new RtpStream(clock, socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The other side, now or after it has moved (a re-INVITE); starts to send. */
  connect(remote: { readonly host: string; readonly port: number; readonly codec: Codec }): void {
    this.#remote = remote;
    if (this.#timer !== undefined || this.#closed) return;
    this.#startMs = this.#clock.nowMs();
    this.#tick();
  }

  /** Queues speech; what is queued already comes first. */
  say(samples: Int16Array): void {
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      const frame = new Int16Array(FRAME_SAMPLES);
      frame.set(samples.subarray(at, at + FRAME_SAMPLES));
      this.#outgoing.push(frame);
    }
  }

  press(digits: string): void {
    this.#keys.push(...digits);
  }

  /** Everything said and pressed has left. */
  get idle(): boolean {
    return this.#outgoing.length === 0 && this.#keys.length === 0 && this.#key === undefined;
  }

  /** `off` sends no packet at all, as a muted phone with silence suppression. */
  setSending(sending: 'on' | 'off'): void {
    this.#sending = sending;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#socket.close();
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    while (this.#startMs + this.#frames * FRAME_MS <= nowMs) {
      this.#sendFrame(nowMs);
      this.#frames++;
    }
    const dueMs = this.#startMs + this.#frames * FRAME_MS;
    this.#timer = this.#clock.setTimer(dueMs - nowMs, () => this.#tick());
  }

  #sendFrame(nowMs: number): void {
    if (this.#remote === undefined || this.#sending === 'off') return;
    const timestamp = this.#frames * FRAME_SAMPLES;
    if (this.#sendKey(timestamp)) return;
    const samples = this.#outgoing.shift() ?? SILENCE;
    if (isVoiced(samples)) {
      this.firstVoicedSentMs ??= nowMs;
      this.lastVoicedSentMs = nowMs;
    }
    const { codec } = this.#remote;
    const payload = codec === 'PCMU' ? encodeUlaw(samples) : encodeAlaw(samples);
    this.#send(CODECS[codec], this.#frames === 0, timestamp, payload);
  }

  #sendKey(timestamp: number): boolean {
    if (this.#key === undefined) {
      const digit = this.#keys.shift();
      if (digit === undefined) return false;
      this.#key = { digit, timestamp, sentMs: 0, ends: 0 };
    }
    const key = this.#key;
    const begins = key.sentMs === 0;
    key.sentMs = Math.min(KEY_MS, key.sentMs + FRAME_MS);
    const released = key.sentMs === KEY_MS;
    const event = formatTelephoneEvent(key.digit, key.sentMs * 8, released ? 'released' : 'pressed');
    const copies = released ? KEY_ENDS : 1;
    for (let copy = 0; copy < copies; copy++) this.#send(TELEPHONE_EVENT, begins, key.timestamp, event);
    // A frame of silence between two keys: without it two equal ones could be taken for one.
    if (released) {
      this.#key = undefined;
      for (let pause = 0; pause < 4; pause++) this.#outgoing.unshift(SILENCE);
    }
    return true;
  }

  #send(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): void {
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const packet = formatRtp({ payloadType, marker, sequence: this.#sequence, timestamp, ssrc: this.#ssrc, payload });
    this.#socket.send(packet, remote.port, remote.host);
  }

  #receive(bytes: Buffer): void {
    const atMs = this.#clock.nowMs();
    const packet = parseRtp(bytes);
    if (packet === undefined || this.heard.length >= HEARD_PACKETS_MAX) return;
    const { payloadType, sequence, payload } = packet;
    if (payloadType !== CODECS.PCMU && payloadType !== CODECS.PCMA) return;
    const samples = payloadType === CODECS.PCMU ? decodeUlaw(payload) : decodeAlaw(payload);
    this.heard.push({ atMs, sequence, payloadBytes: payload.length, samples, voiced: isVoiced(samples) });
  }
}

const SILENCE = new Int16Array(FRAME_SAMPLES);

export function isVoiced(samples: Int16Array): boolean {
  return samples.length > 0 && dbfs(rms(samples)) >= VOICED_DBFS_MIN;
}
