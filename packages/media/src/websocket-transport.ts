import { bytesToPcm16, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, pcm16ToBytes, Resampler } from '@rapida/audio';
import type {
  MediaConnection,
  MediaConnectionListener,
  MediaEnd,
  MediaFormat,
  MediaStartEvent,
} from '@rapida/chan-websocket';
import {
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type MediaClosed,
  type MediaCounters,
  type MediaListener,
  type MediaTransport,
  RATE_HZ,
} from '@rapida/core';
import { Inbound } from './inbound.js';

/** How it went with `MEDIA_START`. */
export type WebSocketStart =
  | { readonly ok: true; readonly transport: MediaTransport; readonly start: MediaStartEvent }
  /** The connection ended before; `closed.reason` says why, e.g. `start_timeout` or `format_unsupported`. */
  | { readonly ok: false; readonly closed: MediaClosed };

/**
 * Takes a connection over: give `listener` back from the upgrade's `accept`. The format is known only when Asterisk has
 * said `MEDIA_START`, hence the promise; what arrives until the transport is started is kept, within its bounds. `ready`
 * resolves once and never rejects.
 */
export function openWebSocketTransport(
  connection: MediaConnection,
  options: { readonly clock: Clock },
): { readonly listener: MediaConnectionListener; readonly ready: Promise<WebSocketStart> } {
  const inbound = new Inbound(options.clock);
  let transport: WebSocketTransport | undefined;
  let resolve: (start: WebSocketStart) => void = () => {};
  const ready = new Promise<WebSocketStart>((settle) => {
    resolve = settle;
  });
  /** A connection's listener must not throw: what it calls may, and then this call ends and no other. */
  const guarded = (deliver: () => void): void => {
    try {
      deliver();
    } catch {
      transport?.fail();
    }
  };
  const listener: MediaConnectionListener = {
    onStart(start, format) {
      const codec = CODECS.get(format.name);
      // Frames that are no part of 20 ms cannot be kept whole; Asterisk has them only when its codec settings say so.
      if (
        codec === undefined ||
        (format.rateHz * FRAME_MS * format.bytesPerSample) % (1000 * format.frameBytes) !== 0
      ) {
        resolve({ ok: false, closed: { by: 'fault', reason: 'format_unsupported' } });
        return connection.hangup();
      }
      transport = new WebSocketTransport(connection, inbound, format, codec);
      resolve({ ok: true, transport, start });
    },
    onMedia: (bytes) => guarded(() => transport?.onMedia(bytes)),
    onDtmf: (digit) => guarded(() => inbound.dtmf(digit)),
    onMark: (id) => guarded(() => inbound.mark(id)),
    onXoff: () => guarded(() => inbound.flow('stop')),
    onXon: () => guarded(() => inbound.flow('go')),
    onBufferingCompleted() {},
    onDrained() {},
    onStatus() {},
    onPeerError: () => transport?.onPeerError(),
    onClosed: (end) => resolve({ ok: false, closed: closedOf(end) }),
  };
  return { listener, ready };
}

interface Codec {
  encode(samples: Int16Array): Uint8Array;
  decode(bytes: Uint8Array): Int16Array;
}

const LINEAR: Codec = { encode: (samples) => pcm16ToBytes(samples), decode: (bytes) => bytesToPcm16(bytes) };
const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['ulaw', { encode: (samples) => encodeUlaw(samples), decode: (bytes) => decodeUlaw(bytes) }],
  ['alaw', { encode: (samples) => encodeAlaw(samples), decode: (bytes) => decodeAlaw(bytes) }],
  ['slin', LINEAR],
  ['slin16', LINEAR],
  ['slin24', LINEAR],
  ['slin48', LINEAR],
]);

class WebSocketTransport implements MediaTransport {
  readonly kind = 'websocket';
  readonly pacing = 'peer';
  readonly wire: { readonly format: string; readonly rateHz: number };
  readonly silence: Uint8Array;
  readonly closed: Promise<MediaClosed>;
  readonly #connection: MediaConnection;
  readonly #inbound: Inbound;
  readonly #codec: Codec;
  readonly #frameBytes: number;
  readonly #resampler: Resampler;
  #framesIn = 0;
  #framesOut = 0;
  #framesDropped = 0;
  #peerErrors = 0;
  #hasFailed = false;

  constructor(connection: MediaConnection, inbound: Inbound, format: MediaFormat, codec: Codec) {
    this.#connection = connection;
    this.#inbound = inbound;
    this.#codec = codec;
    this.wire = { format: format.name, rateHz: format.rateHz };
    this.#frameBytes = (format.rateHz * format.bytesPerSample * FRAME_MS) / 1000;
    this.#resampler = new Resampler({ fromHz: RATE_HZ, toHz: format.rateHz });
    this.silence = new Uint8Array(this.#frameBytes).fill(format.silenceByte);
    this.closed = connection.closed.then((end) =>
      this.#hasFailed ? { by: 'fault', reason: 'listener_failed' } : closedOf(end),
    );
  }

  start(listener: MediaListener): void {
    this.#inbound.start(listener);
  }

  /** Views of one buffer. */
  encode(samples: Int16Array): Uint8Array[] {
    const bytes = this.#codec.encode(this.#resampler.process(samples));
    return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
      bytes.subarray(index * this.#frameBytes, (index + 1) * this.#frameBytes),
    );
  }

  send(frames: Uint8Array): boolean {
    const count = frames.length / this.#frameBytes;
    const isSent = this.#connection.sendMedia(frames);
    if (isSent) this.#framesOut += count;
    else this.#framesDropped += count;
    return isSent;
  }

  clear(): void {
    this.#connection.flush();
  }

  mark(id: string): boolean {
    return this.#connection.marks === 'supported' && this.#connection.mark(id);
  }

  hangup(): void {
    this.#connection.hangup();
  }

  counters(): MediaCounters {
    const { malformedTexts, unknownEvents, earlyEvents, duplicateStarts, earlyMediaDropped, oddLengths } =
      this.#connection.counters;
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      framesDropped: this.#framesDropped,
      badInput: {
        malformed_text: malformedTexts,
        unknown_event: unknownEvents,
        early_event: earlyEvents,
        duplicate_start: duplicateStarts,
        odd_length: oddLengths,
        before_start: earlyMediaDropped + this.#inbound.earlyDropped,
        peer_error: this.#peerErrors,
      },
    };
  }

  onMedia(bytes: Uint8Array): void {
    this.#framesIn++;
    this.#inbound.audio(this.#codec.decode(bytes), this.wire.rateHz);
  }

  onPeerError(): void {
    this.#peerErrors++;
  }

  fail(): void {
    this.#hasFailed = true;
    this.#connection.hangup();
  }
}

function closedOf({ reason }: MediaEnd): MediaClosed {
  switch (reason) {
    case 'caller_hangup':
    case 'peer_closed':
      return { by: 'caller', reason };
    case 'peer_reset': // how a hangup looks when Asterisk has not read all of our audio
      return { by: 'caller', reason: 'caller_hangup' };
    case 'app_hangup':
      return { by: 'assistant', reason: 'hangup' };
    default:
      return { by: 'fault', reason };
  }
}
