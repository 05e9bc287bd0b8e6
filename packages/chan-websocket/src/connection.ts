import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ChanWebSocketClock } from './clock.js';
import { type Command, formatCommand } from './commands.js';
import type {
  MediaConnectionCounters,
  MediaConnectionLimits,
  MediaConnectionListener,
  MediaEnd,
  MediaEndReason,
} from './connection-types.js';
import { EarlyMedia } from './early-media.js';
import { type AsteriskEvent, type ControlForm, type MediaStartEvent, parseEvent } from './events.js';
import { type MediaFormat, mediaFormat, SUPPORTED_FORMATS, withAnnouncedFrame } from './formats.js';
import { wholeFrameMessages } from './framing.js';

export const MEDIA_CONNECTION_LIMITS: MediaConnectionLimits = Object.freeze({
  startMsMax: 5000,
  earlyBytesMax: 65_536,
  earlyMessagesMax: 256,
  queuedBytesMax: 262_144,
  stalledMsMax: 10_000,
  closeMsMax: 2000,
  formats: SUPPORTED_FORMATS,
});

/** Commands pass where media is refused, this many of them: FLUSH_MEDIA matters most when the socket is full. */
const COMMANDS_WHILE_FULL_MAX = 64;

export interface MediaConnectionOptions {
  readonly clock: ChanWebSocketClock;
  readonly limits?: Partial<MediaConnectionLimits>;
  /** What carries the WebSocket, which keeps errors of it to itself. */
  readonly tcp?: Pick<Duplex, 'once'>;
}

/**
 * The app's side of one chan_websocket media connection, over an open server-side WebSocket. It sends no pings: Asterisk below
 * 20.18 / 22.8 hangs the channel up on one. Nothing happens before `listen`.
 */
