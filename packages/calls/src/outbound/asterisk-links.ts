import type { AriEvent } from '@rapida/ari';
import { type AssistantStore, type Clock, type EntityId, type Logger, RapidaError, type Telemetry } from '@rapida/core';
import type { CredentialReader } from '../credentials/reader.js';
import { type AsteriskLink, type ChannelOwners, createAsteriskLink } from './asterisk-link.js';
import { ariAccess, type DialTarget } from './target.js';

/** Connections to Asterisks at once; above it the one that was not needed for longest has to go. */
export const LINKS_MAX = 200;

/** One application on the Asterisk of one credential. */
export interface LinkKey {
  readonly projectId: EntityId;
  readonly credentialId: EntityId;
  readonly app: string;
}

export interface LinkHandlers {
  onArrival(link: AsteriskLink, key: LinkKey, event: Extract<AriEvent, { type: 'StasisStart' }>): void;
  onUp(link: AsteriskLink, key: LinkKey): void;
}

/** The Asterisks this process talks to. */
export interface AsteriskLinks {
  /** Opens it where it is not there, or where the credential has changed. Fails as reading the credential does, or with at_capacity. */
  get(key: LinkKey): Promise<AsteriskLink>;
  /** Opens what deployments need that take calls from a Stasis application. Failures are logged. */
  openDeployed(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LinksDependencies {
  readonly assistants: Pick<AssistantStore, 'deployed'>;
  readonly credentials: CredentialReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly handlers: LinkHandlers;
}

interface Entry {
  readonly link: AsteriskLink;
  readonly ari: DialTarget['ari'];
  readonly owners: ChannelOwners;
}

export function createAsteriskLinks(dependencies: LinksDependencies): AsteriskLinks {
  const { assistants, credentials, clock, logger, telemetry, handlers } = dependencies;
  /** The last one used comes last. */
  const entries = new Map<string, Entry>();
  let closed = false;

  function gauge(): void {
    const up = [...entries.values()].filter(({ link }) => link.up).length;
    telemetry.gauge('rapida_ari_links', up, { state: 'up' });
    telemetry.gauge('rapida_ari_links', entries.size - up, { state: 'down' });
  }

  function open(key: LinkKey, ari: DialTarget['ari'], owners: ChannelOwners): AsteriskLink {
    const link: AsteriskLink = createAsteriskLink({
      ...{ clock, telemetry, ari, owners, app: key.app },
      logger: logger.child({ credentialId: key.credentialId }),
      onArrival: (event) => handlers.onArrival(link, key, event),
      onUp: () => handlers.onUp(link, key),
      onChange: gauge,
    });
    return link;
  }

  function makeRoom(): void {
    if (entries.size < LINKS_MAX) return;
    for (const [name, { link }] of entries) {
      if (!link.idle) continue;
      entries.delete(name);
      void link.close();
      return;
    }
    throw new RapidaError('at_capacity', `This server is connected to ${LINKS_MAX} Asterisks already.`);
  }

  async function get(key: LinkKey): Promise<AsteriskLink> {
    const { projectId, credentialId, app } = key;
    const ari = ariAccess(await credentials.read(projectId, credentialId, 'asterisk'));
    if (closed) throw new RapidaError('stopping');
    const name = `${credentialId} ${app}`;
    const known = entries.get(name);
    entries.delete(name);
    if (known !== undefined && isSame(known.ari, ari)) {
      entries.set(name, known);
      return known.link;
    }
    if (known !== undefined) void known.link.close();
    else makeRoom();
    const owners = known?.owners ?? new Map();
    const link = open(key, ari, owners);
    entries.set(name, { link, ari, owners });
    gauge();
    return link;
  }

  return {
    get,
    async openDeployed() {
      const deployed = await assistants.deployed();
      for (const { id, projectId, deployment } of deployed) {
        const { credentialId, options } = deployment;
        if (credentialId === null || options.context) continue;
        await get({ projectId, credentialId, app: options.app }).catch((error: unknown) => {
          logger.warn({ err: error, assistantId: id }, 'the Asterisk of a phone deployment cannot be connected');
        });
      }
    },
    async close() {
      closed = true;
      await Promise.all([...entries.values()].map(({ link }) => link.close()));
    },
  };
}

function isSame(a: DialTarget['ari'], b: DialTarget['ari']): boolean {
  return a.url === b.url && a.user === b.user && a.password.reveal() === b.password.reveal();
}
