import type { CallContextStore, Clock } from '@rapida/core';
import type { MemoryLiveFeed } from '../live-events/memory.js';
import { serveLiveFeed } from '../live-events/primary.js';
import { createCommandHub } from '../node-commands/primary.js';
import { createMemoryNodeRegistries } from '../nodes/memory.js';
import type { SqlStores } from '../sql-stores.js';
import { type ContractName, serveTo } from './contracts.js';
import type { Peer } from './peer.js';

export interface WorkerHubOptions {
  readonly clock: Clock;
  /** Undefined where each worker opens the database itself. */
  readonly stores: SqlStores | undefined;
  /** Undefined where each worker is in touch with Redis itself. */
  readonly shared: { readonly contexts: CallContextStore; readonly feed: MemoryLiveFeed } | undefined;
}

/** In the primary process: what workers ask it for, each under the name of its node. */
export interface WorkerHub {
  /** Before the worker asks for anything. */
  join(nodeId: string, peer: Peer): void;
  /** Its process has ended, in whatever way. Where it had not left in order, its calls are for the others to close. */
  ended(nodeId: string): void;
}

export function createWorkerHub({ clock, stores, shared }: WorkerHubOptions): WorkerHub {
  const commands = createCommandHub();
  const nodes = createMemoryNodeRegistries({ clock, onCleared: (nodeId) => commands.cleared(nodeId) });
  return {
    join(nodeId, peer) {
      for (const [name, store] of Object.entries(stores ?? {})) serveTo(peer, name as ContractName, store);
      if (shared === undefined) return;
      serveTo(peer, 'contexts', shared.contexts);
      serveTo(peer, 'nodes', nodes.of(nodeId));
      serveLiveFeed(peer, shared.feed);
      commands.join(nodeId, peer);
    },
    ended(nodeId) {
      commands.died(nodeId);
      if (nodes.died(nodeId) === 'had_left') commands.cleared(nodeId);
    },
  };
}
