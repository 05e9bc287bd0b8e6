import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { bytesToPcm16, pcm16ToBytes } from '@rapida/audio';
import {
  AudioSocketConnection,
  AudioSocketDecoder,
  DEFAULT_LIMITS,
  encodeAudio,
  encodeDtmf,
  encodeUuid,
  rateForKind,
} from '@rapida/audiosocket';
import { AsteriskQueue, formatEvent, MediaConnection, type MediaFormat, mediaFormat } from '@rapida/chan-websocket';
import { type Clock, FRAME_MS, type MediaTransport, RATE_HZ } from '@rapida/core';
import { createAudioSocketTransport, openWebSocketTransport } from '@rapida/media';
import type { WebSocket } from 'ws';

/** `local`: AudioSocket, we send a frame per frame time. `peer`: chan_websocket, Asterisk queues and paces. */
export type Pacing = MediaTransport['pacing'];

/**
 * Asterisk's end of one media connection, without a network: the real transport is at the other end. On the wire is 16 kHz
 * signed linear, so what is heard can be compared sample by sample with what was spoken.
 */
export interface Line {
  /** A frame time passes. To be called every 20 ms while the line is up. */
  tick(): void;
  say(samples: Int16Array): void;
  press(digit: string): void;
  hangup(): void;
  /** The network is gone, without a word. */
  lose(): void;
  /** The connection has ended, whoever ended it. */
  readonly over: boolean;
}

export interface LineOptions {
  readonly clock: Clock;
  readonly contextId: string;
  /** Hears what the caller hears, when the caller hears it. The samples may be kept. */
  readonly onHeard: (samples: Int16Array) => void;
  /** The server's end, or why it never came to be; called once. */
  readonly onTransport: (transport: MediaTransport | { readonly missing: string }) => void;
}

export function openLine(pacing: Pacing, options: LineOptions): Line {
  return pacing === 'local' ? new AudioSocketLine(options) : new WebSocketLine(options);
}

/** A caller says the same few frames again and again: each is encoded once. */
class Encoded {
  readonly #bytes = new WeakMap<Int16Array, Uint8Array>();
  readonly #encode: (samples: Int16Array) => Uint8Array;

  constructor(encode: (samples: Int16Array) => Uint8Array) {
    this.#encode = encode;
  }

  of(samples: Int16Array): Uint8Array {
    const bytes = this.#bytes.get(samples) ?? this.#encode(samples);
    this.#bytes.set(samples, bytes);
    return bytes;
  }
}

/** What the socket says when nothing comes back from the network any more. */
const LOST = Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });

/** The stream the server holds; its other end is not a stream but the callback, and `push`. */
class StreamToPhone extends Duplex {
  readonly #onBytes: (bytes: Uint8Array) => void;

  constructor(onBytes: (bytes: Uint8Array) => void) {
    super();
    this.#onBytes = onBytes;
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#onBytes(chunk);
    done();
  }

  /** Asterisk closes when it was told that the call is over. */
  override _final(done: () => void): void {
    this.push(null);
    done();
  }
}

/** AudioSocket: what arrives is heard at once. */
class AudioSocketLine implements Line {
  readonly #stream: StreamToPhone;
  readonly #encoded = new Encoded((samples) => encodeAudio(RATE_HZ, pcm16ToBytes(samples)));

  constructor({ clock, contextId, onHeard, onTransport }: LineOptions) {
    const decoder = new AudioSocketDecoder();
    const onFrame = (kind: number, payload: Uint8Array): void => {
      const rateHz = rateForKind(kind);
      if (rateHz === undefined) return;
      // Before the first frame of the caller has told our rate there is silence in 8 kHz.
      onHeard(rateHz === RATE_HZ ? bytesToPcm16(payload) : new Int16Array((RATE_HZ * FRAME_MS) / 1000));
    };
    this.#stream = new StreamToPhone((bytes) => void decoder.push(bytes, onFrame));
    new AudioSocketConnection(this.#stream, {
      clock,
      limits: DEFAULT_LIMITS,
      onOpen: (connection) => onTransport(createAudioSocketTransport(connection, { clock })),
    });
    this.#stream.push(encodeUuid(contextId));
  }

  get over(): boolean {
    return this.#stream.destroyed;
  }

  tick(): void {}

  say(samples: Int16Array): void {
    if (!this.over) this.#stream.push(this.#encoded.of(samples));
  }

  press(digit: string): void {
    if (!this.over) this.#stream.push(encodeDtmf(digit));
  }

  hangup(): void {
    if (!this.over) this.#stream.push(null);
  }

  lose(): void {
    this.#stream.destroy(LOST);
  }
}

