/** `new`: Asterisk 20.14, 21.9, 22.4, 23 and later. `old`: 18, and the other branches before those. */
export type AsteriskBehaviour = 'new' | 'old';

/** How a call ended, as Asterisk sees it. `bad_uuid`: the text is no UUID, then Asterisk does not even connect. */
export type AsteriskEnding =
  | 'caller_hangup'
  | 'aborted'
  | 'server_hangup'
  | 'server_closed'
  | 'timeout'
  | 'fatal_frame'
  | 'split_frame'
  | 'write_failed'
  | 'reset'
  | 'bad_uuid'
  | 'connect_failed'
  | 'connect_timeout';

/** What differs between the two, as observed in calls on 22.10.1 and with the 18.26.4 modules. */
export interface BehaviourTraits {
  /** Ends the call when neither side sent anything for so long. */
  readonly idleMsMax: number | undefined;
  /** How long the rest of a payload may follow its header. */
  readonly splitMsMax: number;
  /** A header in pieces: tolerated (and waited for without end, deaf to the caller), or the end of the call. */
  readonly splitHeader: 'waits' | 'ends';
  /** The server's FIN: an ending, or not noticed at all, until the caller hangs up. */
  readonly serverFin: 'ends' | 'spins';
  /** Anything but audio and hangup, and empty audio. */
  readonly unexpectedFrame: 'ends' | 'ignored';
  /** Kinds 0x11 to 0x18. */
  readonly widebandAudio: 'played' | 'ignored';
  readonly dtmf: 'sent' | 'lost';
  /** 0x00 counts from its first byte, or once its header is complete. */
  readonly hangupHeaderBytes: 1 | 3;
  /** Endings after which `TRYSTATUS` is SUCCESS and a plain `AudioSocket()` lets the dialplan go on. */
  readonly successes: readonly AsteriskEnding[];
}

export const BEHAVIOURS: Readonly<Record<AsteriskBehaviour, BehaviourTraits>> = {
  new: {
    idleMsMax: 2000,
    splitMsMax: 5,
    splitHeader: 'waits',
    serverFin: 'ends',
    unexpectedFrame: 'ends',
    widebandAudio: 'played',
    dtmf: 'sent',
    hangupHeaderBytes: 3,
    successes: ['server_hangup', 'server_closed'],
  },
  old: {
    idleMsMax: undefined,
    splitMsMax: 0,
    splitHeader: 'ends',
    serverFin: 'spins',
    unexpectedFrame: 'ignored',
    widebandAudio: 'ignored',
    dtmf: 'lost',
    hangupHeaderBytes: 1,
    successes: [],
  },
};
