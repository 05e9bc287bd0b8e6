import type { LanguageModel, LanguageModelEvent, LanguageModelRequest } from '@rapida/core';
import { isAbort, RapidaError } from '@rapida/core';

export interface BrainListener {
  event(reply: number, event: LanguageModelEvent): void;
  done(reply: number): void;
  failed(reply: number, error: RapidaError): void;
}

/** Runs one request to the language model at a time. */
export interface Brain {
  /** Stops the request before, if one runs. */
  think(reply: number, request: LanguageModelRequest): void;
  /** The running request is aborted and tells nothing more. Idempotent. */
  stop(): void;
}

/** A model that never ends its answer is cut off here: more text than anybody listens to. */
export const ANSWER_CHARS_MAX = 20_000;

export function createBrain(deps: {
  /** Bounds its own silences. */
  readonly model: LanguageModel;
  readonly listener: BrainListener;
}): Brain {
  const { model, listener } = deps;
  let running: AbortController | undefined;
  const stop = () => {
    const abort = running;
    running = undefined;
    abort?.abort();
  };

  async function run(reply: number, request: LanguageModelRequest, abort: AbortController): Promise<void> {
    const finish = (tell: () => void) => {
      if (running !== abort) return;
      stop();
      tell();
    };
    let chars = 0;
    try {
      for await (const event of model.generate(request, abort.signal)) {
        if (running !== abort) return;
        if (event.type === 'text') chars += event.text.length;
        if (chars > ANSWER_CHARS_MAX) break;
        listener.event(reply, event);
      }
      finish(() => listener.done(reply));
    } catch (error) {
      if (!isAbort(error, abort.signal)) finish(() => listener.failed(reply, RapidaError.from(error)));
    }
  }

  return {
    think(reply, request) {
      stop();
      const abort = new AbortController();
      running = abort;
      void run(reply, request, abort);
    },
    stop,
  };
}
