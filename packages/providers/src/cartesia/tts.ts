import { randomUUID } from 'node:crypto';
import type { VoiceOptions } from '@rapida/core';
import type { CreateVoice } from '../vendor.js';
import { IdleConnection } from '../wire/idle-connection.js';
import type { SoundInbox } from '../wire/sound-inbox.js';
import { type PieceVoice, speakPieces } from '../wire/spoken-pieces.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { CartesiaLine } from './line.js';
import { cartesiaReach } from './server.js';

/** Cartesia closes a connection that is idle for minutes; a caller rarely speaks for longer than this. */
export const IDLE_MS = 60_000;

/**
 * Cartesia's Sonic over its WebSocket: a context per piece, sound of 16 kHz as it is made, and the times of words.
 * https://docs.cartesia.ai/2026-03-01/api-reference/tts/websocket. A connection outlives the reply it was opened for: "usually saves
 * about 200 ms" (https://docs.cartesia.ai/api-reference/tts/compare-tts-endpoints).
 */
export const createVoice: CreateVoice<'cartesia'> = (parts, { model, baseUrl }) => {
  const { clock } = parts;
  const timeouts = { ...VENDOR_TIMEOUTS, ...parts.timeouts };
  const idle = new IdleConnection<CartesiaLine>(clock, IDLE_MS);
  const connect = () => new CartesiaLine({ clock, reach: cartesiaReach(parts, baseUrl), timeouts });
  return {
    provider: 'cartesia',
    speak: (pieces, voice, signal) => speakPieces(pieces, signal, () => new Speaking({ idle, connect, model, voice })),
  };
};

interface SpeakingParts {
  readonly idle: IdleConnection<CartesiaLine>;
  readonly connect: () => CartesiaLine;
  readonly model: string;
  readonly voice: VoiceOptions;
}

class Speaking implements PieceVoice {
  readonly #parts: SpeakingParts;
  #line: CartesiaLine;
  /** The line was kept from a reply before, and nothing has come over it since. */
  #isUntried: boolean;
  #previous: SoundInbox | undefined;

  constructor(parts: SpeakingParts) {
    this.#parts = parts;
    const kept = parts.idle.take();
    this.#isUntried = kept !== undefined;
    this.#line = kept ?? parts.connect();
  }

  /** One context at a time: two at once count twice against the plan's limit, and sound is made faster than it is heard. */
  async request(text: string, signal: AbortSignal): Promise<SoundInbox> {
    await this.#previous?.over;
    signal.throwIfAborted();
    if (this.#previous?.failure !== undefined) throw this.#previous.failure;
    try {
      return await this.#say(text, signal);
    } catch (error) {
      // A kept line may have broken while nobody looked. That says nothing of the vendor; a new one does.
      if (!this.#isUntried || this.#line.isOpen || signal.aborted) throw error;
      this.#isUntried = false;
      this.#line.close();
      this.#line = this.#parts.connect();
      return await this.#say(text, signal);
    }
  }

  async #say(text: string, signal: AbortSignal): Promise<SoundInbox> {
    const { model, voice } = this.#parts;
    const inbox = this.#line.say({ contextId: randomUUID(), model, voice, text });
    this.#previous = inbox;
    signal.addEventListener('abort', () => inbox.letGo(), { once: true });
    await inbox.begun();
    this.#isUntried = false;
    return inbox;
  }

  /** A line on which something failed is nobody's any more. */
  close(): void {
    const { failure } = this.#previous ?? {};
    this.#line.cancelAll();
    if (failure === undefined) this.#parts.idle.give(this.#line);
    else this.#line.close();
  }
}
