import type { Clock, EntityId, NodeCommands, Telemetry } from '@rapida/core';
import { within } from './bounded-wait.js';

/** What can be done to a call while it is held by this process. */
export interface LiveCall {
  readonly callId: EntityId;
  readonly ended: Promise<void>;
  hangup(reason: string): boolean;
  say(text: string): boolean;
  /** Ends it after what is being said, and hands it over. */
  transfer(target: string): boolean;
  /** Its sound is told for a while from now. */
  listen(): boolean;
  /** A key of the telephone, reported beside the media. */
  press(digit: string): void;
  /** The telephone has hung up: reported beside the media. */
  callerGone(): void;
  /** Ends it now, whatever is being said. */
  close(reason: string): Promise<void>;
}

/** The calls this process holds. */
export interface LiveCalls {
  readonly count: number;
  /** It leaves by itself when it has ended. */
  add(call: LiveCall): void;
  /** False where there is no such call here, or it is ending already. */
  hangup(callId: EntityId, reason: string): boolean;
  say(callId: EntityId, text: string): boolean;
  transfer(callId: EntityId, target: string): boolean;
  listen(callId: EntityId): boolean;
  /** Waits for the calls to end by themselves; false when that took longer than `limitMs`. */
  idle(limitMs: number): Promise<boolean>;
  /** Lets every call finish its sentence, and ends what is still there after `limitMs`. Resolves when none is left. */
  closeAll(reason: string, limitMs: number): Promise<void>;
}

export function createLiveCalls(
  clock: Clock,
  telemetry: Telemetry,
  nodeCommands: Pick<NodeCommands, 'hold'>,
): LiveCalls {
  const live = new Map<EntityId, LiveCall>();

  function allEnded(): Promise<unknown> {
    return Promise.all([...live.values()].map((call) => call.ended));
  }

  return {
    get count() {
      return live.size;
    },
    add(call) {
      live.set(call.callId, call);
      const release = nodeCommands.hold(call.callId);
      telemetry.gauge('rapida_calls_live', live.size);
      void call.ended.then(() => {
        live.delete(call.callId);
        release();
        telemetry.gauge('rapida_calls_live', live.size);
      });
    },
    hangup: (callId, reason) => live.get(callId)?.hangup(reason) ?? false,
    say: (callId, text) => live.get(callId)?.say(text) ?? false,
    transfer: (callId, target) => live.get(callId)?.transfer(target) ?? false,
    listen: (callId) => live.get(callId)?.listen() ?? false,
    async idle(limitMs) {
      const untilMs = clock.nowMs() + limitMs;
      // Calls registered before the door was closed may still connect: look again after each round.
      while (live.size > 0) {
        const leftMs = untilMs - clock.nowMs();
        if (leftMs <= 0 || !(await within(clock, allEnded(), leftMs)).inTime) return false;
      }
      return true;
    },
    async closeAll(reason, limitMs) {
      for (const call of live.values()) call.hangup(reason);
      await within(clock, allEnded(), limitMs);
      await Promise.all([...live.values()].map((call) => call.close(reason)));
    },
  };
}
