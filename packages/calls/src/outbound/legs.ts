import type { Clock, EntityId, NodeCommands, Telemetry } from '@rapida/core';
import { within } from '../bounded-wait.js';
import type { Journal } from '../journal.js';
import type { LiveCall } from '../live-calls.js';
import type { Leg } from './leg.js';
import type { LegHandOver } from './leg-hand-over.js';

/** One attempt at a call, or one call that came into our application. */
export interface HeldLeg {
  /** It is steered by this from now on; what was ordered before is done now. The leg has not been started yet. */
  steeredBy(leg: Leg): void;
  /** Nothing more will be done for it. Idempotent. */
  over(): void;
}

/** The calls of this process whose telephone's channel it steers through ARI. */
export interface Legs {
  has(callId: EntityId): boolean;
  begin(callId: EntityId): HeldLeg;
  /** Where the leg of a call writes; undefined for a call without one. */
  journalOf(callId: EntityId): Journal | undefined;
  /** Its media is here, or has ended; calls without a leg are ignored. */
  connected(session: LiveCall): void;
  sessionEnded(callId: EntityId): void;
  /** What its leg can do to hand the caller over; undefined where no leg steers the call. Never rejects. */
  handOver(callId: EntityId, target: string, signal: AbortSignal): Promise<LegHandOver | undefined>;
  /** Hangs up what has no session yet; false where there is nothing to hang up here. */
  cancel(callId: EntityId, reason: string): boolean;
  /** The same for all of them. */
  cancelAll(reason: string): void;
  /** Waits until none is left; false when that took longer than `limitMs`. */
  idle(limitMs: number): Promise<boolean>;
}

interface Entry {
  readonly callId: EntityId;
  readonly ended: Promise<void>;
  leg: Leg | undefined;
  cancelledFor: string | undefined;
}

export interface LegsDependencies {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly nodeCommands: Pick<NodeCommands, 'hold'>;
}

export function createLegs({ clock, telemetry, nodeCommands }: LegsDependencies): Legs {
  /** In their order: of an attempt that is cleared away and the next one, the next one is the call. */
  const entries = new Set<Entry>();
  const gauge = (): void => telemetry.gauge('rapida_outbound_legs', entries.size);
  const latestOf = (callId: EntityId): Entry | undefined => [...entries].findLast((entry) => entry.callId === callId);

  function cancel(entry: Entry, reason: string): boolean {
    if (entry.leg !== undefined) return !entry.leg.isConnected && entry.leg.cancel(reason);
    entry.cancelledFor ??= reason;
    return true;
  }

  return {
    has: (callId) => latestOf(callId) !== undefined,
    begin(callId) {
      let finish = (): void => {};
      const ended = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const entry: Entry = { callId, ended, leg: undefined, cancelledFor: undefined };
      entries.add(entry);
      const release = nodeCommands.hold(callId);
      gauge();
      return {
        steeredBy(leg) {
          entry.leg = leg;
          if (entry.cancelledFor !== undefined) leg.cancel(entry.cancelledFor);
        },
        over() {
          entries.delete(entry);
          release();
          gauge();
          finish();
        },
      };
    },
    journalOf: (callId) => latestOf(callId)?.leg?.journal,
    connected: (session) => latestOf(session.callId)?.leg?.connected(session),
    sessionEnded: (callId) => latestOf(callId)?.leg?.sessionEnded(),
    async handOver(callId, target, signal) {
      const leg = latestOf(callId)?.leg;
      return leg?.isConnected ? leg.handOver(target, signal) : undefined;
    },
    cancel(callId, reason) {
      const entry = latestOf(callId);
      return entry !== undefined && cancel(entry, reason);
    },
    cancelAll(reason) {
      for (const entry of entries) cancel(entry, reason);
    },
    async idle(limitMs) {
      const untilMs = clock.nowMs() + limitMs;
      while (entries.size > 0) {
        const leftMs = untilMs - clock.nowMs();
        const ended = Promise.all([...entries].map((entry) => entry.ended));
        if (leftMs <= 0 || !(await within(clock, ended, leftMs)).inTime) return false;
      }
      return true;
    },
  };
}
