import { bytesToPcm16, pcm16ToBytes, Resampler } from '@rapida/audio';
import {
  type AudioSocketConnection,
  type ConnectionEnd,
  HEADER_BYTES,
  KIND_AUDIO,
  kindRow,
  writeAudioHeader,
} from '@rapida/audiosocket';
import {
  type Clock,
  FRAME_SAMPLES,
  type MediaClosed,
  type MediaCounters,
  type MediaListener,
  type MediaTransport,
  RATE_HZ,
} from '@rapida/core';
import { Inbound } from './inbound.js';

/**
 * Takes a connection over that has named its call. To be made in the server's `onConnection`, before anything else can
 * arrive. Answers in the kind of the first audio frame that arrives, until then in 8 kHz, which every Asterisk takes.
 */
export function createAudioSocketTransport(
  connection: AudioSocketConnection,
  options: { readonly clock: Clock },
): MediaTransport {
  return new AudioSocketTransport(connection, options.clock);
}

/** How frames of one kind are written. */
interface Wire {
  readonly kind: number;
  readonly format: string;
  readonly rateHz: number;
  readonly frameSamples: number;
  readonly resampler: Resampler;
  readonly silence: Uint8Array;
}

class AudioSocketTransport implements MediaTransport {
  readonly kind = 'audiosocket';
  readonly pacing = 'local';
  readonly closed: Promise<MediaClosed>;
  readonly #connection: AudioSocketConnection;
  readonly #inbound: Inbound;
  #wire = wireOf(KIND_AUDIO);
  #samplesIn = new Int16Array(0);
  #framesIn = 0;

  constructor(connection: AudioSocketConnection, clock: Clock) {
    this.#connection = connection;
    this.#inbound = new Inbound(clock);
    this.closed = connection.closed.then(closedOf);
    connection.setListener({
      onAudio: (bytes, rateHz, kind) => this.#onAudio(bytes, rateHz, kind),
      onDtmf: (digit) => this.#inbound.dtmf(digit),
    });
  }

  get wire(): { readonly format: string; readonly rateHz: number } {
    return this.#wire;
  }

  get silence(): Uint8Array {
    return this.#wire.silence;
  }

  start(listener: MediaListener): void {
    this.#inbound.start(listener);
  }

  encode(samples: Int16Array): Uint8Array[] {
    const { kind, frameSamples, resampler } = this.#wire;
    const resampled = resampler.process(samples);
    return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
      wireFrame(kind, resampled.subarray(index * frameSamples, (index + 1) * frameSamples)),
    );
  }

  send(frames: Uint8Array): boolean {
    return this.#connection.write(frames);
  }

  /** Asterisk passes on what it gets at once: there is nothing to forget. */
  clear(): void {}

  mark(): boolean {
    return false;
  }

  hangup(): void {
    this.#connection.hangup();
  }

  counters(): MediaCounters {
    const { framesOut, droppedOut, unknownKinds, ignored, oddAudio } = this.#connection.counters;
    return {
      framesIn: this.#framesIn,
      framesOut,
      framesDropped: droppedOut,
      badInput: {
        unknown_kind: unknownKinds,
        ignored_frame: ignored,
        odd_length: oddAudio,
        before_start: this.#inbound.earlyDropped,
      },
    };
  }

  #onAudio(bytes: Uint8Array, rateHz: number, kind: number): void {
    if (this.#framesIn === 0 && kind !== this.#wire.kind) this.#wire = wireOf(kind);
    this.#framesIn++;
    const length = bytes.length / 2;
    if (this.#samplesIn.length < length) this.#samplesIn = new Int16Array(length);
    this.#inbound.audio(bytesToPcm16(bytes, this.#samplesIn), rateHz);
  }
}

function wireOf(kind: number): Wire {
  const row = kindRow(kind);
  if (row?.rateHz === undefined) throw new RangeError(`AudioSocket kind ${kind} is not audio`);
  const frameSamples = (FRAME_SAMPLES * row.rateHz) / RATE_HZ;
  return {
    kind,
    format: row.name,
    rateHz: row.rateHz,
    frameSamples,
    resampler: new Resampler({ fromHz: RATE_HZ, toHz: row.rateHz }),
    silence: wireFrame(kind, new Int16Array(frameSamples)),
  };
}

/** Header and payload in one piece, because they must leave in one write. */
function wireFrame(kind: number, samples: Int16Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + samples.length * 2);
  pcm16ToBytes(samples, frame.subarray(writeAudioHeader(frame, 0, kind, samples.length * 2)));
  return frame;
}

function closedOf({ reason }: ConnectionEnd): MediaClosed {
  switch (reason) {
    case 'peer_fin':
    case 'peer_hangup':
    case 'peer_reset': // how a hangup looks when Asterisk has not read all of our audio
      return { by: 'caller', reason: 'caller_hangup' };
    case 'hangup':
      return { by: 'assistant', reason };
    default:
      return { by: 'fault', reason };
  }
}
