import type { EntityId } from './ids.js';

/** What whoever holds a call can be asked to do with it. JSON: it may be another process. */
export type CallCommand =
  | { readonly type: 'hangup'; readonly reason: string }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'transfer'; readonly target: string }
  /** Its sound is wanted, for a while from now. */
  | { readonly type: 'listen' };

export type CommandAnswer =
  | 'done'
  /** Where it is held that cannot be done now: it is ending, or not yet in conversation. */
  | 'refused'
  /** Nobody holds it. */
  | 'not_here'
  /** Who holds it did not answer in time, or has died: whether it was carried out is not known. */
  | 'node_gone';

/** Carries it out, at once; false where that cannot be done now. */
export type CommandHandler = (callId: EntityId, command: CallCommand) => boolean;

/** Brings commands to the process that holds a call. What is held here is asked here, whatever has become of the others. */
export interface NodeCommands {
  /**
   * This process holds the call until what is returned is called. As often as wanted: it is held until all of them are over.
   * Nobody is waited for, and it never throws.
   */
  hold(callId: EntityId): () => void;
  /** Fails with `store_failed` where it cannot be known who holds the call. Takes no longer than about `timeoutMs`. */
  send(callId: EntityId, command: CallCommand, timeoutMs: number): Promise<CommandAnswer>;
  /** Who carries out what calls that are held here are asked; without one everything is refused. The last one given. */
  handle(handler: CommandHandler): void;
}