export class MediaConnection {
  /** Resolves once, after `onClosed`, never rejects. */
  readonly closed: Promise<MediaEnd>;
  readonly #socket: WebSocket;
  readonly #clock: ChanWebSocketClock;
  readonly #limits: MediaConnectionLimits;
  readonly #early: EarlyMedia;
  readonly #resolveClosed: (end: MediaEnd) => void;
  readonly #counters: MediaConnectionCounters = {
    malformedTexts: 0,
    unknownEvents: 0,
    earlyEvents: 0,
    duplicateStarts: 0,
    earlyMediaDropped: 0,
    oddLengths: 0,
    lateMessages: 0,
    mediaRefused: 0,
    commandsRefused: 0,
  };
  #listener: MediaConnectionListener | undefined;
  #format: MediaFormat | undefined;
  #form: ControlForm = 'plain-text';
  #marks: 'supported' | 'unknown' = 'unknown';
  #ending: MediaEndReason | undefined;
  /** What an end without a closing frame is. */
  #withoutCode: 'connection_lost' | 'peer_reset' = 'connection_lost';
  #ended = false;
  #commandsWhileFull = 0;
  #startTimer: { cancel(): void } | undefined;
  #closeTimer: { cancel(): void } | undefined;
  #stallTimer: { cancel(): void } | undefined;

  constructor(socket: WebSocket, options: MediaConnectionOptions) {
    this.#socket = socket;
    this.#clock = options.clock;
    this.#limits = { ...MEDIA_CONNECTION_LIMITS, ...options.limits };
    this.#early = new EarlyMedia(this.#limits.earlyBytesMax, this.#limits.earlyMessagesMax);
    options.tcp?.once('error', (error: Error & { code?: string }) => this.#onError(error));
    let resolveClosed: (end: MediaEnd) => void = () => {};
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve;
    });
    this.#resolveClosed = resolveClosed;
  }

  /** Undefined until `MEDIA_START`. */
  get format(): MediaFormat | undefined {
    return this.#format;
  }

  /** The form Asterisk used in `MEDIA_START`; commands go out in it. */
  get form(): ControlForm {
    return this.#form;
  }

  /** `supported` with JSON (both came in 20.18 / 22.8), and once a mark has been answered. Otherwise a mark may stay unanswered. */
  get marks(): 'supported' | 'unknown' {
    return this.#marks;
  }

  get counters(): Readonly<MediaConnectionCounters> {
    return this.#counters;
  }

  /** Starts the connection. Call once, in the tick the WebSocket was opened in, or messages are lost. */
  listen(listener: MediaConnectionListener): void {
    if (this.#listener !== undefined) return;
    this.#listener = listener;
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(listener, data, isBinary));
    this.#socket.on('error', (error: Error & { code?: string }) => this.#onError(error));
    this.#socket.once('close', (code: number) => this.#onClose(listener, code));
    this.#startTimer = this.#clock.setTimer(this.#limits.startMsMax, () => this.#end('start_timeout', 1002));
  }

  /**
   * Sends whole frames, split into several messages when needed, never fragmented. Returns false and sends nothing when the connection
   * has not started, is ending, or already has more than `queuedBytesMax` unsent; what is unsent can exceed that by one call. Throws `partial_frame` when `bytes` is not whole frames. `bytes` belongs to
   * the socket until it is written: do not change it afterwards.
   */
  sendMedia(bytes: Uint8Array): boolean {
    if (this.#format === undefined || this.#ending !== undefined || this.#ended) return false;
    const messages = wholeFrameMessages(bytes, this.#format.frameBytes);
    if (this.#socket.bufferedAmount > this.#limits.queuedBytesMax) {
      this.#counters.mediaRefused += 1;
      this.#stallTimer ??= this.#clock.setTimer(this.#limits.stalledMsMax, () => this.#onStalled());
      return false;
    }
    this.#stallTimer?.cancel();
    this.#stallTimer = undefined;
    for (const message of messages) this.#socket.send(message, { binary: true, fin: true, compress: false });
    return true;
  }

  /**
   * Sends a command in the form Asterisk used. Returns false when the connection has not started, is ending, or has taken 64 commands
   * since its socket is full. Throws as `formatCommand` does.
   */
  command(command: Command): boolean {
    const text = formatCommand(command, this.#form);
    if (this.#socket.bufferedAmount <= this.#limits.queuedBytesMax) this.#commandsWhileFull = 0;
    else this.#commandsWhileFull += 1;
    const full = this.#commandsWhileFull > COMMANDS_WHILE_FULL_MAX;
    if (this.#format === undefined || this.#ending !== undefined || this.#ended || full) {
      this.#counters.commandsRefused += 1;
      return false;
    }
    this.#socket.send(text, { binary: false, fin: true, compress: false });
    return true;
  }

  /** Drops everything Asterisk has queued, at once, marks included: no `onMark` follows for those. */
  flush(): boolean {
    return this.command({ command: 'FLUSH_MEDIA' });
  }

  /** Places a mark behind the media sent so far. See `marks` for whether an answer can be relied on. */
  mark(correlationId: string): boolean {
    return this.command({ command: 'MARK_MEDIA', correlationId });
  }

  /** Ends the call: HANGUP, close 1000, and after `closeMsMax` the socket is cut. Calling it again, or after the end, does nothing. */
  hangup(): void {
    if (this.#ending !== undefined || this.#ended) return;
    if (this.#format !== undefined) this.command({ command: 'HANGUP' });
    this.#end('app_hangup', 1000);
  }

  #onMessage(listener: MediaConnectionListener, data: Buffer, isBinary: boolean): void {
    if (this.#ending !== undefined) {
      this.#counters.lateMessages += 1;
    } else if (!isBinary) {
      this.#onText(listener, data.toString('utf8'));
    } else if (this.#format === undefined) {
      this.#counters.earlyMediaDropped += this.#early.push(data);
    } else {
      this.#onMedia(listener, this.#format, data);
    }
  }

  #onMedia(listener: MediaConnectionListener, format: MediaFormat, data: Uint8Array): void {
    const odd = data.length % format.bytesPerSample;
    if (odd !== 0) this.#counters.oddLengths += 1;
    if (data.length > odd) listener.onMedia(odd === 0 ? data : data.subarray(0, data.length - odd));
  }

  #onText(listener: MediaConnectionListener, text: string): void {
    const parsed = parseEvent(text);
    if (!parsed.ok) {
      this.#counters[parsed.code === 'unknown_event' ? 'unknownEvents' : 'malformedTexts'] += 1;
    } else if (parsed.event.event === 'MEDIA_START') {
      this.#onStart(listener, parsed.event, parsed.form);
    } else if (this.#format === undefined) {
      this.#counters.earlyEvents += 1;
    } else {
      this.#onEvent(listener, parsed.event);
    }
  }

  #onStart(listener: MediaConnectionListener, start: MediaStartEvent, form: ControlForm): void {
    if (this.#format !== undefined) {
      this.#counters.duplicateStarts += 1;
      return;
    }
    this.#startTimer?.cancel();
    const known = this.#limits.formats.includes(start.format) ? mediaFormat(start.format) : undefined;
    if (known === undefined || start.optimalFrameSize === 0) {
      this.#end(start.optimalFrameSize === 0 ? 'passthrough_unsupported' : 'format_unsupported', 1003);
      return;
    }
    const format = withAnnouncedFrame(known, start.optimalFrameSize);
    this.#format = format;
    this.#form = form;
    if (form === 'json') this.#marks = 'supported';
    listener.onStart(start, format);
    for (const message of this.#early.take()) this.#onMedia(listener, format, message);
  }

  #onEvent(listener: MediaConnectionListener, event: Exclude<AsteriskEvent, MediaStartEvent>): void {
    switch (event.event) {
      case 'DTMF_END':
        listener.onDtmf(event.digit);
        break;
      case 'MEDIA_MARK_PROCESSED':
        this.#marks = 'supported';
        listener.onMark(event.correlationId);
        break;
      case 'MEDIA_BUFFERING_COMPLETED':
        listener.onBufferingCompleted(event.correlationId);
        break;
      case 'MEDIA_XOFF':
        listener.onXoff();
        break;
      case 'MEDIA_XON':
        listener.onXon();
        break;
      case 'QUEUE_DRAINED':
        listener.onDrained();
        break;
      case 'STATUS':
        listener.onStatus(event);
        break;
      case 'ERROR':
        listener.onPeerError(event.errorText);
        break;
    }
  }

  /** `ws` has begun to close by itself when it reports an error; only the wait for the peer is still to be bounded. */
  #onError(error: Error & { code?: string }): void {
    const { code = '' } = error;
    // EPIPE: this side wrote after the peer had closed, and before it read that.
    if (code === 'ECONNRESET' || code === 'EPIPE') this.#withoutCode = 'peer_reset';
    else if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#ending ??= 'message_too_big';
    else this.#ending ??= code.startsWith('WS_ERR_') ? 'protocol_error' : 'connection_lost';
    this.#boundClose();
  }

  #onStalled(): void {
    this.#stallTimer = undefined;
    if (this.#socket.bufferedAmount <= this.#limits.queuedBytesMax) return;
    this.#ending ??= 'peer_not_reading';
    this.#socket.terminate();
  }

  #end(reason: MediaEndReason, code: number): void {
    if (this.#ending !== undefined || this.#ended) return;
    this.#ending = reason;
    this.#startTimer?.cancel();
    this.#early.take();
    this.#socket.close(code);
    this.#boundClose();
  }

  #boundClose(): void {
    if (this.#ended) return;
    this.#closeTimer ??= this.#clock.setTimer(this.#limits.closeMsMax, () => this.#socket.terminate());
  }

  #onClose(listener: MediaConnectionListener, code: number): void {
    this.#ended = true;
    for (const timer of [this.#startTimer, this.#closeTimer, this.#stallTimer]) timer?.cancel();
    this.#early.take();
    const byCode = code === 1006 ? this.#withoutCode : code === 1000 ? 'caller_hangup' : 'peer_closed';
    const reason = this.#ending ?? byCode;
    // 1005 and 1006 never travel: they say that no code arrived.
    const end: MediaEnd = code === 1005 || code === 1006 ? { reason } : { reason, code };
    listener.onClosed(end);
    this.#resolveClosed(end);
  }
}
