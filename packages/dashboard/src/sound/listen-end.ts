/** Why there is no more sound of a call. The first five are the server's words. */
export type ListenEnd =
  | 'call_ended'
  | 'node_gone'
  | 'lost'
  | 'too_slow'
  | 'closed'
  /** The connection broke. */
  | 'broken'
  /** There was never any: the call is not held, or too many listen. */
  | 'refused'
  /** The browser plays nothing. */
  | 'no_sound'
  /** Whoever listened has stopped. */
  | 'stopped';

/** Connections in a row that end soon after they began. */
export const AGAIN_MAX = 3;

/** Whether to listen again by itself: the call goes on, and only the way here was lost, for the `times`th time in a row. */
export function listensAgain(end: ListenEnd, times: number): boolean {
  return (end === 'lost' || end === 'too_slow' || end === 'broken') && times <= AGAIN_MAX;
}

/** What the viewer is told of it; undefined: nothing, they know. */
export function listenEndWords(end: ListenEnd): string | undefined {
  switch (end) {
    case 'stopped':
      return undefined;
    case 'call_ended':
      return 'The call has ended.';
    case 'node_gone':
      return 'The server that held the call is gone.';
    case 'refused':
      return 'This call cannot be listened to now: it may have ended, or too many listen already.';
    case 'no_sound':
      return 'This browser plays no sound.';
    default:
      return 'The sound of the call was lost. Listen again.';
  }
}
