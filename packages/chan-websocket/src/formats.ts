/** One raw audio format as chan_websocket carries it: no header, mono, 16-bit samples little-endian. */
export interface MediaFormat {
  /** Asterisk's name of the format, as in `MEDIA_START`. */
  readonly name: string;
  readonly rateHz: number;
  readonly bytesPerSample: 1 | 2;
  /** Bytes of one frame; 20 ms in the table, what Asterisk says once a call has started. */
  readonly frameBytes: number;
  /** The byte that repeated is silence. Zero is nearly full scale in the two logarithmic codes. */
  readonly silenceByte: number;
}

const TABLE_FRAME_MS = 20;

function format(name: string, rateHz: number, bytesPerSample: 1 | 2, silenceByte: number): [string, MediaFormat] {
  const frameBytes = (rateHz * bytesPerSample * TABLE_FRAME_MS) / 1000;
  return [name, Object.freeze({ name, rateHz, bytesPerSample, frameBytes, silenceByte })];
}

const FORMATS: ReadonlyMap<string, MediaFormat> = new Map([
  format('ulaw', 8000, 1, 0xff),
  format('alaw', 8000, 1, 0xd5),
  format('slin', 8000, 2, 0),
  format('slin12', 12000, 2, 0),
  format('slin16', 16000, 2, 0),
  format('slin24', 24000, 2, 0),
  format('slin32', 32000, 2, 0),
  format('slin44', 44100, 2, 0),
  format('slin48', 48000, 2, 0),
  format('slin96', 96000, 2, 0),
  format('slin192', 192000, 2, 0),
]);

/** Formats the server side takes by default; a call in any other one is closed with `format_unsupported`. */
export const SUPPORTED_FORMATS: readonly string[] = Object.freeze([
  'ulaw',
  'alaw',
  'slin',
  'slin16',
  'slin24',
  'slin48',
]);

/** The format with Asterisk's name `name` at 20 ms, or undefined for one that is unknown or has no fixed frame (opus, g729). */
export function mediaFormat(name: string): MediaFormat | undefined {
  return FORMATS.get(name);
}

const FRAME_MS_MIN = 10;
const FRAME_MS_MAX = 120;

/**
 * The table's format with the frame size Asterisk announced, because that is the size it cuts messages by. A size that is missing,
 * not whole samples, or no plausible packet time (10 to 120 ms) is not believed: the table's 20 ms stay.
 */
export function withAnnouncedFrame(format: MediaFormat, optimalFrameSize: number | undefined): MediaFormat {
  if (optimalFrameSize === undefined || !Number.isInteger(optimalFrameSize / format.bytesPerSample)) return format;
  const frameMs = (optimalFrameSize * 1000) / (format.rateHz * format.bytesPerSample);
  if (frameMs < FRAME_MS_MIN || frameMs > FRAME_MS_MAX) return format;
  return optimalFrameSize === format.frameBytes ? format : { ...format, frameBytes: optimalFrameSize };
}
