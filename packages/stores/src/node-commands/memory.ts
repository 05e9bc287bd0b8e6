import type { CallCommand, CommandAnswer, CommandHandler, EntityId, NodeCommands } from '@rapida/core';

export interface MemoryNode extends NodeCommands {
  /** As if its process had died. */
  kill(): void;
}

/** Nodes within one process: the one there is, or several in a test. */
export interface MemoryNodes {
  join(): MemoryNode;
}

export function createMemoryNodes(): MemoryNodes {
  const nodes: Node[] = [];
  return {
    join() {
      const node = new Node(nodes);
      nodes.push(node);
      return node;
    },
  };
}

/** The only node of an installation. */
export function createMemoryNodeCommands(): NodeCommands {
  return createMemoryNodes().join();
}

class Node implements MemoryNode {
  readonly #all: readonly Node[];
  readonly #held = new HeldCalls();
  #handler: CommandHandler | undefined;
  #killed = false;

  constructor(all: readonly Node[]) {
    this.#all = all;
  }

  hold(callId: EntityId): () => void {
    return this.#held.hold(callId);
  }

  handle(handler: CommandHandler): void {
    this.#handler = handler;
  }

  async send(callId: EntityId, command: CallCommand): Promise<CommandAnswer> {
    const others = this.#all.filter((node) => node !== this);
    let best: CommandAnswer = 'not_here';
    for (const node of [this, ...others]) {
      best = better(best, node.#answer(callId, command));
      if (best === 'done') break;
    }
    return best;
  }

  kill(): void {
    this.#killed = true;
  }

  #answer(callId: EntityId, command: CallCommand): CommandAnswer {
    if (!this.#held.has(callId)) return 'not_here';
    return this.#killed ? 'node_gone' : carryOut(this.#handler, callId, command);
  }
}

/** How often each call is held by this process. */
export class HeldCalls {
  readonly #times = new Map<EntityId, number>();

  get ids(): readonly EntityId[] {
    return [...this.#times.keys()];
  }

  has(callId: EntityId): boolean {
    return this.#times.has(callId);
  }

  hold(callId: EntityId, onLast?: () => void): () => void {
    this.#times.set(callId, (this.#times.get(callId) ?? 0) + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.#times.get(callId) ?? 1) - 1;
      if (left > 0) this.#times.set(callId, left);
      else {
        this.#times.delete(callId);
        onLast?.();
      }
    };
  }
}

export function carryOut(handler: CommandHandler | undefined, callId: EntityId, command: CallCommand): CommandAnswer {
  try {
    return handler?.(callId, command) ? 'done' : 'refused';
  } catch {
    return 'refused';
  }
}

const WORST_FIRST: readonly CommandAnswer[] = ['not_here', 'node_gone', 'refused', 'done'];

/** Of what two holders of a call said: the one that says more. */
export function better(one: CommandAnswer, other: CommandAnswer): CommandAnswer {
  return WORST_FIRST.indexOf(one) >= WORST_FIRST.indexOf(other) ? one : other;
}
