import { createHash } from 'node:crypto';
import {
  type AssistantRecord,
  type AssistantStore,
  type Clock,
  LEASE_MS,
  type Leases,
  type Logger,
  RapidaError,
  type Scope,
  sleep,
  type Timer,
} from '@rapida/core';
import type { AriReach } from '../credentials/access.js';
import type { CredentialReader } from '../credentials/reader.js';
import type { StoreHealth } from '../store-health.js';
import type { AsteriskLinks, LinkKey } from './asterisk-links.js';
import { type NodeSuffix, ownApp } from './own-app.js';
import { reachFor } from './target.js';

/** Leases are gone on with, and looked after, this often: a few times may be lost. */
export const LOOK_FOR_DOORS_MS = LEASE_MS / 4;
/** A node that stops takes calls for so long yet: another one has looked by then, and is connected. */
export const HAND_OVER_MS = LOOK_FOR_DOORS_MS + 1_000;

/** The applications by which calls come in: of all nodes one is connected to each, and another one when that is gone. */
export interface ArrivalDoors {
  /** Looks from now on. Failures are logged. */
  open(): Promise<void>;
  /** Looks now: a deployment has changed. Failures are logged. */
  look(): Promise<void>;
  /** Another node may have them at once; resolves when this one takes no calls any more. */
  handOver(): Promise<void>;
}

export interface ArrivalDoorsDependencies {
  readonly assistants: Pick<AssistantStore, 'deployed'>;
  readonly credentials: CredentialReader;
  readonly links: AsteriskLinks;
  readonly leases: Leases;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Closing it ends the looking. */
  readonly scope: Scope;
  readonly nodeSuffix: NodeSuffix;
}

/** One application at one Asterisk, as each credential that is deployed with it sees it. */
type Door = readonly { readonly key: LinkKey; readonly ari: AriReach }[];

export function createArrivalDoors(dependencies: ArrivalDoorsDependencies): ArrivalDoors {
  const { links, leases, health, clock, logger, scope, nodeSuffix } = dependencies;
  /** Those that this node is connected to. */
  const held = new Map<string, Door>();
  let timer: Timer | undefined;
  let looking: Promise<void> = Promise.resolve();
  let handedOver = false;

  async function tend(name: string, door: Door): Promise<void> {
    const isOurs = await health.watch('lease_take', leases.take(name));
    if (handedOver) return leases.release(name);
    if (isOurs) {
      for (const { key, ari } of door) {
        links.linkFor(key, ari);
        // For what becomes of the calls that come.
        links.linkFor({ ...key, app: ownApp(key.app, nodeSuffix) }, ari);
      }
      held.set(name, door);
    } else if (held.delete(name)) {
      logger.warn({ app: door[0]?.key.app }, 'another node has taken over a Stasis application by which calls come in');
      for (const { key } of door) links.leave(key);
    }
  }

  async function lookNow(): Promise<void> {
    if (handedOver || scope.closed) return;
    const doors = await wantedDoors(dependencies);
    for (const [name, door] of doors) {
      await tend(name, door).catch((error: unknown) => {
        logger.warn({ err: error, app: door[0]?.key.app }, 'a Stasis application cannot be connected');
      });
    }
  }

  function look(): Promise<void> {
    looking = looking.then(lookNow).catch((error: unknown) => {
      logger.error({ err: error }, 'the phone deployments could not be read');
    });
    return looking;
  }

  function schedule(): void {
    // One node has them for good.
    if (nodeSuffix === undefined || handedOver || scope.closed) return;
    timer = clock.setTimer(LOOK_FOR_DOORS_MS, () => void look().then(schedule));
  }

  async function release(): Promise<readonly LinkKey[]> {
    const doors = [...held];
    held.clear();
    await Promise.all(doors.map(([name]) => leases.release(name)));
    return doors.flatMap(([, door]) => door.map(({ key }) => key));
  }

  return {
    async open() {
      scope.onClose(() => timer?.cancel());
      scope.onClose(async () => void (await release()));
      await look();
      schedule();
    },
    look,
    async handOver() {
      handedOver = true;
      timer?.cancel();
      for (const door of held.values()) for (const { key } of door) links.expectReplacement(key);
      const keys = await release();
      if (nodeSuffix === undefined || keys.length === 0) return;
      // No caller is to find nobody in between.
      await sleep(clock, HAND_OVER_MS, scope.signal);
      for (const key of keys) links.leave(key);
    },
  };
}

/** By what they are at their Asterisk: credentials for the same one share a connection. */
async function wantedDoors(dependencies: ArrivalDoorsDependencies): Promise<ReadonlyMap<string, Door>> {
  const { assistants, health } = dependencies;
  const doors = new Map<string, Door>();
  for (const assistant of await health.watch('deployed', assistants.deployed())) {
    const door = await doorOf(dependencies, assistant);
    if (door !== undefined) doors.set(nameOf(door), [...(doors.get(nameOf(door)) ?? []), door]);
  }
  return doors;
}

async function doorOf(
  { credentials, logger }: ArrivalDoorsDependencies,
  { id, projectId, deployment }: AssistantRecord,
): Promise<Door[number] | undefined> {
  const { credentialId, options } = deployment;
  if (credentialId === null || options.context) return undefined;
  try {
    const ari = reachFor(await credentials.read(projectId, credentialId, 'asterisk'));
    return { key: { projectId, credentialId, app: options.app }, ari };
  } catch (error) {
    logger.warn(
      { err: RapidaError.from(error), assistantId: id },
      'the Asterisk of a phone deployment cannot be connected',
    );
    return undefined;
  }
}

/** Addresses may be long, or hold what is nobody's business. */
function nameOf({ key, ari }: Door[number]): string {
  const { projectId, app } = key;
  return `arrivals:${createHash('sha256')
    .update(JSON.stringify([projectId, ari.url, app]))
    .digest('hex')}`;
}
