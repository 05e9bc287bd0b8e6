import type { Duplex } from 'node:stream';
import type { AudioSocketClock } from './clock.js';
import {
  type ConnectionCounters,
  type ConnectionEnd,
  type ConnectionEndReason,
  endReasonOfError,
} from './connection-end.js';
import { AudioSocketDecoder } from './decoder.js';
import { encodeHangup } from './encoder.js';
import { KIND_DTMF, KIND_HANGUP, KIND_UUID, kindRow } from './kinds.js';
import type { ConnectionLimits } from './limits.js';
import { formatUuid, UUID_BYTES } from './uuid.js';

/** A `net.Socket`, or any Duplex in a test. */
export type AudioSocketStream = Duplex & {
  readonly remoteAddress?: string | undefined;
  setNoDelay?(noDelay: boolean): unknown;
  resetAndDestroy?(): unknown;
};

export type ConnectionState = 'waiting_for_uuid' | 'open' | 'closing' | 'closed';

/** Called synchronously while a chunk is decoded. One that throws ends its own connection, nothing else. */
export interface AudioSocketListener {
  /** Whole 16-bit little-endian samples, at any byte offset, valid only until this returns: read or copy. */
  onAudio(pcmBytes: Uint8Array, rateHz: number, kind: number): void;
  onDtmf?(digit: string): void;
  /** The caller is gone. Every other ending, and this one too, is told by `closed`. */
  onHangup?(how: 'fin' | 'frame'): void;
}

export interface ConnectionOptions {
  readonly clock: AudioSocketClock;
  readonly limits: ConnectionLimits;
  /** Called once, when the UUID has arrived; never for a connection that ends before. */
  onOpen(connection: AudioSocketConnection): void;
}

/**
 * The server's side of one connection, from accept to close. Frames that arrive before `setListener` are counted and
 * forgotten: live audio is not worth keeping. Everything may be called in every state, any number of times.
 */
export class AudioSocketConnection {
  readonly remoteAddress: string;
  /** Resolves once, when the stream is closed. Never rejects. */
  readonly closed: Promise<ConnectionEnd>;
  readonly counters: ConnectionCounters = {
    framesIn: 0,
    framesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    unknownKinds: 0,
    ignored: 0,
    droppedOut: 0,
    oddAudio: 0,
  };
  readonly #stream: AudioSocketStream;
  readonly #options: ConnectionOptions;
  readonly #acceptedAtMs: number;
  readonly #decoder = new AudioSocketDecoder({ payloadBytesMax: UUID_BYTES });
  #state: ConnectionState = 'waiting_for_uuid';
  #contextId = '';
  #listener: AudioSocketListener | undefined;
  #end: ConnectionEnd | undefined;
  #deadline: { cancel(): void } | undefined;
  #stall: { cancel(): void } | undefined;

