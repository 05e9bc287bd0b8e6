import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type AsteriskBehaviour, AsteriskQueue, type AsteriskQueueCounters } from './asterisk-queue.js';
import { type HandshakeOutcome, HandshakeReply, handshakeRequest } from './client-handshake.js';
import { clientFrame, closePayload, OPCODE, ServerFrameReader, type WireFrame } from './client-wire.js';
import type { ChanWebSocketClock } from './clock.js';
import { ChanWebSocketError } from './errors.js';
import { formatEvent } from './event-format.js';
import type { AsteriskEvent, ControlForm } from './events.js';
import { type MediaFormat, mediaFormat } from './formats.js';

export interface ChanWebSocketClientOptions {
  readonly clock: ChanWebSocketClock;
  /** `ws:` or `wss:`, with the query that `v()` of the dial string would have added. */
  readonly url: string;
  /** Default `['media']`; empty leaves the header out. */
  readonly protocols?: readonly string[];
  /** Default `ulaw`. Throws `format_unknown` when it is not in the table of formats. */
  readonly format?: string;
  /** Default `json`, or `plain-text` for 22.6, which throws `form_unsupported` for JSON. */
  readonly form?: ControlForm;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in MEDIA_START; JSON only, as in Asterisk. */
  readonly channelVariables?: Readonly<Record<string, string>>;
  /** Default `22.10`. */
  readonly behaviour?: AsteriskBehaviour;
  readonly channelId?: string;
  readonly tls?: ConnectionOptions;
  /** Bound on connecting and the handshake together. Asterisk itself waits without limit. Default 10,000. */
  readonly handshakeMsMax?: number;
  /** What the caller hears: one frame per frame time, valid as long as it is kept. */
  readonly onRtp?: (frame: Uint8Array, atMs: number) => void;
}

export interface ChanWebSocketEnd {
  readonly how:
    | 'caller_hangup'
    /** The app sent HANGUP. */
    | 'app_hangup'
    /** The app closed the WebSocket. */
    | 'app_closed'
    | 'connection_lost'
    /** `abort()` was called here. */
    | 'aborted'
    | 'not_connected'
    /** A frame over 65,535 bytes. */
    | 'message_too_big'
    | 'protocol_error'
    /** 22.6 hangs the channel up on a ping. */
    | 'ping';
  readonly dialStatus: 'ANSWER' | 'CHANUNAVAIL';
  readonly hangupCause: 3 | 16;
  /** The close code the app sent. */
  readonly closeCode?: number;
}

export interface ChanWebSocketClient {
  /** Resolves once with how the handshake went. Never rejects. */
  readonly opened: Promise<HandshakeOutcome>;
  /** Resolves once, when the connection is over. Never rejects. */
  readonly ended: Promise<ChanWebSocketEnd>;
  readonly queue: AsteriskQueueCounters & { readonly length: number };
  /** Continuation frames that were thrown away. */
  readonly lostFragments: number;
  /** One frame of the caller's voice. False when not connected, or when the app reads so slowly that 256 KiB are unsent. */
  sendMedia(frame: Uint8Array): boolean;
  sendDtmf(digit: string): boolean;
  /** The caller hangs up: close 1000. Safe at any time and twice. */
  hangup(): void;
  /** Cuts the connection without a closing handshake, as a lost network does. Safe at any time and twice. */
  abort(): void;
}

/**
 * A caller's leg as Asterisk's chan_websocket makes it: the same handshake, MEDIA_START, the queue that plays one frame per frame time,
 * the same refusals. For tests and phone simulators. It takes only the first fragment of a fragmented message: below 20.20 / 22.10
 * Asterisk does so, and on 22.10.1 nearly all of a fragmented message was lost too.
 */
export function connectChanWebSocket(options: ChanWebSocketClientOptions): ChanWebSocketClient {
  const behaviour = options.behaviour ?? '22.10';
  const form = options.form ?? (behaviour === '22.6' ? 'plain-text' : 'json');
  const format = mediaFormat(options.format ?? 'ulaw');
  if (format === undefined) throw new ChanWebSocketError('format_unknown', `no such format: ${options.format}`);
  if (behaviour === '22.6' && form === 'json') {
    throw new ChanWebSocketError('form_unsupported', 'Asterisk 22.6 speaks plain text only');
  }
  return new Client(options, behaviour, form, format).open();
}

