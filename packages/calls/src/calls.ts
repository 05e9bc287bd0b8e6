import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type AssistantStore,
  type CallRecord,
  type CallStore,
  type EntityId,
  FINAL_STATES,
  RapidaError,
} from '@rapida/core';
import type { JournalDependencies } from './journal.js';
import type { LiveCalls } from './live-calls.js';
import type { Legs } from './outbound/legs.js';
import { endEvent, endMetrics } from './outcome.js';
import type { CallUseCases } from './use-cases.js';

/** Longest text that can be said into a call at once. */
export const SAY_LENGTH_MAX = 2_000;

const CANCELLED = 'hangup_requested';

export interface CallDependencies extends JournalDependencies {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'cancel'>;
  readonly live: LiveCalls;
  readonly assistants: Pick<AssistantStore, 'get'>;
  readonly recordingsDir: string;
}

export function createCallUseCases(dependencies: CallDependencies): CallUseCases {
  const { calls, live, legs, assistants, recordingsDir } = dependencies;

  async function get(projectId: EntityId, id: EntityId): Promise<CallRecord> {
    const call = await calls.get(projectId, id);
    if (call === undefined) throw new RapidaError('call_not_found');
    return call;
  }

  /** Fails unless the call is there, has not ended, and `act` found it in this process. */
  async function steer(projectId: EntityId, id: EntityId, act: () => boolean): Promise<void> {
    const call = await get(projectId, id);
    if (FINAL_STATES.includes(call.state)) throw new RapidaError('call_ended');
    if (!act()) throw new RapidaError('call_not_live');
  }

  return {
    list: (projectId, filter, limit, cursor) => calls.list(projectId, filter, limit, cursor),
    get,
    events: async (projectId, id) => calls.events((await get(projectId, id)).id),
    transcript: async (projectId, id) => calls.turns((await get(projectId, id)).id),
    metrics: async (projectId, id) => calls.metrics((await get(projectId, id)).id),
    async recordingPath(projectId, id) {
      const { recording } = await get(projectId, id);
      if (recording === null) throw new RapidaError('recording_not_found');
      const path = resolve(recordingsDir, basename(recording));
      try {
        await access(path);
      } catch (error) {
        throw new RapidaError('recording_not_found', 'the recording of this call is no longer there', { cause: error });
      }
      return path;
    },
    async hangup(projectId, id) {
      const call = await get(projectId, id);
      // Dialled in this very moment it is no longer in the queue: then it has a leg, or a session.
      if (call.state === 'queued' && (await cancelQueued(dependencies, id))) return;
      await steer(projectId, id, () => live.hangup(id, CANCELLED) || legs.cancel(id, CANCELLED));
    },
    async say(projectId, id, text) {
      const spoken = text.trim();
      if (spoken === '' || spoken.length > SAY_LENGTH_MAX) {
        throw new RapidaError('invalid_request', `text must have 1 to ${SAY_LENGTH_MAX} characters`);
      }
      await steer(projectId, id, () => live.say(id, spoken));
    },
    async transfer(projectId, id, target) {
      const { assistantId } = await get(projectId, id);
      const assistant = await assistants.get(projectId, assistantId);
      const allowed = assistant?.deployment.transferTargets ?? [];
      if (!allowed.includes(target)) throw new RapidaError('transfer_not_allowed');
      await steer(projectId, id, () => live.transfer(id, target));
    },
  };
}

/** False where it was not in the queue any more. */
async function cancelQueued(dependencies: CallDependencies, id: EntityId): Promise<boolean> {
  const { calls, clock, health, telemetry } = dependencies;
  const outcome = { ending: 'cancel', disconnectedBy: 'system', reason: CANCELLED } as const;
  const atMs = clock.wallMs();
  const metrics = endMetrics(outcome, undefined, 0);
  const end = { endedAtMs: atMs, disconnectedBy: 'system', reason: CANCELLED } as const;
  const moving = calls.transition(id, ['queued'], 'cancelled', end, { ...endEvent(outcome), atMs, metrics });
  if (!(await health.watch('transition', moving))) return false;
  telemetry.count('rapida_calls_ended_total', { state: 'cancelled', by: 'system' });
  return true;
}
