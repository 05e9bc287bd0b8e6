import type { CallContext, CallStore, Clock, EntityId, Logger, Telemetry } from '@rapida/core';
import { within } from '../bounded-wait.js';
import { HANGUP } from '../directive.js';
import type { LiveCall } from '../live-calls.js';
import type { Leg } from './leg.js';

/** The calls of this process whose telephone's channel it steers through ARI, by call. */
export interface Legs {
  readonly count: number;
  /** Of a project, placed by us and not over. */
  placedBy(projectId: EntityId): number;
  has(callId: EntityId): boolean;
  /** It leaves by itself when it has ended. */
  add(callId: EntityId, leg: Leg, placedBy: EntityId | null): void;
  /** Its media is here, or has ended; calls without a leg are ignored. */
  connected(session: LiveCall): void;
  sessionEnded(context: CallContext): Promise<void>;
  /** Hangs up what has no media yet; false where there is nothing to hang up here. */
  cancel(callId: EntityId, reason: string): boolean;
  /** Waits until none is left; false when that took longer than `limitMs`. */
  idle(limitMs: number): Promise<boolean>;
  cancelAll(reason: string): void;
}

export function createLegs(dependencies: {
  readonly calls: Pick<CallStore, 'getByContext'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}): Legs {
  const { calls, clock, logger, telemetry } = dependencies;
  const legs = new Map<EntityId, { readonly leg: Leg; readonly placedBy: EntityId | null }>();
  const gauge = (): void => telemetry.gauge('rapida_outbound_legs', legs.size);

  return {
    get count() {
      return legs.size;
    },
    placedBy(projectId) {
      let count = 0;
      for (const { placedBy } of legs.values()) if (placedBy === projectId) count++;
      return count;
    },
    has: (callId) => legs.has(callId),
    add(callId, leg, placedBy) {
      legs.set(callId, { leg, placedBy });
      gauge();
      void leg.ended.then(() => {
        if (legs.get(callId)?.leg === leg) legs.delete(callId);
        gauge();
      });
    },
    connected: (session) => legs.get(session.callId)?.leg.connected(session),
    async sessionEnded({ callId, contextId }) {
      const held = legs.get(callId);
      if (held === undefined) return;
      // What cannot be read cannot be followed: the phone is hung up, which is what a call without a word ends with.
      const call = await calls.getByContext(contextId).catch((error: unknown) => {
        logger.error({ err: error, callId }, 'what was decided for the end of a call could not be read');
        return undefined;
      });
      held.leg.sessionEnded(call?.directive ?? HANGUP);
    },
    cancel: (callId, reason) => legs.get(callId)?.leg.cancel(reason) ?? false,
    async idle(limitMs) {
      const untilMs = clock.nowMs() + limitMs;
      while (legs.size > 0) {
        const leftMs = untilMs - clock.nowMs();
        const ended = Promise.all([...legs.values()].map(({ leg }) => leg.ended));
        if (leftMs <= 0 || !(await within(clock, ended, leftMs)).inTime) return false;
      }
      return true;
    },
    cancelAll(reason) {
      for (const { leg } of legs.values()) leg.cancel(reason);
    },
  };
}
