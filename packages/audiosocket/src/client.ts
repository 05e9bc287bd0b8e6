import { connect, type Socket } from 'node:net';
import { type AsteriskBehaviour, type AsteriskEnding, BEHAVIOURS, type BehaviourTraits } from './behaviour.js';
import type { AudioSocketClock } from './clock.js';
import { AudioSocketDecoder } from './decoder.js';
import { encodeAudio, encodeDtmf, encodeFrame, HEADER_BYTES } from './encoder.js';
import { KIND_AUDIO, KIND_HANGUP, KIND_UUID, rateForKind } from './kinds.js';
import { ReceivedLog } from './received-log.js';
import { parseUuid } from './uuid.js';

export interface AudioSocketClientOptions {
  readonly clock: AudioSocketClock;
  readonly host: string;
  readonly port: number;
  readonly uuid: string;
  readonly behaviour: AsteriskBehaviour;
  /** What the caller would hear; the bytes are valid only until it returns. */
  onAudio?(pcmBytes: Uint8Array, rateHz: number): void;
  /** The server left Asterisk's thread stuck: a FIN without 0x00 (old), or part of a header (new). */
  onSpinning?(): void;
  /** How many received frames are kept in `received.frames`; 15000 (five minutes) unless told. */
  readonly recordedFramesMax?: number;
}

export interface ClientEnd {
  readonly how: AsteriskEnding;
  /** What `TryExec(AudioSocket(...))` leaves in TRYSTATUS. */
  readonly tryStatus: 'SUCCESS' | 'FAILED';
  /** Whether a plain `AudioSocket()` goes on to the next priority; otherwise the call is hung up. */
  readonly dialplanGoesOn: boolean;
  readonly detail: string;
}

/** `spinning`: Asterisk's thread is stuck in a read, the caller hears nothing. */
export type ClientState = 'connecting' | 'open' | 'spinning' | 'ended';

const CONNECT_MS_MAX = 2000;
/** Stands for the kernel's full send buffer, where Asterisk gives up: a second of audio that could not leave. */
const UNSENT_BYTES_MAX = 16_000;
/** How long a close may take to deliver what was sent before it. */
const CLOSE_MS_MAX = 500;
const RECORDED_FRAMES_MAX = 15_000;

/**
 * Connects as `AudioSocket(uuid,host:port)` does. Never rejects: a call that could not be connected is a client that has
 * ended (`state`, `ended`), just as the dialplan would see it.
 */
export async function connectAudioSocket(options: AudioSocketClientOptions): Promise<AudioSocketClient> {
  const client = new AudioSocketClient(options);
  await client.connect();
  return client;
}

/** Asterisk's side of one call. Made by `connectAudioSocket`. Everything may be called at any time, any number of times. */
export class AudioSocketClient {
  /** Resolves once, when the socket is closed. Never rejects. */
  readonly ended: Promise<ClientEnd>;
  readonly received: ReceivedLog;
  readonly #options: AudioSocketClientOptions;
  readonly #traits: BehaviourTraits;
  readonly #decoder = new AudioSocketDecoder();
  #resolveEnded: (end: ClientEnd) => void = () => {};
  #socket: Socket | undefined;
  #state: ClientState = 'connecting';
  #end: ClientEnd | undefined;
  #hangupWanted = false;
  #activeAtMs = 0;
  #idleTimer: { cancel(): void } | undefined;
  #splitTimer: { cancel(): void } | undefined;

