import { type Clock, RATE_HZ, RapidaError } from '@rapida/core';
import { PcmSound } from '../wire/pcm-sound.js';
import { type Reach, socketUrl } from '../wire/reach.js';
import { SoundInbox } from '../wire/sound-inbox.js';
import { wordsOfSeconds } from '../wire/spoken-words.js';
import { protocolError } from '../wire/vendor-errors.js';
import type { VendorTimeouts } from '../wire/vendor-http.js';
import { bearer, openVendorSocket, type VendorSocket } from '../wire/vendor-socket.js';
import { eventError } from './errors.js';
import { type CartesiaEvent, cancellation, type GenerationOrder, generation, parseEvent } from './messages.js';
import { CARTESIA_VERSION } from './server.js';

export interface LineOptions {
  readonly clock: Clock;
  readonly reach: Reach;
  readonly timeouts: VendorTimeouts;
}

interface Context {
  readonly sound: PcmSound;
  readonly inbox: SoundInbox;
}

/**
 * One connection with a context per piece. What is asked for while it connects is sent when it is open; who speaks asks for one piece
 * at a time, so that is one message. Events of contexts that are over, or that were given up, are nobody's.
 */
export class CartesiaLine {
  readonly #options: LineOptions;
  readonly #socket: VendorSocket;
  readonly #contexts = new Map<string, Context>();
  #waiting: string[] | undefined = [];
  #failure: RapidaError | undefined;

  constructor(options: LineOptions) {
    const { clock, reach, timeouts } = options;
    this.#options = options;
    this.#socket = openVendorSocket(
      {
        clock,
        url: `${socketUrl(reach.baseUrl)}/tts/websocket`,
        headers: () => ({ ...bearer(reach.apiKey), 'cartesia-version': CARTESIA_VERSION }),
        openMs: timeouts.answerMs,
      },
      {
        onOpen: () => this.#opened(),
        onText: (text) => this.#read(text),
        onClosed: (failure) => this.#fail(failure),
      },
    );
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  say(order: GenerationOrder): SoundInbox {
    const inbox = new SoundInbox(this.#options.clock, this.#options.timeouts);
    if (this.#failure !== undefined) {
      inbox.fail(this.#failure);
      return inbox;
    }
    this.#contexts.set(order.contextId, { sound: new PcmSound(RATE_HZ), inbox });
    const message = generation(order);
    if (this.#waiting !== undefined) this.#waiting.push(message);
    else if (!this.#socket.send(message))
      this.#fail(new RapidaError('provider_unavailable', 'The connection is stuck'));
    return inbox;
  }

  /** What is still being made is wanted no more. */
  cancelAll(): void {
    for (const [contextId, { inbox }] of this.#contexts) {
      this.#socket.send(cancellation(contextId));
      inbox.letGo();
    }
    this.#contexts.clear();
  }

  /** Idempotent. */
  close(): void {
    this.cancelAll();
    this.#socket.close();
  }

  #opened(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#socket.send(message);
  }

  #read(text: string): void {
    const event = parseEvent(text);
    if (event === undefined) {
      this.#fail(protocolError('The provider sent a message that is not of its protocol'));
      this.#socket.close();
      return;
    }
    const contextId = event.context_id ?? undefined;
    if (event.type === 'error') this.#refused(event, contextId);
    const context = this.#contexts.get(contextId ?? '');
    if (context === undefined || contextId === undefined) return;
    if (event.type === 'chunk') {
      context.inbox.push({ type: 'audio', samples: context.sound.push(Buffer.from(event.data ?? '', 'base64')) });
    }
    if (event.type === 'timestamps') this.#timed(context.inbox, event);
    if (event.type === 'done') {
      this.#contexts.delete(contextId);
      context.inbox.end();
    }
  }

  #timed(inbox: SoundInbox, { word_timestamps: timed }: CartesiaEvent): void {
    const words = timed == null ? [] : wordsOfSeconds(timed.words, timed.start, timed.end);
    if (words.length > 0) inbox.push({ type: 'words', words });
  }

  /** An error that names no context is everybody's. */
  #refused(event: CartesiaEvent, contextId: string | undefined): void {
    const error = eventError(event, this.#options.reach.apiKey);
    for (const [id, { inbox }] of this.#contexts) {
      if (contextId !== undefined && id !== contextId) continue;
      this.#contexts.delete(id);
      inbox.fail(error);
    }
  }

  #fail(failure: RapidaError): void {
    this.#failure ??= failure;
    this.#waiting = undefined;
    for (const { inbox } of this.#contexts.values()) inbox.fail(failure);
    this.#contexts.clear();
  }
}