const UNSENT_BYTES_MAX = 262_144;
const CLOSE_MS_MAX = 2000;
/** A timer later than this is a stopped process; Asterisk would not play the lost time either. */
const LATE_MS_MAX = 1000;
const FRAME_MS = 20;

class Client implements ChanWebSocketClient {
  readonly opened: Promise<HandshakeOutcome>;
  readonly ended: Promise<ChanWebSocketEnd>;
  readonly #options: ChanWebSocketClientOptions;
  readonly #clock: ChanWebSocketClock;
  readonly #queue: AsteriskQueue;
  readonly #form: ControlForm;
  readonly #format: MediaFormat;
  readonly #behaviour: AsteriskBehaviour;
  readonly #channelId: string | undefined;
  readonly #reader = new ServerFrameReader();
  #resolveOpened: (outcome: HandshakeOutcome) => void = () => {};
  #resolveEnded: (end: ChanWebSocketEnd) => void = () => {};
  #socket: Socket | undefined;
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #how: ChanWebSocketEnd['how'] | undefined;
  #closeCode: number | undefined;
  #timer: { cancel(): void } | undefined;
  #tickDueMs = 0;
  #lostFragments = 0;
  #connected = false;

  constructor(
    options: ChanWebSocketClientOptions,
    behaviour: AsteriskBehaviour,
    form: ControlForm,
    format: MediaFormat,
  ) {
    this.#options = options;
    this.#clock = options.clock;
    this.#behaviour = behaviour;
    this.#form = form;
    this.#format = format;
    this.#channelId = behaviour === '22.6' ? undefined : (options.channelId ?? 'asterisk-1.2');
    const say = (event: AsteriskEvent) => this.#sendText(formatEvent(event, form));
    this.#queue = new AsteriskQueue({ format, form, behaviour, channelId: this.#channelId, say });
    this.opened = new Promise((resolve) => {
      this.#resolveOpened = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get queue(): AsteriskQueueCounters & { readonly length: number } {
    return { ...this.#queue.counters, length: this.#queue.length };
  }

  get lostFragments(): number {
    return this.#lostFragments;
  }

  open(): this {
    const url = new URL(this.#options.url);
    const protocols = this.#options.protocols ?? ['media'];
    const request = handshakeRequest(url, protocols, this.#options.headers ?? {});
    const reply = new HandshakeReply(request.accept, protocols);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const secure = url.protocol === 'wss:';
    const port = Number(url.port || (secure ? 443 : 80));
    const socket = secure
      ? connectTls({ servername: host, ALPNProtocols: [], ...this.#options.tls, host, port })
      : connectTcp({ host, port });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.write(request.text);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk, reply));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#onClose(reply));
    this.#timer = this.#clock.setTimer(this.#options.handshakeMsMax ?? 10_000, () =>
      this.#fail({ ok: false, code: 'timeout' }),
    );
    return this;
  }

  #onData(chunk: Buffer, reply: HandshakeReply): void {
    if (this.#state === 'connecting') {
      const answer = reply.push(chunk);
      if (answer === undefined) return;
      if (answer.outcome.ok) {
        this.#start(answer.outcome);
        this.#onFrames(answer.rest);
      } else {
        this.#fail(answer.outcome);
      }
    } else {
      this.#onFrames(chunk);
    }
  }

  #fail(outcome: HandshakeOutcome): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'closing';
    this.#how ??= 'not_connected';
    this.#resolveOpened(outcome);
    this.#socket?.destroy();
  }

  #start(outcome: HandshakeOutcome): void {
    this.#timer?.cancel();
    this.#state = 'open';
    this.#connected = true;
    const event: AsteriskEvent = {
      event: 'MEDIA_START',
      connectionId: 'simulator',
      channel: 'WebSocket/simulator/0x1',
      channelId: this.#channelId,
      format: this.#format.name,
      optimalFrameSize: this.#format.frameBytes,
      ptimeMs: FRAME_MS,
      channelVariables: new Map(Object.entries(this.#options.channelVariables ?? {})),
    };
    this.#sendText(formatEvent(event, this.#form));
    this.#resolveOpened(outcome);
    this.#tickDueMs = this.#clock.nowMs() + FRAME_MS;
    this.#timer = this.#clock.setTimer(FRAME_MS, () => this.#onTick());
  }

  /** The schedule is absolute: a late timer does not move the frames behind it. */
  #onTick(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#tickDueMs > LATE_MS_MAX) this.#tickDueMs = nowMs;
    while (this.#tickDueMs <= nowMs && this.#state === 'open') {
      this.#tickDueMs += FRAME_MS;
      const frame = this.#queue.tick();
      if (frame !== undefined) this.#options.onRtp?.(frame, nowMs);
    }
    if (this.#state === 'open') this.#timer = this.#clock.setTimer(this.#tickDueMs - nowMs, () => this.#onTick());
  }

  #onFrames(chunk: Buffer): void {
    const outcome = this.#reader.push(chunk, (frame) => this.#onFrame(frame));
    if (outcome === 'ok') return;
    if (outcome === 'too_big') this.#close(1009, 'message_too_big');
    else this.#close(1002, 'protocol_error');
    // The stream cannot be read on; what still comes is thrown away so that the closing can go through.
    this.#socket?.removeAllListeners('data').resume().end();
  }

  #onFrame(frame: WireFrame): void {
    if (frame.opcode === OPCODE.close) {
      this.#closeCode ??= frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005;
      // Asterisk answers the app's close with 1001, not with an echo of its code.
      this.#close(1001, 'app_closed');
      this.#socket?.end();
    } else if (this.#state !== 'open') {
      return;
    } else if (frame.opcode === OPCODE.binary) {
      this.#queue.takeMedia(frame.payload);
    } else if (frame.opcode === OPCODE.text) {
      if (this.#queue.takeText(frame.payload.toString('utf8')) === 'hangup') this.#close(1000, 'app_hangup');
    } else if (frame.opcode === OPCODE.ping) {
      if (this.#behaviour === '22.6') this.#close(1000, 'ping');
      else this.#write(OPCODE.pong, frame.payload);
    } else if (frame.opcode === OPCODE.continuation) {
      this.#lostFragments += 1;
    }
  }

  sendMedia(frame: Uint8Array): boolean {
    return this.#queue.direction !== 'out' && this.#write(OPCODE.binary, frame);
  }

  sendDtmf(digit: string): boolean {
    return this.#sendText(formatEvent({ event: 'DTMF_END', channelId: this.#channelId, digit }, this.#form));
  }

  hangup(): void {
    if (this.#state === 'connecting') this.abort();
    else this.#close(1000, 'caller_hangup');
  }

  abort(): void {
    if (this.#state === 'closed') return;
    this.#how ??= 'aborted';
    if (this.#state === 'connecting') this.#fail({ ok: false, code: 'aborted' });
    else this.#socket?.destroy();
  }

  #sendText(text: string): boolean {
    return this.#write(OPCODE.text, Buffer.from(text));
  }

  #write(opcode: number, payload: Uint8Array): boolean {
    if (this.#state !== 'open' || this.#socket === undefined || this.#socket.writableLength > UNSENT_BYTES_MAX)
      return false;
    this.#socket.write(clientFrame(opcode, payload));
    return true;
  }

  #close(code: number, how: ChanWebSocketEnd['how']): void {
    if (this.#state !== 'open') return;
    this.#how ??= how;
    this.#write(OPCODE.close, closePayload(code));
    this.#state = 'closing';
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(CLOSE_MS_MAX, () => this.#socket?.destroy());
  }

  #onClose(reply: HandshakeReply): void {
    if (this.#state === 'connecting') this.#fail(reply.end());
    this.#state = 'closed';
    this.#timer?.cancel();
    const how = this.#how ?? 'connection_lost';
    const result = this.#connected
      ? ({ how, dialStatus: 'ANSWER', hangupCause: 16 } as const)
      : ({ how, dialStatus: 'CHANUNAVAIL', hangupCause: 3 } as const);
    this.#resolveEnded(this.#closeCode === undefined ? result : { ...result, closeCode: this.#closeCode });
  }
}
