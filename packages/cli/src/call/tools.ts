import { Resampler } from '@rapida/audio';
import { RATE_HZ, silentTelemetry, systemClock } from '@rapida/core';
import { createTicker } from '@rapida/media';
import { createLocalEngines } from '@rapida/providers';
import { PHONE_RATE_HZ } from './leg.js';
import type { CallTools } from './run-call.js';

/** A caller's own voice and clock. `close` stops the voice's worker. */
export async function openCallTools(voice: string): Promise<Omit<CallTools, 'onEvent'> & { close(): Promise<void> }> {
  const clock = systemClock;
  const engines = createLocalEngines();
  const onError = (error: unknown) => void process.stderr.write(`rapida: ${String(error)}\n`);
  return {
    clock,
    ticker: createTicker(clock, { telemetry: silentTelemetry, onError }),
    async synthesise(text) {
      const parts: Int16Array[] = [];
      const options = { voice, speed: 1, language: 'en-US' };
      for await (const event of engines.tts.speak(only(text), options, new AbortController().signal)) {
        if (event.type === 'audio') parts.push(event.samples);
      }
      const whole = Int16Array.from(parts.flatMap((part) => [...part]));
      return new Resampler({ fromHz: RATE_HZ, toHz: PHONE_RATE_HZ }).process(whole);
    },
    close: () => engines.close(),
  };
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
