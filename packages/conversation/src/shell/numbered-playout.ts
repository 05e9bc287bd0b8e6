import type { Playout, PlayoutListener } from '@rapida/core';

/**
 * A playout for utterances in the order in which they have sound. A playout wants numbers that grow; utterances are numbered when their words
 * are known, and a filler, which is ready as sound, begins before words that came before it.
 */
export function numberedPlayout(
  createPlayout: (listener: PlayoutListener) => Playout,
  listener: PlayoutListener,
): Playout {
  /** Of what is open: as many as a playout takes. */
  const utterances = new Map<number, number>();
  const numbers = new Map<number, number>();
  let next = 1;
  const numberOf = (utterance: number): number => numbers.get(utterance) ?? 0;
  const playout = createPlayout({
    onStarted: (id, atMs) => listener.onStarted(utterances.get(id) ?? 0, atMs),
    onFinished(id, result) {
      const utterance = utterances.get(id) ?? 0;
      utterances.delete(id);
      numbers.delete(utterance);
      listener.onFinished(utterance, result);
    },
  });
  return {
    begin(utterance) {
      const id = next++;
      utterances.set(id, utterance);
      numbers.set(utterance, id);
      playout.begin(id);
    },
    write: (utterance, samples) => playout.write(numberOf(utterance), samples),
    end: (utterance) => playout.end(numberOf(utterance)),
    pause: () => playout.pause(),
    resume: () => playout.resume(),
    cut: () => playout.cut(),
    playedMs: (utterance) => playout.playedMs(numberOf(utterance)),
    get queuedMs() {
      return playout.queuedMs;
    },
    close: () => playout.close(),
  };
}
