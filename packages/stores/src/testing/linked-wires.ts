import type { Wire, WireListener, WireMessage } from '../primary/wire.js';

export interface LinkedWires {
  readonly ends: readonly [Wire, Wire];
  /** From now on nothing arrives anywhere, nor is it taken: a process that is stopped, or one whose channel is full. */
  stall(): void;
  /** What was stalled arrives. */
  resume(): void;
  /** Both sides see that the other is gone. */
  cut(): void;
}

/** Two ends of a channel between processes, in one: messages are cloned as there, and arrive later, in their order. */
export function linkedWires(): LinkedWires {
  const listeners: (WireListener | undefined)[] = [undefined, undefined];
  let waiting: (() => void)[] = [];
  let stalled = false;
  let isCut = false;

  function deliver(arrive: () => void): void {
    if (stalled) waiting.push(arrive);
    else queueMicrotask(() => (stalled ? waiting.push(arrive) : arrive()));
  }

  const end = (other: 0 | 1): Wire => ({
    send(message, onSent) {
      const clone = structuredClone(message) as WireMessage;
      if (isCut) return queueMicrotask(onSent);
      deliver(() => {
        onSent();
        if (!isCut) listeners[other]?.onMessage(clone);
      });
    },
    receive(listener) {
      listeners[1 - other] = listener;
    },
  });

  return {
    ends: [end(1), end(0)],
    stall() {
      stalled = true;
    },
    resume() {
      stalled = false;
      const arriving = waiting;
      waiting = [];
      for (const arrive of arriving) arrive();
    },
    cut() {
      isCut = true;
      for (const listener of listeners) listener?.onClosed();
    },
  };
}
