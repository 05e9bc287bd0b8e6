import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type AssistantStore,
  type CallCommand,
  type CallRecord,
  type CallStore,
  type EntityId,
  FINAL_STATES,
  type NodeCommands,
  RapidaError,
} from '@rapida/core';
import type { JournalDependencies } from './journal.js';
import type { LiveCalls } from './live-calls.js';
import type { Legs } from './outbound/legs.js';
import { endEvent, endMetrics } from './outcome.js';
import type { CallUseCases } from './use-cases.js';
import { readWaveform } from './waveform.js';

/** Longest text that can be said into a call at once. */
export const SAY_LENGTH_MAX = 2_000;

/** How long a node that holds a call may take to say whether it does what it is asked. */
export const COMMAND_MS_MAX = 3_000;

const CANCELLED = 'hangup_requested';

export interface CallDependencies extends JournalDependencies {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'cancel'>;
  readonly live: LiveCalls;
  readonly nodeCommands: NodeCommands;
  readonly assistants: Pick<AssistantStore, 'get'>;
  readonly recordingsDir: string;
}

export function createCallUseCases(dependencies: CallDependencies): CallUseCases {
  const { calls, live, legs, assistants, recordingsDir, nodeCommands } = dependencies;
  nodeCommands.handle((id, command) => carryOut({ live, legs }, id, command));

  async function get(projectId: EntityId, id: EntityId): Promise<CallRecord> {
    const call = await calls.get(projectId, id);
    if (call === undefined) throw new RapidaError('call_not_found');
    return call;
  }

  /** Fails unless the call is there, has not ended, and whoever holds it does what it is asked. */
  async function steer(projectId: EntityId, id: EntityId, command: CallCommand): Promise<void> {
    const call = await get(projectId, id);
    if (FINAL_STATES.includes(call.state)) throw new RapidaError('call_ended');
    const answer = await nodeCommands.send(id, command, COMMAND_MS_MAX);
    if (answer !== 'done') throw new RapidaError(answer === 'node_gone' ? 'node_gone' : 'call_not_live');
  }

  async function recordingPath(projectId: EntityId, id: EntityId): Promise<string> {
    const { recording } = await get(projectId, id);
    if (recording === null) throw new RapidaError('recording_not_found');
    const path = resolve(recordingsDir, basename(recording));
    try {
      await access(path);
    } catch (error) {
      throw new RapidaError('recording_not_found', 'the recording of this call is no longer there', { cause: error });
    }
    return path;
  }

  return {
    list: (projectId, filter, limit, cursor) => calls.list(projectId, filter, limit, cursor),
    get,
    events: async (projectId, id) => calls.events((await get(projectId, id)).id),
    transcript: async (projectId, id) => calls.turns((await get(projectId, id)).id),
    metrics: async (projectId, id) => calls.metrics((await get(projectId, id)).id),
    recordingPath,
    waveform: async (projectId, id, points) => readWaveform(await recordingPath(projectId, id), points),
    async hangup(projectId, id) {
      const call = await get(projectId, id);
      // Dialled in this very moment it is no longer in the queue: then it has a leg, or a session.
      if (call.state === 'queued' && (await cancelQueued(dependencies, id))) return;
      await steer(projectId, id, { type: 'hangup', reason: CANCELLED });
    },
    async say(projectId, id, text) {
      const spoken = text.trim();
      if (spoken === '' || spoken.length > SAY_LENGTH_MAX) {
        throw new RapidaError('invalid_request', `text must have 1 to ${SAY_LENGTH_MAX} characters`);
      }
      await steer(projectId, id, { type: 'say', text: spoken });
    },
    async transfer(projectId, id, target) {
      const { assistantId } = await get(projectId, id);
      const assistant = await assistants.get(projectId, assistantId);
      const allowed = assistant?.deployment.transferTargets ?? [];
      if (!allowed.includes(target)) throw new RapidaError('transfer_not_allowed');
      await steer(projectId, id, { type: 'transfer', target });
    },
  };
}

/** What a call that this process holds is asked. */
function carryOut(
  { live, legs }: Pick<CallDependencies, 'live' | 'legs'>,
  id: EntityId,
  command: CallCommand,
): boolean {
  switch (command.type) {
    case 'hangup':
      return live.hangup(id, command.reason) || legs.cancel(id, command.reason);
    case 'say':
      return live.say(id, command.text);
    case 'transfer':
      return live.transfer(id, command.target);
    case 'listen':
      return live.listen(id);
  }
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
