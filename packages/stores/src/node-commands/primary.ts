import {
  type CallCommand,
  type CommandAnswer,
  type CommandHandler,
  type EntityId,
  type NodeCommands,
  silentTelemetry,
  type Telemetry,
} from '@rapida/core';
import type { Peer } from '../primary/peer.js';
import { better, carryOut, HeldCalls } from './memory.js';

const PART = 'commands';
/** The way there and back, beside what whoever holds the call may take. */
const WAY_MS = 500;

/** In a worker: the primary process knows who holds what, and asks the others. */
export function createPrimaryNodeCommands(peer: Peer, telemetry: Telemetry = silentTelemetry): NodeCommands {
  const held = new HeldCalls();
  let handler: CommandHandler | undefined;
  const answerOwn = (callId: EntityId, command: CallCommand): CommandAnswer =>
    held.has(callId) ? carryOut(handler, callId, command) : 'not_here';
  peer.serve(PART, { carryOut: answerOwn });

  return {
    hold(callId) {
      const isFirst = !held.has(callId);
      const over = held.hold(callId, () => peer.tell(PART, 'release', [callId]));
      if (isFirst) peer.tell(PART, 'hold', [callId]);
      return over;
    },
    handle(given) {
      handler = given;
    },
    async send(callId, command, timeoutMs) {
      const own = answerOwn(callId, command);
      if (own === 'done') return own;
      const asked = peer.ask(PART, 'send', [callId, command, timeoutMs], timeoutMs + WAY_MS) as Promise<CommandAnswer>;
      const others = await asked.catch((error: unknown) => {
        // Who holds it here has said what there is to say.
        if (own === 'not_here') throw error;
        return own;
      });
      const best = better(own, others);
      telemetry.count('rapida_node_commands_total', { outcome: best });
      return best;
    },
  };
}

/** In the primary process: which worker holds which call. */
export interface CommandHub {
  join(nodeId: string, peer: Peer): void;
  /** Until it is cleared, whoever asks for one of its calls hears `node_gone`. */
  died(nodeId: string): void;
  /** Nothing of it is left, or it has left in order. */
  cleared(nodeId: string): void;
}

interface Member {
  /** Undefined: it has died. */
  peer: Peer | undefined;
  readonly held: Set<EntityId>;
}

export function createCommandHub(): CommandHub {
  const members = new Map<string, Member>();

  async function ask({ peer }: Member, callId: EntityId, command: CallCommand, timeoutMs: number) {
    if (peer === undefined) return 'node_gone';
    return (peer.ask(PART, 'carryOut', [callId, command], timeoutMs) as Promise<CommandAnswer>).catch(
      (): CommandAnswer => 'node_gone',
    );
  }

  async function send(from: Member, callId: EntityId, command: CallCommand, timeoutMs: number): Promise<CommandAnswer> {
    const holders = [...members.values()].filter((member) => member !== from && member.held.has(callId));
    let best: CommandAnswer = 'not_here';
    for (const holder of holders) {
      best = better(best, await ask(holder, callId, command, timeoutMs / holders.length));
      if (best === 'done') break;
    }
    return best;
  }

  return {
    join(nodeId, peer) {
      const member: Member = { peer, held: new Set() };
      members.set(nodeId, member);
      peer.serve(PART, {
        hold: (callId: EntityId) => void member.held.add(callId),
        release: (callId: EntityId) => void member.held.delete(callId),
        send: (callId: EntityId, command: CallCommand, timeoutMs: number) => send(member, callId, command, timeoutMs),
      });
    },
    died(nodeId) {
      const member = members.get(nodeId);
      if (member !== undefined) member.peer = undefined;
    },
    cleared(nodeId) {
      if (members.get(nodeId)?.peer === undefined) members.delete(nodeId);
    },
  };
}
