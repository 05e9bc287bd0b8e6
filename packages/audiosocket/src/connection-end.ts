/**
 * Why a connection ended.
 *
 * By the peer: `peer_fin` (the caller hung up: Asterisk only ever closes), `peer_hangup` (a 0x00 frame), `peer_reset`
 * (connection reset; Asterisk causes it as well when it closes with our audio unread, so it is a hangup for the call),
 * `peer_not_reading`, `socket_error` (`detail` has the system's code).
 * Before the UUID: `no_frame` (connected and closed without a byte: an unanswered channel, not an error),
 * `first_frame_timeout`, `first_frame_truncated`, `first_frame_not_uuid`, `first_frame_bad_length`.
 * By us: `hangup`, `destroyed` (`detail` as given), `payload_too_large`, `listener_failed` (the owner's callback threw;
 * `detail` has the message).
 */
export type ConnectionEndReason =
  | 'peer_fin'
  | 'peer_hangup'
  | 'peer_reset'
  | 'peer_not_reading'
  | 'socket_error'
  | 'no_frame'
  | 'first_frame_timeout'
  | 'first_frame_truncated'
  | 'first_frame_not_uuid'
  | 'first_frame_bad_length'
  | 'hangup'
  | 'destroyed'
  | 'payload_too_large'
  | 'listener_failed';

export interface ConnectionEnd {
  readonly reason: ConnectionEndReason;
  readonly detail: string;
  /** Bytes of a last frame that never became complete. */
  readonly truncatedBytes: number;
  /** From accept until this end was decided. */
  readonly durationMs: number;
}

/** EPIPE: we wrote after the peer's FIN and before reading it. It is that FIN, seen from the other side. */
export function endReasonOfError(error: unknown): { reason: ConnectionEndReason; detail: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'EPIPE') return { reason: 'peer_fin', detail: code };
  return { reason: code === 'ECONNRESET' ? 'peer_reset' : 'socket_error', detail: code };
}

export interface ConnectionCounters {
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Kinds the protocol does not define. */
  unknownKinds: number;
  /** Known frames nothing is done with: silence, error, a second UUID, empty audio, DTMF that is no digit, and any before a listener is set. */
  ignored: number;
  /** Frames `write` refused because the peer does not read. */
  droppedOut: number;
  /** Audio frames with half a sample at the end; the whole samples were used. */
  oddAudio: number;
}