  constructor(options: AudioSocketClientOptions) {
    this.#options = options;
    this.#traits = BEHAVIOURS[options.behaviour];
    this.received = new ReceivedLog(options.recordedFramesMax ?? RECORDED_FRAMES_MAX);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Resolves when the UUID is sent, or when the attempt is over. Once only; `connectAudioSocket` has done it. */
  connect(): Promise<void> {
    if (this.#socket !== undefined || this.#end !== undefined) return Promise.resolve();
    const uuid = parseUuid(this.#options.uuid);
    if (uuid === undefined) {
      this.#finish('bad_uuid');
      return Promise.resolve();
    }
    const { host, port, clock } = this.#options;
    // Half open, or Node would answer the server's FIN by itself, which an old Asterisk never does.
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#socket = socket;
    const deadline = clock.setTimer(CONNECT_MS_MAX, () => this.#finish('connect_timeout'));
    socket.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    socket.on('end', () => this.#onFin());
    socket.on('error', (error) =>
      this.#finish(this.#state === 'connecting' ? 'connect_failed' : 'reset', error.message),
    );
    socket.once('close', () => this.#onClosed());
    return new Promise((resolve) => {
      socket.once('close', resolve);
      socket.once('close', () => deadline.cancel());
      socket.once('connect', () => {
        deadline.cancel();
        this.#state = 'open';
        this.#send(encodeFrame(KIND_UUID, uuid));
        this.#watchIdle();
        resolve();
      });
    });
  }

  /** What the caller's phone sent: little-endian samples, 20 ms at a time. False when the call is not running. */
  sendAudio(pcmBytes: Uint8Array, rateHz = 8000): boolean {
    return this.#send(encodeAudio(rateHz, pcmBytes));
  }

  /** False when the call is not running, and always on an old Asterisk, which does not pass keys on. */
  sendDtmf(digit: string): boolean {
    return this.#traits.dtmf === 'sent' && this.#send(encodeDtmf(digit));
  }

  /** The caller hangs up: a FIN and nothing else. Not noticed while Asterisk waits for the rest of a header. */
  hangup(): void {
    this.#hangupWanted = true;
    if (this.#traits.splitHeader === 'waits' && this.#state === 'spinning') return;
    this.#finish('caller_hangup');
  }

  /** The connection breaks: a reset. */
  abort(): void {
    this.#decide('aborted', '');
    if (this.#socket?.connecting === true) this.#socket.destroy();
    else this.#socket?.resetAndDestroy();
  }

  #send(frame: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#state !== 'open' || socket === undefined) return false;
    if (socket.writableLength > UNSENT_BYTES_MAX) {
      this.#finish('write_failed');
      return false;
    }
    this.#activeAtMs = this.#options.clock.nowMs();
    socket.write(frame);
    return true;
  }

  #onData(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#activeAtMs = this.#options.clock.nowMs();
    this.#splitTimer?.cancel();
    this.#decoder.push(chunk, this.#onFrame);
    if (this.#end === undefined) this.#onPartialFrame();
  }

  readonly #onFrame = (kind: number, payload: Uint8Array): void => {
    if (this.#end !== undefined) return;
    this.received.add(this.#activeAtMs, kind, payload.byteLength);
    const rateHz = rateForKind(kind);
    const playable = kind === KIND_AUDIO || this.#traits.widebandAudio === 'played';
    if (kind === KIND_HANGUP) this.#finish('server_hangup');
    else if (rateHz !== undefined && playable && payload.byteLength > 0) this.#options.onAudio?.(payload, rateHz);
    else if (this.#traits.unexpectedFrame === 'ends') this.#finish('fatal_frame', `kind ${kind}`);
    else this.received.warnings++;
  };

  #onPartialFrame(): void {
    const { pendingBytes, pendingKind } = this.#decoder;
    const traits = this.#traits;
    const inHeader = pendingBytes > 0 && pendingBytes < HEADER_BYTES;
    this.#state = 'open';
    if (pendingKind === KIND_HANGUP && pendingBytes >= traits.hangupHeaderBytes) this.#finish('server_hangup');
    else if (inHeader && traits.splitHeader === 'waits') this.#spin();
    else if (this.#hangupWanted) this.#finish('caller_hangup');
    else if (pendingBytes > 0) this.#watchSplit();
  }

  #spin(): void {
    this.#state = 'spinning';
    this.#options.onSpinning?.();
  }

  /**
   * One turn of the event loop is added to the limit: the rest may lie in the kernel already while this process was busy,
   * or when Node cut a large read.
   */
  #watchSplit(): void {
    const { clock } = this.#options;
    this.#splitTimer = clock.setTimer(this.#traits.splitMsMax, () => {
      this.#splitTimer = clock.setTimer(0, () => this.#finish('split_frame'));
    });
  }

  /** One timer that looks at the last activity, instead of one that is set anew a hundred times a second. */
  #watchIdle(): void {
    const { idleMsMax } = this.#traits;
    if (idleMsMax === undefined) return;
    const { clock } = this.#options;
    const look = () => {
      const leftMs = this.#activeAtMs + idleMsMax - clock.nowMs();
      if (leftMs > 0 || this.#state === 'spinning')
        this.#idleTimer = clock.setTimer(leftMs > 0 ? leftMs : idleMsMax, look);
      else this.#finish('timeout');
    };
    this.#idleTimer = clock.setTimer(idleMsMax, look);
  }

  #onFin(): void {
    if (this.#end !== undefined) return;
    if (this.#traits.serverFin === 'ends') {
      this.#finish('server_closed');
      return;
    }
    this.#splitTimer?.cancel();
    this.#spin();
  }

  #decide(how: AsteriskEnding, detail: string): void {
    if (this.#end !== undefined) return;
    const success = this.#traits.successes.includes(how);
    this.#end = { how, tryStatus: success ? 'SUCCESS' : 'FAILED', dialplanGoesOn: success, detail };
    this.#state = 'ended';
    this.#idleTimer?.cancel();
    this.#splitTimer?.cancel();
    if (this.#socket === undefined) this.#resolveEnded(this.#end);
  }

  /** Ends and closes as Asterisk does, by closing the socket: what was sent is still delivered, what comes is not read. */
  #finish(how: AsteriskEnding, detail = ''): void {
    const socket = this.#socket;
    this.#decide(how, detail);
    if (socket === undefined || socket.destroyed) return;
    if (socket.connecting || socket.writableLength === 0) {
      socket.destroy();
      return;
    }
    const deadline = this.#options.clock.setTimer(CLOSE_MS_MAX, () => socket.destroy());
    socket.once('close', () => deadline.cancel());
    socket.destroySoon();
  }

  #onClosed(): void {
    this.#decide('reset', 'closed');
    if (this.#end !== undefined) this.#resolveEnded(this.#end);
  }
}
