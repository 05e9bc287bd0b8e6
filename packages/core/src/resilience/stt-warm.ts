import type { Clock, Timer } from '../clock.js';
import type { SpeechToText, SpeechToTextOptions, SpeechToTextStream } from '../speech-to-text.js';

/** A stream that was opened ahead waits this long for its call: an outbound one rings that long. */
export const WARM_MS = 60_000;

export interface WarmSpeechToText extends SpeechToText {
  /** Opens a stream now, for the next `open` with these options. Once. */
  warm(options: SpeechToTextOptions): void;
}

interface Warm {
  readonly options: SpeechToTextOptions;
  readonly stream: SpeechToTextStream;
  readonly abort: AbortController;
  readonly timer: Timer;
}

/**
 * `inner` for one call, connected before its media is: connecting would otherwise be part of the first answer. A stream that nobody
 * comes for is closed after {@link WARM_MS}.
 */
export function warmSpeechToText(inner: SpeechToText, clock: Clock): WarmSpeechToText {
  let warm: Warm | undefined;

  function letGo(): Warm | undefined {
    const kept = warm;
    warm = undefined;
    kept?.timer.cancel();
    return kept;
  }

  function drop(): void {
    const kept = letGo();
    kept?.abort.abort(new DOMException('not needed', 'AbortError'));
    kept?.stream.close();
  }

  return {
    provider: inner.provider,
    warm(options) {
      if (warm !== undefined) return;
      const abort = new AbortController();
      warm = { options, abort, stream: inner.open(options, abort.signal), timer: clock.setTimer(WARM_MS, drop) };
    },
    open(options, signal) {
      const wanted = warm?.options;
      const fits = wanted?.language === options.language && wanted.lineRateHz === options.lineRateHz;
      if (!fits || signal.aborted) {
        drop();
        return inner.open(options, signal);
      }
      const { stream, abort } = letGo() as Warm;
      const follow = (): void => abort.abort(signal.reason);
      signal.addEventListener('abort', follow, { once: true });
      return closingWith(stream, () => signal.removeEventListener('abort', follow));
    },
  };
}

/** The stream, and `onClose` when it is over in whatever way: a signal that lives longer must keep nothing of it. */
function closingWith(stream: SpeechToTextStream, onClose: () => void): SpeechToTextStream {
  return {
    write: (frame) => stream.write(frame),
    endSegment: () => stream.endSegment(),
    dropSegment: () => stream.dropSegment(),
    expect: (hints) => stream.expect(hints),
    close() {
      stream.close();
      onClose();
    },
    [Symbol.asyncIterator]() {
      const iterator = stream[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const result = await iterator.next();
            if (result.done) onClose();
            return result;
          } catch (error) {
            onClose();
            throw error;
          }
        },
      };
    },
  };
}
