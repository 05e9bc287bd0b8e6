import {
  type CallStore,
  type Clock,
  type EntityId,
  FINAL_STATES,
  type LiveFeed,
  type LiveSubscription,
  type NodeCommands,
  RapidaError,
  type Timer,
} from '@rapida/core';
import { COMMAND_MS_MAX } from '../calls.js';
import type { ListeningUseCases, SoundOver, SoundStream } from '../use-cases.js';
import { readSound, roomOf } from './sound-room.js';

/** Often enough that one request may be lost; where the call is taken up by another node, its sound comes from there. */
export const ASK_EVERY_MS = 5_000;
/** So often in a row the node that holds the call may be silent. */
const FAILURES_MAX = 3;

export interface ListeningDependencies {
  readonly calls: Pick<CallStore, 'get'>;
  readonly liveFeed: Pick<LiveFeed, 'subscribe'>;
  readonly nodeCommands: Pick<NodeCommands, 'send'>;
  readonly clock: Clock;
}

export function createListening(dependencies: ListeningDependencies): ListeningUseCases {
  const { calls, liveFeed, nodeCommands } = dependencies;
  return {
    async listen(projectId, callId) {
      const call = await calls.get(projectId, callId);
      if (call === undefined) throw new RapidaError('call_not_found');
      if (FINAL_STATES.includes(call.state)) throw new RapidaError('call_ended');
      const sound = await liveFeed.subscribe({ projectId: roomOf(projectId), callId });
      try {
        const answer = await nodeCommands.send(callId, { type: 'listen' }, COMMAND_MS_MAX);
        if (answer !== 'done') throw new RapidaError(answer === 'node_gone' ? 'node_gone' : 'call_not_live');
        return new RunningSound(sound, callId, dependencies);
      } catch (error) {
        sound.close();
        throw error;
      }
    },
  };
}

/** What comes of it, as long as the reader wants it: who holds the call is asked for it again and again. */
class RunningSound implements SoundStream {
  readonly #sound: LiveSubscription;
  readonly #callId: EntityId;
  readonly #dependencies: ListeningDependencies;
  #over: SoundOver | undefined;
  #timer: Timer | undefined;
  #failures = 0;

  constructor(sound: LiveSubscription, callId: EntityId, dependencies: ListeningDependencies) {
    this.#sound = sound;
    this.#callId = callId;
    this.#dependencies = dependencies;
    this.#askLater();
  }

  async next(): Promise<Uint8Array | SoundOver> {
    while (this.#over === undefined) {
      const next = await this.#sound.next();
      if (typeof next === 'string') this.#end(next);
      else {
        const read = readSound(next);
        if (read === 'over') this.#end('call_ended');
        else if (read !== undefined) return read;
      }
    }
    return this.#over;
  }

  close(): void {
    this.#end('closed');
  }

  #askLater(): void {
    this.#timer = this.#dependencies.clock.setTimer(ASK_EVERY_MS, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const failure = await this.#failureOf();
    if (this.#over !== undefined) return;
    this.#failures = failure === undefined ? 0 : this.#failures + 1;
    if (failure !== undefined && this.#failures >= FAILURES_MAX) this.#end(failure);
    else this.#askLater();
  }

  async #failureOf(): Promise<SoundOver | undefined> {
    try {
      const answer = await this.#dependencies.nodeCommands.send(this.#callId, { type: 'listen' }, COMMAND_MS_MAX);
      if (answer === 'done') return undefined;
      return answer === 'node_gone' ? 'node_gone' : 'call_ended';
    } catch {
      // Who holds it cannot be known at this moment; that was logged and counted there.
      return 'lost';
    }
  }

  #end(why: SoundOver): void {
    this.#over ??= why;
    this.#timer?.cancel();
    this.#sound.close();
  }
}
