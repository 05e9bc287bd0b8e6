import type { CallPlayout, PlayoutFactory } from '@rapida/calls';
import type { PlayoutListener } from '@rapida/core';
import type { MediaPlayout } from '@rapida/media';

/** Keeps count of a call's utterances: what was begun, and how often each has started and finished. */
export class Ledger {
  readonly begun: number[] = [];
  readonly started = new Map<number, number>();
  readonly finished = new Map<number, number>();
  /** Sound that came for an utterance that had ended. */
  refusedWrites = 0;
  opened = 0;
  closes = 0;

  /** What is wrong with it, once the call has ended. */
  faults(): string[] {
    const ids = new Set([...this.begun, ...this.started.keys(), ...this.finished.keys()]);
    const wrong = [...ids].flatMap((id) => {
      const begun = this.begun.filter((one) => one === id).length;
      const started = this.started.get(id) ?? 0;
      const finished = this.finished.get(id) ?? 0;
      return begun === 1 && started <= 1 && finished === 1
        ? []
        : [`utterance ${id}: begun ${begun}, started ${started}, finished ${finished}`];
    });
    return this.opened === 0 || this.closes > 0 ? wrong : [...wrong, 'the playout was not closed'];
  }

  listening(inner: PlayoutListener): PlayoutListener {
    return {
      onStarted: (id, atMs) => {
        this.started.set(id, (this.started.get(id) ?? 0) + 1);
        inner.onStarted(id, atMs);
      },
      onFinished: (id, result) => {
        this.finished.set(id, (this.finished.get(id) ?? 0) + 1);
        inner.onFinished(id, result);
      },
    };
  }

  watching(inner: MediaPlayout): CallPlayout {
    this.opened++;
    return {
      begin: (id) => {
        this.begun.push(id);
        inner.begin(id);
      },
      write: (id, samples) => {
        const isKept = inner.write(id, samples);
        if (!isKept) this.refusedWrites++;
        return isKept;
      },
      end: (id) => inner.end(id),
      pause: () => inner.pause(),
      resume: () => inner.resume(),
      cut: () => inner.cut(),
      playedMs: (id) => inner.playedMs(id),
      get queuedMs() {
        return inner.queuedMs;
      },
      close: () => {
        this.closes++;
        inner.close();
      },
      onMark: (id) => inner.onMark(id),
      onFlow: (flow) => inner.onFlow(flow),
    };
  }
}

export type Leg = Parameters<PlayoutFactory>[0];
