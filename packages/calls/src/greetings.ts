import { type RenderedGreeting, renderGreeting } from '@rapida/conversation';
import type { AssistantRecord, Clock, Logger, Scope, Telemetry, TextToSpeech } from '@rapida/core';
import { RapidaError } from '@rapida/core';

/** A few seconds of sound each: some three hundred usual greetings. */
export const GREETING_BYTES_MAX = 32 * 1024 * 1024;
/** Greetings being synthesised at once; a call above it has its greeting spoken live. */
export const GREETING_RENDERS_MAX = 16;
/** A voice that takes longer than this for a greeting is not waited for. */
export const GREETING_RENDER_MS_MAX = 15_000;

/**
 * Greetings as sound. Each is synthesised once per assistant, version, voice and text, whoever asks, and kept while there is
 * room, least recently used out first. A synthesis goes on when the call it was for has gone: the next call needs it,
 * and it is bounded in time.
 */
export interface Greetings {
  /** With the configuration of the call. Undefined where there is none to play ahead - for whatever reason; never rejects. */
  get(assistant: AssistantRecord, text: string, tts: TextToSpeech): Promise<RenderedGreeting | undefined>;
}

export interface GreetingDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Closing it ends every synthesis. */
  readonly scope: Scope;
  readonly bytesMax?: number;
}

export function createGreetings(dependencies: GreetingDependencies): Greetings {
  const { bytesMax = GREETING_BYTES_MAX } = dependencies;
  /** In the order of last use. */
  const kept = new Map<string, RenderedGreeting>();
  const rendering = new Map<string, Promise<RenderedGreeting | undefined>>();
  let keptBytes = 0;

  function keep(key: string, greeting: RenderedGreeting): void {
    kept.set(key, greeting);
    keptBytes += greeting.samples.byteLength;
    for (const [oldest, { samples }] of kept) {
      if (keptBytes <= bytesMax) break;
      kept.delete(oldest);
      keptBytes -= samples.byteLength;
    }
  }

  return {
    async get(assistant, text, tts) {
      const { tts: voice, language } = assistant.config;
      // A version never changes, but a call may have another voice or language than its assistant.
      const key = JSON.stringify([assistant.id, assistant.version, voice, language, text]);
      const ready = kept.get(key);
      if (ready !== undefined) {
        kept.delete(key);
        kept.set(key, ready);
        return ready;
      }
      const running = rendering.get(key);
      if (running !== undefined) return running;
      if (rendering.size >= GREETING_RENDERS_MAX) return undefined;
      const started = render(dependencies, assistant, text, tts).then((greeting) => {
        rendering.delete(key);
        if (greeting !== undefined) keep(key, greeting);
        return greeting;
      });
      rendering.set(key, started);
      return started;
    },
  };
}

async function render(
  { clock, logger, telemetry, scope }: GreetingDependencies,
  assistant: AssistantRecord,
  text: string,
  tts: TextToSpeech,
): Promise<RenderedGreeting | undefined> {
  const abort = new AbortController();
  // A voice that does not listen to its signal must not hold a place for ever.
  const aborted = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
  });
  const stop = scope.onClose(() => abort.abort(scope.signal.reason));
  const timer = clock.setTimer(GREETING_RENDER_MS_MAX, () => abort.abort(new RapidaError('provider_timeout')));
  try {
    return await Promise.race([renderGreeting(text, tts, assistant.config, abort.signal), aborted]);
  } catch (error) {
    if (scope.closed) return undefined;
    const { code } = RapidaError.from(error);
    telemetry.count('rapida_provider_errors_total', { kind: 'tts', provider: tts.provider, code });
    logger.warn({ err: error, code, assistantId: assistant.id }, 'the greeting could not be rendered ahead');
    return undefined;
  } finally {
    timer.cancel();
    stop();
  }
}
