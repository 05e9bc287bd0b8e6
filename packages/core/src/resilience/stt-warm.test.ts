import { describe, expect, it } from 'vitest';
import { speechToTextConformance } from '../conformance/speech-to-text.js';
import { FRAME_SAMPLES } from '../frame.js';
import { NO_HINTS, type SpeechToText, type SpeechToTextStream, type Transcript } from '../speech-to-text.js';
import { VirtualClock } from '../testing/index.js';
import { WARM_MS, warmSpeechToText } from './stt-warm.js';

/** Answers each segment with how many frames it had; counts its streams. */
function counting() {
  const seen = { opened: 0, closed: 0 };
  const stt: SpeechToText = {
    provider: 'counting',
    open(_options, signal): SpeechToTextStream {
      seen.opened++;
      const finals: Transcript[] = [];
      let frames = 0;
      let isClosed = false;
      let wake = () => {};
      const close = () => {
        if (isClosed) return;
        isClosed = true;
        seen.closed++;
        signal.removeEventListener('abort', close);
        wake();
      };
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      return {
        write: () => void frames++,
        endSegment() {
          finals.push({ kind: 'final', text: frames === 0 ? '' : String(frames) });
          frames = 0;
          wake();
        },
        dropSegment() {
          frames = 0;
        },
        expect() {},
        close,
        [Symbol.asyncIterator]: () => ({
          async next() {
            while (!isClosed && finals.length === 0) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            }
            const value = isClosed ? undefined : finals.shift();
            return value === undefined ? { done: true, value: undefined } : { done: false, value };
          },
        }),
      };
    },
  };
  return { stt, seen };
}

const OPTIONS = { language: 'en-US', lineRateHz: 8_000 };

describe('a recogniser that is connected ahead', () => {
  it('is handed over to the first who asks for what it was opened for, once', () => {
    const { stt, seen } = counting();
    const clock = new VirtualClock();
    const warm = warmSpeechToText(stt, clock);
    warm.warm(OPTIONS);
    warm.warm(OPTIONS);
    expect(seen.opened).toBe(1);
    const stream = warm.open({ ...OPTIONS }, new AbortController().signal);
    expect(seen.opened).toBe(1);
    expect(clock.pendingTimers).toBe(0);
    warm.open(OPTIONS, new AbortController().signal).close();
    expect(seen).toEqual({ opened: 2, closed: 1 });
    stream.close();
    expect(seen.closed).toBe(2);
  });

  it('is closed where the line is another one, and opened anew', () => {
    const { stt, seen } = counting();
    const warm = warmSpeechToText(stt, new VirtualClock());
    warm.warm(OPTIONS);
    warm.open({ ...OPTIONS, lineRateHz: 16_000 }, new AbortController().signal);
    expect(seen).toEqual({ opened: 2, closed: 1 });
  });

  it('is closed when nobody comes for it', async () => {
    const { stt, seen } = counting();
    const clock = new VirtualClock();
    warmSpeechToText(stt, clock).warm(OPTIONS);
    await clock.advance(WARM_MS - 1);
    expect(seen.closed).toBe(0);
    await clock.advance(1);
    expect(seen.closed).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with the signal of whoever took it', () => {
    const { stt, seen } = counting();
    const warm = warmSpeechToText(stt, new VirtualClock());
    warm.warm(OPTIONS);
    const abort = new AbortController();
    warm.open(OPTIONS, abort.signal);
    abort.abort();
    expect(seen.closed).toBe(1);
  });
});

speechToTextConformance('connected ahead', async () => {
  const stt = warmSpeechToText(counting().stt, new VirtualClock());
  stt.warm(OPTIONS);
  return { stt, speech: new Int16Array(3 * FRAME_SAMPLES).fill(7), expected: /^3$/, hints: NO_HINTS, close() {} };
});
