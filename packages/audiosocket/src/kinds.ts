/** One row of the message table. Bytes as in Asterisk's `include/asterisk/res_audiosocket.h`. */
export interface AudioSocketKind {
  readonly kind: number;
  readonly name: string;
  /** Sample rate of the signed 16-bit mono audio it carries; absent for everything that is not audio. */
  readonly rateHz?: number;
  /** First release of each Asterisk branch that knows the kind. Older branches in between never got it. */
  readonly sinceAsterisk: readonly string[];
}

export const KIND_HANGUP = 0x00;
export const KIND_UUID = 0x01;
export const KIND_SILENCE = 0x02;
export const KIND_DTMF = 0x03;
export const KIND_AUDIO = 0x10;
export const KIND_ERROR = 0xff;

const FIRST_RELEASES = ['18.0.0', '20.0.0', '21.0.0', '22.0.0', '23.0.0'] as const;
const DTMF_RELEASES = ['20.14.0', '21.9.0', '22.4.0', '23.0.0'] as const;
const WIDEBAND_RELEASES = ['20.17.0', '21.12.0', '22.7.0', '23.1.0'] as const;

/** Every kind of the protocol. Asterisk itself never sends hangup, silence or error, though it defines them. */
export const AUDIOSOCKET_KINDS: readonly AudioSocketKind[] = [
  { kind: KIND_HANGUP, name: 'hangup', sinceAsterisk: FIRST_RELEASES },
  { kind: KIND_UUID, name: 'uuid', sinceAsterisk: FIRST_RELEASES },
  { kind: KIND_SILENCE, name: 'silence', sinceAsterisk: FIRST_RELEASES },
  { kind: KIND_DTMF, name: 'dtmf', sinceAsterisk: DTMF_RELEASES },
  { kind: KIND_AUDIO, name: 'slin', rateHz: 8000, sinceAsterisk: FIRST_RELEASES },
  { kind: 0x11, name: 'slin12', rateHz: 12000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x12, name: 'slin16', rateHz: 16000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x13, name: 'slin24', rateHz: 24000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x14, name: 'slin32', rateHz: 32000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x15, name: 'slin44', rateHz: 44100, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x16, name: 'slin48', rateHz: 48000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x17, name: 'slin96', rateHz: 96000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: 0x18, name: 'slin192', rateHz: 192000, sinceAsterisk: WIDEBAND_RELEASES },
  { kind: KIND_ERROR, name: 'error', sinceAsterisk: FIRST_RELEASES },
];

const ROW_BY_KIND: ReadonlyMap<number, AudioSocketKind> = new Map(AUDIOSOCKET_KINDS.map((row) => [row.kind, row]));

/** The table row of a kind byte, or undefined for a byte the protocol does not define. */
export function kindRow(kind: number): AudioSocketKind | undefined {
  return ROW_BY_KIND.get(kind);
}

/** The kind byte for audio of this rate, or undefined for a rate AudioSocket cannot carry. */
export function audioKindForRate(rateHz: number): number | undefined {
  return AUDIOSOCKET_KINDS.find((row) => row.rateHz === rateHz)?.kind;
}

/** The sample rate of an audio kind, or undefined for a kind that is not audio. */
export function rateForKind(kind: number): number | undefined {
  return ROW_BY_KIND.get(kind)?.rateHz;
}