  constructor(stream: AudioSocketStream, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#acceptedAtMs = options.clock.nowMs();
    this.remoteAddress = stream.remoteAddress ?? '';
    this.#deadline = options.clock.setTimer(options.limits.firstFrameMs, () => this.#cut('first_frame_timeout'));
    this.closed = new Promise((resolve) => {
      stream.once('close', () => {
        this.#decide('socket_error', 'closed');
        if (this.#end !== undefined) resolve(this.#end);
      });
    });
    stream.setNoDelay?.(true);
    stream.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    stream.on('end', () => this.#onFin());
    stream.on('error', (error) => {
      const { reason, detail } = endReasonOfError(error);
      if (reason === 'peer_fin') this.#onFin(detail);
      else this.#decide(reason, detail);
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Lower-case dashed UUID; empty until it has arrived. It is the call's only secret: do not log it whole. */
  get contextId(): string {
    return this.#contextId;
  }

  /** Throws when a listener is set already: two owners of one call is a mistake in the program. */
  setListener(listener: AudioSocketListener): void {
    if (this.#listener !== undefined) throw new Error('the connection has a listener already');
    this.#listener = listener;
  }

  /**
   * Sends one whole frame (header and payload); the buffer must not change afterwards. False when it was not sent: not
   * open, or (counted in `droppedOut`) `queuedBytesMax` already wait for a peer that does not read.
   */
  write(frame: Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    const { clock, limits } = this.#options;
    if (this.#stream.writableLength + frame.byteLength > limits.queuedBytesMax) {
      this.counters.droppedOut++;
      this.#stall ??= clock.setTimer(limits.stalledMsMax, () => this.#onStalled());
      return false;
    }
    this.#stallOver();
    this.counters.framesOut++;
    this.counters.bytesOut += frame.byteLength;
    this.#stream.write(frame);
    return true;
  }

  /** Ends the call the way every Asterisk understands: 0x00, then close; a peer that stays is cut off after `hangupMs`. */
  hangup(): void {
    if (this.#end !== undefined) return;
    if (this.#state !== 'open') {
      this.#cut('hangup');
      return;
    }
    this.#decide('hangup', '');
    this.#state = 'closing';
    this.#stream.write(encodeHangup());
    this.#stream.end();
    this.#deadline = this.#options.clock.setTimer(this.#options.limits.hangupMs, () => this.#cut('hangup'));
  }

  /** Ends at once, without waiting for the peer; `detail` is kept in `closed`. */
  destroy(detail = ''): void {
    this.#cut('destroyed', detail);
  }

  #onData(chunk: Uint8Array): void {
    // Reading goes on after a hangup: closing with bytes unread resets the connection and could overtake the 0x00.
    if (this.#end !== undefined) return;
    this.counters.bytesIn += chunk.byteLength;
    try {
      const outcome = this.#decoder.push(chunk, this.#onFrame);
      if (outcome.ok || this.#end !== undefined) return;
      if (this.#state === 'open') this.#cut('payload_too_large', `${outcome.payloadBytes} bytes`);
      else this.#cut(outcome.kind === KIND_UUID ? 'first_frame_bad_length' : 'first_frame_not_uuid');
    } catch (error) {
      this.#listenerFailed(error);
    }
  }

  readonly #onFrame = (kind: number, payload: Uint8Array): void => {
    if (this.#end !== undefined) return;
    this.counters.framesIn++;
    const row = kindRow(kind);
    if (this.#state === 'waiting_for_uuid') this.#onFirstFrame(kind, payload);
    else if (row === undefined) this.counters.unknownKinds++;
    else if (kind === KIND_HANGUP) this.#onPeerHangup('frame', '');
    else if (row.rateHz !== undefined && this.#listener !== undefined) this.#onAudio(payload, row.rateHz, kind);
    else if (kind === KIND_DTMF && this.#listener !== undefined) this.#onDtmf(payload);
    else this.counters.ignored++;
  };

  #onFirstFrame(kind: number, payload: Uint8Array): void {
    if (kind !== KIND_UUID || payload.byteLength !== UUID_BYTES) {
      this.#cut(kind === KIND_UUID ? 'first_frame_bad_length' : 'first_frame_not_uuid');
      return;
    }
    this.#deadline?.cancel();
    this.#contextId = formatUuid(payload);
    this.#state = 'open';
    this.#decoder.payloadBytesMax = this.#options.limits.payloadBytesMax;
    this.#options.onOpen(this);
  }

  #onAudio(payload: Uint8Array, rateHz: number, kind: number): void {
    const wholeBytes = payload.byteLength & ~1;
    if (wholeBytes !== payload.byteLength) this.counters.oddAudio++;
    if (wholeBytes === 0) this.counters.ignored++;
    else this.#listener?.onAudio(wholeBytes === payload.byteLength ? payload : payload.subarray(0, -1), rateHz, kind);
  }

  #onDtmf(payload: Uint8Array): void {
    const digit = String.fromCharCode(payload[0] ?? 0);
    if (payload.byteLength === 1 && /[0-9*#A-Da-d]/.test(digit)) this.#listener?.onDtmf?.(digit);
    else this.counters.ignored++;
  }

  #onFin(detail = ''): void {
    if (this.#end !== undefined || this.#state === 'open') {
      this.#onPeerHangup('fin', detail);
      return;
    }
    this.#decide(this.counters.bytesIn === 0 ? 'no_frame' : 'first_frame_truncated', detail);
    this.#stream.destroy();
  }

  /** Both halves close at once, so neither side is left in CLOSE-WAIT. */
  #onPeerHangup(how: 'fin' | 'frame', detail: string): void {
    const news = this.#decide(how === 'fin' ? 'peer_fin' : 'peer_hangup', detail);
    this.#stream.destroy();
    if (!news) return;
    try {
      this.#listener?.onHangup?.(how);
    } catch (error) {
      this.#listenerFailed(error);
    }
  }

  #listenerFailed(error: unknown): void {
    this.#cut('listener_failed', error instanceof Error ? error.message : String(error));
  }

  /** Nothing was accepted since the first dropped frame; but perhaps only because nothing was written. */
  #onStalled(): void {
    this.#stallOver();
    if (this.#stream.writableLength > 0) this.#cut('peer_not_reading');
  }

  #stallOver(): void {
    this.#stall?.cancel();
    this.#stall = undefined;
  }

  /** Records why it ended, the first time only, and stops everything that could still fire. */
  #decide(reason: ConnectionEndReason, detail: string): boolean {
    this.#deadline?.cancel();
    this.#stallOver();
    this.#state = 'closed';
    if (this.#end !== undefined) return false;
    const durationMs = this.#options.clock.nowMs() - this.#acceptedAtMs;
    this.#end = { reason, detail, truncatedBytes: this.#decoder.pendingBytes, durationMs };
    return true;
  }

  /**
   * Ends at once. Never a bare FIN: Asterisk before 20.14 / 22.4 does not notice one and spins until the caller gives up.
   * With an empty queue a 0x00 goes out first; behind unsent bytes it would not, so then the connection is reset.
   */
  #cut(reason: ConnectionEndReason, detail = ''): void {
    this.#decide(reason, detail);
    const stream = this.#stream;
    if (stream.destroyed) return;
    if (stream.writableLength > 0 && stream.resetAndDestroy !== undefined) {
      stream.resetAndDestroy();
      return;
    }
    if (stream.writable) stream.write(encodeHangup());
    stream.destroy();
  }
}
