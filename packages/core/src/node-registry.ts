/** How often a node says that it is there, and how long it is believed: a few of these may be lost, or late. */
export const NODE_RENEW_MS = 2_000;
/** A node that died is found out this long after its last word at the latest, and a renewal later by all others. */
export const NODE_LEASE_MS = 8_000;

/** What a node says of itself. JSON: others read it. */
export interface NodeState {
  readonly host: string;
  readonly version: string;
  /** Wall clock, ms since 1970. */
  readonly startedAtMs: number;
  /** Calls with media here. */
  readonly calls: number;
  /** It is stopping, and takes no new calls. */
  readonly draining: boolean;
  /** 99th percentile since it last said so. */
  readonly loopDelayMs: number;
  /** Frames sent more than a frame time after they were due, since it started. */
  readonly lateFrames: number;
}

export interface NodeEntry extends NodeState {
  readonly nodeId: string;
  /** When it last said so. */
  readonly seenAtMs: number;
  /** Its lease has lapsed, and its calls are being closed. */
  readonly lost: boolean;
}

export interface LostNode {
  readonly nodeId: string;
  /** When it was last believed to be there: calls that were made later are of another life. */
  readonly lapsedAtMs: number;
}

/** The nodes of an installation, this one among them. Everything may fail with `store_failed`. */
export interface NodeRegistry {
  /**
   * Before the first call. Waits where another node is closing the calls of a former life of this one, and for whether a
   * process that had this name before is still there; fails with `setting_invalid` where it is.
   */
  join(state: NodeState): Promise<void>;
  /** To be called every {@link NODE_RENEW_MS}. */
  renew(state: NodeState): Promise<void>;
  list(): Promise<readonly NodeEntry[]>;
  /**
   * Nodes that have died: each is given to one node, which closes its calls and forgets it; to another one where it has not
   * done so after a while. A node that has itself not been in touch all the time takes none: it cannot tell.
   */
  takeLost(): Promise<readonly LostNode[]>;
  forget(lost: LostNode): Promise<void>;
  /** It has ended in order: there is nothing to close. Never fails. */
  leave(): Promise<void>;
}
