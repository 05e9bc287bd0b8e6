import type { AriEvent } from '@rapida/ari';
import { type Clock, type EntityId, type Logger, RapidaError, type Telemetry } from '@rapida/core';
import type { AriReach } from '../credentials/access.js';
import type { CredentialReader } from '../credentials/reader.js';
import { AsteriskHub } from './asterisk-hub.js';
import type { AsteriskLink } from './asterisk-link.js';
import { reachFor } from './target.js';

/** Connections to Asterisks at once; above it the one that was not needed for longest has to go. */
export const LINKS_MAX = 200;

/** One application on the Asterisk of one credential. */
export interface LinkKey {
  readonly projectId: EntityId;
  readonly credentialId: EntityId;
  readonly app: string;
}

/** A connection as the rest sees it: whose it is, and which credentials share it. */
export interface LinkUsers {
  readonly projectId: EntityId;
  readonly app: string;
  serves(credentialId: EntityId): boolean;
  /** Another application of the same Asterisk. */
  linkTo(app: string): AsteriskLink;
}

export interface LinkHandlers {
  onArrival(link: AsteriskLink, users: LinkUsers, event: Extract<AriEvent, { type: 'StasisStart' }>): void;
  onUp(link: AsteriskLink, users: LinkUsers): void;
}

/** The Asterisks this process talks to. */
export interface AsteriskLinks {
  /** Opens it where it is not there, and follows what has changed of the credential. Fails with at_capacity or stopping. */
  linkFor(key: LinkKey, ari: AriReach): AsteriskLink;
  /** The same, of a credential that has to be read first; fails as that does too. */
  get(key: LinkKey): Promise<AsteriskLink>;
  /** Another node is about to take it over. */
  expectReplacement(key: LinkKey): void;
  /** Its events are another node's from now on. */
  leave(key: LinkKey): void;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LinksDependencies {
  readonly credentials: CredentialReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly handlers: LinkHandlers;
}

interface Entry {
  readonly projectId: EntityId;
  readonly hub: AsteriskHub;
}

export function createAsteriskLinks(dependencies: LinksDependencies): AsteriskLinks {
  const { credentials, clock, logger, telemetry, handlers } = dependencies;
  /** The last one used comes last. */
  const entries = new Set<Entry>();
  let closed = false;

  function gauge(): void {
    const up = [...entries].filter(({ hub }) => hub.up).length;
    telemetry.gauge('rapida_ari_links', up, { state: 'up' });
    telemetry.gauge('rapida_ari_links', entries.size - up, { state: 'down' });
  }

  function open({ projectId, credentialId, app }: LinkKey, ari: AriReach): Entry {
    makeRoom();
    const users: LinkUsers = {
      ...{ projectId, app },
      serves: (id) => hub.serves(id),
      linkTo(other) {
        const { credentialId: carrier, ari: carried } = hub.carrier;
        return linkFor({ projectId, credentialId: carrier, app: other }, carried);
      },
    };
    const hub: AsteriskHub = new AsteriskHub(
      {
        ...{ clock, telemetry, app },
        logger: logger.child({ ari: ari.url }),
        onArrival: (event) => handlers.onArrival(hub.anyLink(), users, event),
        onUp: () => handlers.onUp(hub.anyLink(), users),
        onChange: gauge,
      },
      credentialId,
      ari,
    );
    return { projectId, hub };
  }

  function makeRoom(): void {
    if (entries.size < LINKS_MAX) return;
    for (const entry of entries) {
      if (!entry.hub.idle) continue;
      entries.delete(entry);
      void entry.hub.close();
      return;
    }
    throw new RapidaError('at_capacity', `This server is connected to ${LINKS_MAX} Asterisks already.`);
  }

  /** The connection that is there for this credential, or for another one of the same Asterisk. */
  function find({ projectId, credentialId, app }: LinkKey, { url }: AriReach): Entry | undefined {
    const mine = [...entries].filter(({ projectId: whose, hub }) => whose === projectId && hub.app === app);
    const there = mine.find(({ hub }) => hub.url === url);
    const former = mine.find(({ hub }) => hub.serves(credentialId));
    // The Asterisk has moved, and its calls with it - unless others still know it at the old address.
    if (there === undefined && former?.hub.servesOnly(credentialId)) return former;
    if (former !== there) former?.hub.leave(credentialId);
    return there;
  }

  function entriesOf({ projectId, credentialId, app }: LinkKey): readonly Entry[] {
    return [...entries].filter(
      (entry) => entry.projectId === projectId && entry.hub.app === app && entry.hub.serves(credentialId),
    );
  }

  function linkFor(key: LinkKey, ari: AriReach): AsteriskLink {
    if (closed) throw new RapidaError('stopping');
    const entry = find(key, ari) ?? open(key, ari);
    entries.delete(entry);
    entries.add(entry);
    gauge();
    return entry.hub.linkFor(key.credentialId, ari);
  }

  async function get(key: LinkKey): Promise<AsteriskLink> {
    return linkFor(key, reachFor(await credentials.read(key.projectId, key.credentialId, 'asterisk')));
  }

  return {
    linkFor,
    get,
    expectReplacement(key) {
      for (const { hub } of entriesOf(key)) hub.expectReplacement();
    },
    leave(key) {
      for (const entry of entriesOf(key)) {
        entries.delete(entry);
        void entry.hub.close();
      }
      gauge();
    },
    async close() {
      closed = true;
      await Promise.all([...entries].map(({ hub }) => hub.close()));
    },
  };
}
