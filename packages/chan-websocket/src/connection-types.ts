import type { MediaStartEvent, StatusEvent } from './events.js';
import type { MediaFormat } from './formats.js';

/** Why a media connection ended. The first cause counts, whatever follows from it. */
export type MediaEndReason =
  /** Asterisk closed with 1000: the caller hung up. */
  | 'caller_hangup'
  /** `hangup()` was called here. */
  | 'app_hangup'
  /** Asterisk closed with another code. */
  | 'peer_closed'
  /** Asterisk closed with our audio unread: the reset of TCP overtakes its closing frame. */
  | 'peer_reset'
  /** TCP ended without a closing handshake. */
  | 'connection_lost'
  | 'start_timeout'
  | 'format_unsupported'
  /** opus, speex, g729: Asterisk does not re-frame or pace these. */
  | 'passthrough_unsupported'
  | 'message_too_big'
  | 'protocol_error'
  | 'peer_not_reading';

export interface MediaEnd {
  readonly reason: MediaEndReason;
  /** Close code received from Asterisk; absent when none arrived. */
  readonly code?: number;
}

/**
 * Hears everything about one connection, synchronously, on the socket's thread of events. It must not throw.
 * Order: `onStart` first and once, then anything, `onClosed` last and once (also when `onStart` never came).
 */
export interface MediaConnectionListener {
  /** `format.frameBytes` is what Asterisk cuts by. */
  onStart(start: MediaStartEvent, format: MediaFormat): void;
  /** Whole samples of the caller. A view that is valid during the call only: copy what is kept. */
  onMedia(bytes: Uint8Array): void;
  onDtmf(digit: string): void;
  /** Playback reached the mark. */
  onMark(correlationId: string): void;
  /** Playback reached the place of `STOP_MEDIA_BUFFERING`. */
  onBufferingCompleted(correlationId: string): void;
  /** Asterisk holds 900 frames; at 1000 it drops whole messages. */
  onXoff(): void;
  onXon(): void;
  onDrained(): void;
  onStatus(status: StatusEvent): void;
  /** Asterisk refused a command. The text is for a log, not for deciding. */
  onPeerError(errorText: string): void;
  onClosed(end: MediaEnd): void;
}

export interface MediaConnectionLimits {
  /** Wait for `MEDIA_START`. Default 5000. */
  readonly startMsMax: number;
  /** Binary kept from before `MEDIA_START`; the oldest goes. Default 65,536 bytes and 256 messages. */
  readonly earlyBytesMax: number;
  readonly earlyMessagesMax: number;
  /** Unsent bytes above which media is refused. Default 262,144. */
  readonly queuedBytesMax: number;
  /** How long media may be refused before the connection is cut. Default 10,000. */
  readonly stalledMsMax: number;
  /** Wait for the peer's half of the closing handshake. Default 2000. */
  readonly closeMsMax: number;
  /** Names of the formats taken; others end the call. Default SUPPORTED_FORMATS. */
  readonly formats: readonly string[];
}

/** What was ignored, dropped or refused on one connection. Counted, never raised. */
export interface MediaConnectionCounters {
  malformedTexts: number;
  unknownEvents: number;
  /** Known events before `MEDIA_START`. */
  earlyEvents: number;
  duplicateStarts: number;
  earlyMediaDropped: number;
  oddLengths: number;
  /** Binary messages that arrived after this side had begun to close. */
  lateMessages: number;
  mediaRefused: number;
  commandsRefused: number;
}
