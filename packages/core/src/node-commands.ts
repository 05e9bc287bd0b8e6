import type { EntityId } from './ids.js';

/**
 * What nodes that hold the same call tell each other: one steers its telephone's channel, and another one has its media. The
 * first ones are told to the former, the next ones to the latter, the last one to whoever waits for a transfer to be taken.
 */
export const LEG_WORDS = [
  ...(['media_connected', 'media_ended', 'hand_over', 'hand_over_dropped'] as const),
  ...(['watch_listen', 'watch_confirm', 'watch_drop'] as const),
  ...(['key_pressed', 'caller_gone', 'close', 'handed_over'] as const),
  'transfer_taken',
] as const;
export type LegWord = (typeof LEG_WORDS)[number];

/** What whoever holds a call can be asked to do with it. JSON: it may be another process. */
export type CallCommand =
  | { readonly type: 'hangup'; readonly reason: string }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'transfer'; readonly target: string }
  /** Its sound is wanted, for a while from now. */
  | { readonly type: 'listen' }
  /** `text`: what belongs to the word, e.g. the key or the target. */
  | { readonly type: 'leg'; readonly word: LegWord; readonly text: string };

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
