import { join } from 'node:path';
import type {
  Clock,
  EntityId,
  Logger,
  MediaListener,
  MediaTransport,
  Playout,
  PlayoutListener,
  PlayoutTap,
  Telemetry,
} from '@rapida/core';
import { within } from './bounded-wait.js';
import { createEarlyMedia } from './early-media.js';
import type { CallRecorder, RecorderFactory } from './recorder.js';

/** How long Asterisk may take to close a leg we have hung up. */
export const LEG_CLOSE_MS_MAX = 2_000;
/** How long a recording may take to be completed. */
export const RECORDER_CLOSE_MS_MAX = 2_000;

/** A playout, and what it has to be told where the peer paces. */
export type CallPlayout = Playout & Pick<MediaListener, 'onMark' | 'onFlow'>;

/** Plays from this moment on: where we pace, silence goes out until the playout is closed. */
export type PlayoutFactory = (leg: {
  readonly transport: MediaTransport;
  readonly listener: PlayoutListener;
  readonly tap: PlayoutTap;
}) => CallPlayout;

export interface CallLegOptions {
  readonly callId: EntityId;
  readonly transport: MediaTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly createPlayout: PlayoutFactory;
  readonly createRecorder: RecorderFactory;
  readonly recordingsDir: string;
  /** Something threw on the way of a frame. */
  readonly onFault: (error: unknown) => void;
}

/** Hears both sides in frames of 20 ms, on their way: it must be quick, and keeps copies of what it keeps. */
export interface Eavesdropper {
  caller(samples: Int16Array): void;
  assistant(samples: Int16Array): void;
}

/**
 * The media side of one call: it breathes (silence out, sound in) from the first moment, whether or not there is a
 * conversation yet, and is closed exactly once.
 */
export class CallLeg {
  readonly #options: CallLegOptions;
  readonly #playout: CallPlayout;
  readonly #early = createEarlyMedia();
  #recorder: CallRecorder | undefined;
  #eavesdropper: Eavesdropper | undefined;
  #listener: PlayoutListener | undefined;
  #open = true;

  /** Owns nothing yet but the playout, which `close` ends; sound flows after `start`. */
  constructor(options: CallLegOptions) {
    this.#options = options;
    const listener: PlayoutListener = {
      onStarted: (id, atMs) => this.#listener?.onStarted(id, atMs),
      onFinished: (id, result) => this.#listener?.onFinished(id, result),
    };
    const tap: PlayoutTap = (samples, atMs) => {
      this.#recorder?.assistant(samples, atMs);
      this.#eavesdropper?.assistant(samples);
    };
    this.#playout = options.createPlayout({ transport: options.transport, listener, tap });
  }

  start(): void {
    const playout = this.#playout;
    this.#options.transport.start({
      onFrame: (frame) => {
        if (!this.#open) return;
        try {
          this.#recorder?.caller(frame);
          this.#eavesdropper?.caller(frame.samples);
          this.#early.onFrame(frame);
        } catch (error) {
          this.#options.onFault(error);
        }
      },
      onDtmf: (digit) => this.press(digit),
      onMark: (id) => playout.onMark?.(id),
      onFlow: (flow) => playout.onFlow?.(flow),
    });
  }

  press(digit: string): void {
    if (!this.#open) return;
    try {
      this.#early.onDtmf(digit);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  /** From now on both sides are recorded. The name inside the folder, or null where there can be no recording. */
  record(): string | null {
    const { callId, recordingsDir, createRecorder, logger } = this.#options;
    const fileName = `${callId}.wav`;
    const onError = (error: unknown): void => logger.error({ err: error }, 'the recording of a call failed');
    try {
      this.#recorder = createRecorder({ path: join(recordingsDir, fileName), onError });
      return fileName;
    } catch (error) {
      logger.error({ err: error }, 'the call goes on without a recording');
      return null;
    }
  }

  /** Hears both sides from now on, or nobody does. */
  overheardBy(eavesdropper: Eavesdropper | undefined): void {
    this.#eavesdropper = eavesdropper;
  }

  /** The playout of this leg, with the one who hears about its utterances from now on. */
  playoutFor(listener: PlayoutListener): Playout {
    this.#listener = listener;
    return this.#playout;
  }

  deliverTo(listener: Pick<MediaListener, 'onFrame' | 'onDtmf'>): void {
    this.#early.deliverTo(listener);
  }

  /** Ends the leg and completes the recording. Bounded, never rejects. Called once. */
  async close(): Promise<void> {
    const { transport, clock, logger } = this.#options;
    this.#open = false;
    this.#playout.close();
    transport.hangup();
    const left = await within(clock, transport.closed, LEG_CLOSE_MS_MAX);
    if (!left.inTime)
      logger.warn({ transport: transport.kind }, 'Asterisk did not close the media it was told to close');
    try {
      const completed = await within(clock, this.#recorder?.close() ?? Promise.resolve(), RECORDER_CLOSE_MS_MAX);
      if (!completed.inTime) logger.error({}, 'the recording was not completed in time');
    } catch (error) {
      logger.error({ err: error }, 'the recording could not be completed');
    }
    this.#count();
  }

  #count(): void {
    const { transport, telemetry } = this.#options;
    const { framesIn, framesOut, framesDropped, badInput } = transport.counters();
    const labels = { transport: transport.kind };
    telemetry.count('rapida_media_frames_in_total', labels, framesIn);
    telemetry.count('rapida_media_frames_out_total', labels, framesOut);
    telemetry.count('rapida_media_frames_dropped_total', labels, framesDropped);
    for (const [kind, count] of Object.entries(badInput)) {
      telemetry.count('rapida_media_bad_input_total', { ...labels, kind }, count);
    }
  }
}
