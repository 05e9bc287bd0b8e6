import type { CallContext, Clock, LiveFeed, Timer } from '@rapida/core';
import type { CallSession } from '../session.js';
import { overEvent, soundEvent } from './sound-room.js';
import { StereoPieces } from './stereo-pieces.js';

/** The sound of a call is told for so long after it was asked for; who listens asks again in time. */
export const WANTED_MS = 15_000;

export interface SoundTellerOptions {
  readonly context: CallContext;
  readonly liveFeed: Pick<LiveFeed, 'publish'>;
  readonly clock: Clock;
}

/** Tells the sound of one call while somebody wants it; otherwise nothing is spent on it. Nobody is waited for. */
export class SoundTeller {
  readonly #session: Pick<CallSession, 'overheardBy'>;
  readonly #options: SoundTellerOptions;
  #untilWanted: Timer | undefined;

  constructor(session: Pick<CallSession, 'overheardBy'>, options: SoundTellerOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** False when there is nothing to hear any more. */
  wanted(): boolean {
    const isNew = this.#untilWanted === undefined;
    if (isNew && !this.#session.overheardBy(this.#pieces())) return false;
    this.#untilWanted?.cancel();
    this.#untilWanted = this.#options.clock.setTimer(WANTED_MS, () => this.#stop());
    return true;
  }

  /** The call has ended. */
  over(): void {
    if (this.#untilWanted === undefined) return;
    this.#stop();
    const { liveFeed, context, clock } = this.#options;
    liveFeed.publish(overEvent(context, clock.wallMs()));
  }

  #pieces(): StereoPieces {
    const { liveFeed, context, clock } = this.#options;
    return new StereoPieces((piece) => liveFeed.publish(soundEvent(context, piece, clock.wallMs())));
  }

  #stop(): void {
    this.#untilWanted?.cancel();
    this.#untilWanted = undefined;
    this.#session.overheardBy(undefined);
  }
}
