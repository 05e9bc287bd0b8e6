import type { Clock, EntityId, NodeCommands, Telemetry } from '@rapida/core';
import { within } from './bounded-wait.js';

/** How long who takes a call up again waits for what is left of it here. */
const LET_GO_MS = 1_500;

/** What can be done to a call while it is held by this process. */
export interface LiveCall {
  readonly callId: EntityId;
  readonly ended: Promise<void>;
  hangup(reason: string): boolean;
  /** Ends it with a goodbye. */
  goodbye(reason: string): void;
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

/** As the leg of a call sees whoever has its media, here or at another node. */
export type LegSession = Pick<LiveCall, 'press' | 'callerGone' | 'close'>;

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
  has(callId: EntityId): boolean;
  /** What is told of its telephone by whoever steers that, maybe another node; false where there is no such call here. */
  press(callId: EntityId, digit: string): boolean;
  callerGone(callId: EntityId): boolean;
  close(callId: EntityId, reason: string): boolean;
  /** Ends what this process holds of a call that is taken up again; its record is not this one's any more. Bounded. */
  letGo(callId: EntityId): Promise<void>;
  /** Waits for the calls to end by themselves; false when that took longer than `limitMs`. */
  idle(limitMs: number): Promise<boolean>;
  /** Says goodbye in every call, and ends what is still there after `limitMs`. Resolves when none is left. */
  closeAll(reason: string, limitMs: number): Promise<void>;
}

export function createLiveCalls(
  clock: Clock,
  telemetry: Telemetry,
  nodeCommands: Pick<NodeCommands, 'hold'>,
): LiveCalls {
  const live = new Map<EntityId, LiveCall>();

  function tell(callId: EntityId, what: (call: LiveCall) => unknown): boolean {
    const call = live.get(callId);
    if (call !== undefined) what(call);
    return call !== undefined;
  }

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
        // Another leg of the same call may be here by now.
        if (live.get(call.callId) === call) live.delete(call.callId);
        release();
        telemetry.gauge('rapida_calls_live', live.size);
      });
    },
    hangup: (callId, reason) => live.get(callId)?.hangup(reason) ?? false,
    say: (callId, text) => live.get(callId)?.say(text) ?? false,
    transfer: (callId, target) => live.get(callId)?.transfer(target) ?? false,
    listen: (callId) => live.get(callId)?.listen() ?? false,
    has: (callId) => live.has(callId),
    press: (callId, digit) => tell(callId, (call) => call.press(digit)),
    callerGone: (callId) => tell(callId, (call) => call.callerGone()),
    close: (callId, reason) => tell(callId, (call) => call.close(reason)),
    async letGo(callId) {
      const call = live.get(callId);
      if (call !== undefined) await within(clock, call.close('resumed'), LET_GO_MS);
    },
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
      for (const call of live.values()) call.goodbye(reason);
      await within(clock, allEnded(), limitMs);
      await Promise.all([...live.values()].map((call) => call.close(reason)));
    },
  };
}
