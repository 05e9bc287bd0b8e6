import type {
  CallContextStore,
  CallPace,
  CallPlaces,
  Leases,
  LiveFeed,
  NodeCommands,
  NodeRegistry,
  Telemetry,
} from '@rapida/core';
import { createPrimaryLiveFeed } from '../live-events/primary.js';
import { createPrimaryNodeCommands } from '../node-commands/primary.js';
import type { SqlStores } from '../sql-stores.js';
import { askedFrom } from './contracts.js';
import type { Peer } from './peer.js';

/** A node waits at its start for one that is just closing the calls of its former life. */
const JOIN_MS_MAX = 70_000;

/** Of what a webhook or a media connection waits for: it has to be answered within a second. */
const SHORT_MS_MAX = 900;

/** What workers have in common, kept by the primary process. */
export interface PrimaryShared {
  readonly contexts: CallContextStore;
  readonly feed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
  readonly places: CallPlaces;
  readonly pace: CallPace;
  readonly leases: Leases;
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
  const leases = askedFrom(peer, 'leases', SHORT_MS_MAX);
  return {
    contexts: { ...askedFrom(peer, 'contexts', SHORT_MS_MAX), async close() {} },
    feed: createPrimaryLiveFeed({ peer, telemetry }),
    nodeCommands: createPrimaryNodeCommands(peer, telemetry),
    nodes: { ...askedFrom(peer, 'nodes'), join: askedFrom(peer, 'nodes', JOIN_MS_MAX).join },
    places: askedFrom(peer, 'places', SHORT_MS_MAX),
    pace: askedFrom(peer, 'pace', SHORT_MS_MAX),
    // With the process that is gone the lease is.
    leases: { take: leases.take, release: (name) => leases.release(name).catch(() => {}) },
  };
}
