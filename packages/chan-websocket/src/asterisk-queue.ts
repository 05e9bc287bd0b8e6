import { type Command, type MediaDirection, parseCommand } from './commands.js';
import type { AsteriskEvent, ControlForm, CorrelatedEvent } from './events.js';
import type { MediaFormat } from './formats.js';

/** Releases of Asterisk whose behaviour is imitated: the first with chan_websocket, and the one most behaviour was observed on. */
export type AsteriskBehaviour = '22.6' | '22.10';

/** Levels of chan_websocket.c, in frames. */
export const QUEUE_FULL_FRAMES = 1000;
export const XOFF_FRAMES = 900;
export const XON_FRAMES = 800;

export interface AsteriskQueueCounters {
  framesPlayed: number;
  /** Whole messages that came when the queue was full. */
  droppedMessages: number;
  /** Remainders of messages that were no whole frames. */
  discardedBytes: number;
  tooLongCommands: number;
  unknownCommands: number;
  /** Text that does not parse in the channel's form. */
  wrongForm: number;
}

export interface AsteriskQueueOptions {
  readonly format: MediaFormat;
  readonly form: ControlForm;
  readonly behaviour: AsteriskBehaviour;
  readonly channelId: string | undefined;
  /** Hears what Asterisk would say, in order. */
  readonly say: (event: AsteriskEvent) => void;
}

/**
 * chan_websocket's queue of media to the caller, without socket or clock: messages and commands go in, `tick` once per frame time
 * takes one frame out. Holds at most 999 frames and one message, and marks only between frames that are held.
 */