/** As much of a WebSocket of `ws` as a media connection uses. Messages arrive later, never within the call that sent them. */
class SocketToPhone extends EventEmitter {
  readonly bufferedAmount = 0;
  closed = false;
  readonly #onMessage: (message: Uint8Array | string) => void;

  constructor(onMessage: (message: Uint8Array | string) => void) {
    super();
    this.#onMessage = onMessage;
  }

  send(message: Uint8Array | string): void {
    if (!this.closed) this.#onMessage(message);
  }

  /** Asterisk answers with 1001. */
  close(): void {
    queueMicrotask(() => this.end(1001));
  }

  terminate(): void {
    queueMicrotask(() => this.end(1006));
  }

  deliver(message: Uint8Array | string): void {
    if (this.closed) return;
    if (typeof message === 'string') this.emit('message', Buffer.from(message), false);
    else this.emit('message', Buffer.from(message.buffer, message.byteOffset, message.byteLength), true);
  }

  end(code: number): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('close', code);
  }
}

const FORMAT = mediaFormat('slin16') as MediaFormat;

/** chan_websocket: what arrives is queued, a frame is heard per tick. */
class WebSocketLine implements Line {
  readonly #socket: SocketToPhone;
  readonly #queue: AsteriskQueue;
  readonly #encoded = new Encoded(pcm16ToBytes);
  readonly #onHeard: (samples: Int16Array) => void;

  constructor({ clock, contextId, onHeard, onTransport }: LineOptions) {
    this.#onHeard = onHeard;
    const socket = new SocketToPhone((message) => this.#take(message));
    this.#socket = socket;
    const say = (event: Parameters<typeof formatEvent>[0]): void =>
      queueMicrotask(() => socket.deliver(formatEvent(event, 'json')));
    this.#queue = new AsteriskQueue({ format: FORMAT, form: 'json', behaviour: '22.10', channelId: 'c', say });
    const connection = new MediaConnection(socket as unknown as WebSocket, { clock });
    const { listener, ready } = openWebSocketTransport(connection, { clock });
    connection.listen(listener);
    void ready.then((start) => onTransport(start.ok ? start.transport : { missing: start.closed.reason }));
    say({
      event: 'MEDIA_START',
      connectionId: 'simulated',
      channel: 'WebSocket/simulated',
      channelId: 'c',
      format: FORMAT.name,
      optimalFrameSize: FORMAT.frameBytes,
      ptimeMs: FRAME_MS,
      channelVariables: new Map([['RAPIDA_CONTEXT_ID', contextId]]),
    });
  }

  get over(): boolean {
    return this.#socket.closed;
  }

  tick(): void {
    const frame = this.#queue.tick();
    if (frame !== undefined) this.#onHeard(bytesToPcm16(frame));
  }

  say(samples: Int16Array): void {
    this.#socket.deliver(this.#encoded.of(samples));
  }

  press(digit: string): void {
    this.#socket.deliver(formatEvent({ event: 'DTMF_END', channelId: 'c', digit }, 'json'));
  }

  hangup(): void {
    this.#socket.end(1000);
  }

  lose(): void {
    this.#socket.end(1006);
  }

  #take(message: Uint8Array | string): void {
    if (typeof message !== 'string') this.#queue.takeMedia(message);
    else if (this.#queue.takeText(message) === 'hangup') queueMicrotask(() => this.#socket.end(1000));
  }
}
