import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type AudioFrame,
  FRAME_SAMPLES,
  RATE_HZ,
  RapidaError,
  type VoiceActivityDetector,
  type VoiceActivityFactory,
} from '@rapida/core';
import { LevelGate } from './level-gate.js';
import { VoicedWindow } from './vad-window.js';

/** Emscripten's face of libfvad (`fvad.h`). */
interface Fvad {
  readonly HEAP16: Int16Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _fvad_new(): number;
  _fvad_free(handle: number): void;
  _fvad_set_mode(handle: number, mode: number): number;
  _fvad_set_sample_rate(handle: number, rateHz: number): number;
  /** 1 voiced, 0 not, -1 when the length is not 10, 20 or 30 ms. */
  _fvad_process(handle: number, samplesAt: number, samples: number): number;
}

/**
 * How reluctant to call a frame speech, 0 to 3. Behind the gate 2 takes no more noise for speech than 3, and is 40 ms
 * faster where speech begins softly: 51 sentences over G.711 at -20 and -30 dBFS were noticed 70 ms (median) and at
 * most 90 ms after their onset.
 */
const MODE = 2;

/** Loads WebRTC's voice activity detection once (20 kB); every detector is a handle of a few hundred bytes in it. */
export async function createVadFactory(): Promise<VoiceActivityFactory> {
  const require = createRequire(import.meta.url);
  const wasmBinary = await readFile(require.resolve('@echogarden/fvad-wasm/fvad.wasm'));
  // @ts-expect-error The package brings no types.
  const { default: createModule } = await import('@echogarden/fvad-wasm');
  const module: Fvad = await createModule({ wasmBinary });
  // Detection is synchronous, so one place for a frame serves all.
  const samplesAt = module._malloc(2 * FRAME_SAMPLES);
  return () => new WebRtcDetector(module, samplesAt);
}

class WebRtcDetector implements VoiceActivityDetector {
  readonly #module: Fvad;
  readonly #samplesAt: number;
  readonly #gate = new LevelGate();
  readonly #window = new VoicedWindow();
  #handle: number;
  #voiced = false;

  constructor(module: Fvad, samplesAt: number) {
    this.#module = module;
    this.#samplesAt = samplesAt;
    this.#handle = module._fvad_new();
    if (this.#handle === 0) throw new RapidaError('internal', 'No memory for another voice activity detector.');
    module._fvad_set_mode(this.#handle, MODE);
    module._fvad_set_sample_rate(this.#handle, RATE_HZ);
  }

  get voiced(): boolean {
    return this.#voiced;
  }

  /** A closed detector hears nothing. */
  push(frame: AudioFrame): 'start' | 'end' | undefined {
    if (this.#handle === 0) return undefined;
    this.#module.HEAP16.set(frame.samples, this.#samplesAt >> 1);
    const likeSpeech = this.#module._fvad_process(this.#handle, this.#samplesAt, FRAME_SAMPLES) === 1;
    this.#voiced = this.#gate.push(frame.samples) && likeSpeech;
    return this.#window.push(this.#voiced);
  }

  close(): void {
    if (this.#handle === 0) return;
    this.#module._fvad_free(this.#handle);
    this.#handle = 0;
    this.#voiced = false;
  }
}
