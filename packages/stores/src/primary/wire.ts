/** Values are structured clones: plain objects, no class and no function gets through. */
export type WireMessage =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly part: string;
      readonly method: string;
      readonly args: unknown[];
    }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: 'tell'; readonly part: string; readonly method: string; readonly args: unknown[] };

/** Carries messages between two processes, in their order: the channel a process has to those it has started. */
export interface Wire {
  /** `onSent` is called once, also where it was not sent. Throws where the message is none that can be carried. */
  send(message: WireMessage, onSent: () => void): void;
  /** The one that hears everything from now on. */
  receive(listener: WireListener): void;
}

export interface WireListener {
  onMessage(message: WireMessage): void;
  /** The other side is gone. */
  onClosed(): void;
}