export class AsteriskQueue {
  readonly #options: AsteriskQueueOptions;
  readonly #counters: AsteriskQueueCounters = {
    framesPlayed: 0,
    droppedMessages: 0,
    discardedBytes: 0,
    tooLongCommands: 0,
    unknownCommands: 0,
    wrongForm: 0,
  };
  #queue: Array<Uint8Array | CorrelatedEvent> = [];
  #frames = 0;
  #leftover: Uint8Array = new Uint8Array(0);
  #bulk = false;
  #full = false;
  #paused = false;
  #reportDrained = false;
  #direction: MediaDirection = 'both';

  constructor(options: AsteriskQueueOptions) {
    this.#options = options;
  }

  get counters(): Readonly<AsteriskQueueCounters> {
    return this.#counters;
  }

  /** Frames waiting; marks are not counted. */
  get length(): number {
    return this.#frames;
  }

  /** As the app set it: with `out` no media of the caller is sent to it. */
  get direction(): MediaDirection {
    return this.#direction;
  }

  /** One binary message. It is copied. */
  takeMedia(message: Uint8Array): void {
    if (this.#direction === 'in') return;
    if (this.#frames >= QUEUE_FULL_FRAMES) {
      this.#counters.droppedMessages += 1;
      return;
    }
    const { frameBytes } = this.#options.format;
    const bytes = this.#bulk ? Buffer.concat([this.#leftover, message]) : Uint8Array.from(message);
    const whole = bytes.length - (bytes.length % frameBytes);
    for (let at = 0; at < whole; at += frameBytes) this.#enqueue(bytes.subarray(at, at + frameBytes));
    if (this.#bulk) this.#leftover = bytes.subarray(whole);
    else this.#counters.discardedBytes += bytes.length - whole;
  }

  /** One text message. The result is what the channel has to do beyond the queue. */
  takeText(text: string): 'hangup' | 'answer' | 'nothing' {
    const parsed = parseCommand(text, this.#options.form);
    if (parsed.ok) return this.#obey(parsed.command);
    if (parsed.code === 'too_long') {
      this.#counters.tooLongCommands += 1;
    } else if (parsed.code === 'unknown_command') {
      this.#counters.unknownCommands += 1;
    } else {
      this.#counters.wrongForm += 1;
      this.#options.say({
        event: 'ERROR',
        channelId: this.#options.channelId,
        errorText: 'Unable to parse JSON command',
      });
    }
    return 'nothing';
  }

  #obey(command: Command): 'hangup' | 'answer' | 'nothing' {
    switch (command.command) {
      case 'HANGUP':
        return 'hangup';
      case 'ANSWER':
        return 'answer';
      case 'START_MEDIA_BUFFERING':
        this.#bulk = true;
        break;
      case 'STOP_MEDIA_BUFFERING':
        this.#bulk = false;
        if (this.#leftover.length > 0) this.#enqueue(this.#leftover);
        this.#leftover = new Uint8Array(0);
        this.#queue.push(this.#correlated('MEDIA_BUFFERING_COMPLETED', command.correlationId));
        break;
      case 'MARK_MEDIA':
        if (this.#options.behaviour === '22.6') this.#counters.unknownCommands += 1;
        else this.#queue.push(this.#correlated('MEDIA_MARK_PROCESSED', command.correlationId));
        break;
      case 'FLUSH_MEDIA':
        this.#queue = [];
        this.#frames = 0;
        this.#bulk = false;
        this.#leftover = new Uint8Array(0);
        break;
      case 'PAUSE_MEDIA':
        this.#paused = true;
        break;
      case 'CONTINUE_MEDIA':
        this.#paused = false;
        break;
      case 'GET_STATUS':
        this.#sayStatus();
        break;
      case 'REPORT_QUEUE_DRAINED':
        this.#reportDrained = true;
        break;
      case 'SET_MEDIA_DIRECTION':
        if (this.#options.behaviour === '22.6') this.#counters.unknownCommands += 1;
        else this.#direction = command.direction;
        break;
    }
    return 'nothing';
  }

  /**
   * The channel's timer: says what playback has reached and returns the frame that goes to the caller, or undefined when there is
   * none. A short tail of buffering mode comes as it is; 22.6 pads it, and makes frames of silence when it has nothing to play.
   */
  tick(): Uint8Array | undefined {
    const frame = this.#paused ? undefined : this.#next();
    if (frame !== undefined) this.#counters.framesPlayed += 1;
    if (this.#options.behaviour !== '22.6') return frame;
    const { frameBytes, silenceByte } = this.#options.format;
    if (frame?.length === frameBytes) return frame;
    const padded = new Uint8Array(frameBytes).fill(silenceByte);
    padded.set(frame ?? []);
    return padded;
  }

  #next(): Uint8Array | undefined {
    const { say, channelId } = this.#options;
    if (this.#full && this.#frames < XON_FRAMES) {
      this.#full = false;
      say({ event: 'MEDIA_XON', channelId });
    }
    if (this.#queue.length === 0 && this.#reportDrained) {
      this.#reportDrained = false;
      say({ event: 'QUEUE_DRAINED', channelId });
    }
    for (let head = this.#queue.shift(); head !== undefined; head = this.#queue.shift()) {
      if (head instanceof Uint8Array) {
        this.#frames -= 1;
        return head;
      }
      say(head);
    }
    return undefined;
  }

  #enqueue(frame: Uint8Array): void {
    this.#queue.push(frame);
    this.#frames += 1;
    if (this.#full || this.#frames < XOFF_FRAMES) return;
    this.#full = true;
    this.#options.say({ event: 'MEDIA_XOFF', channelId: this.#options.channelId });
  }

  #correlated(event: CorrelatedEvent['event'], correlationId = ''): CorrelatedEvent {
    return { event, channelId: this.#options.channelId, correlationId };
  }

  #sayStatus(): void {
    this.#options.say({
      event: 'STATUS',
      channelId: this.#options.channelId,
      queueLength: this.#frames,
      xonLevel: XON_FRAMES,
      xoffLevel: XOFF_FRAMES,
      queueFull: this.#full,
      bulkMedia: this.#bulk,
      mediaPaused: this.#paused,
    });
  }
}
