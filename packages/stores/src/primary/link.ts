import type { CallContextStore, LiveFeed, NodeCommands, NodeRegistry, Telemetry } from '@rapida/core';
import { createPrimaryLiveFeed } from '../live-events/primary.js';
import { createPrimaryNodeCommands } from '../node-commands/primary.js';
import type { SqlStores } from '../sql-stores.js';
import { askedFrom } from './contracts.js';
import type { Peer } from './peer.js';

/** A node waits at its start for one that is just closing the calls of its former life. */
const JOIN_MS_MAX = 70_000;

/** What workers have in common, kept by the primary process. */
export interface PrimaryShared {
  readonly contexts: CallContextStore;
  readonly feed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
}

/** The database that the primary process has opened. */
export function primaryStores(peer: Peer): SqlStores {
  return {
    calls: askedFrom(peer, 'calls'),
    assistants: askedFrom(peer, 'assistants'),
    credentials: askedFrom(peer, 'credentials'),
    keys: askedFrom(peer, 'keys'),
    projects: askedFrom(peer, 'projects'),
    figures: askedFrom(peer, 'figures'),
    passwords: askedFrom(peer, 'passwords'),
    sessions: askedFrom(peer, 'sessions'),
    webhooks: askedFrom(peer, 'webhooks'),
  };
}

export function primaryShared(peer: Peer, telemetry: Telemetry): PrimaryShared {
  return {
    contexts: { ...askedFrom(peer, 'contexts'), async close() {} },
    feed: createPrimaryLiveFeed({ peer, telemetry }),
    nodeCommands: createPrimaryNodeCommands(peer, telemetry),
    nodes: { ...askedFrom(peer, 'nodes'), join: askedFrom(peer, 'nodes', JOIN_MS_MAX).join },
  };
}
