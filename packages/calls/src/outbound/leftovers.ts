import type { AriBridge, AriChannel } from '@rapida/ari';
import {
  type CallRecord,
  type CallStore,
  type Clock,
  type EntityId,
  FINAL_STATES,
  type Logger,
  sleep,
  type Telemetry,
} from '@rapida/core';
import type { LiveCalls } from '../live-calls.js';
import type { AsteriskLink } from './asterisk-link.js';
import { MEDIA_MS_MAX } from './leg-step.js';
import type { Legs } from './legs.js';
import { callOfName } from './media-plan.js';
import { belongsTo, deployedApp, type NodeSuffix } from './own-app.js';

/** A channel that nobody knows is looked at again after this long: it may have come while the list was made. */
export const SECOND_LOOK_MS = 2_000;
/** One that has no name of ours another node may be about to take: that takes as long as media may take to come. */
export const LAST_LOOK_MS = MEDIA_MS_MAX;

export interface LeftoversDependencies {
  readonly calls: Pick<CallStore, 'get'>;
  readonly legs: Pick<Legs, 'has'>;
  readonly live: Pick<LiveCalls, 'has'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
  readonly nodeSuffix: NodeSuffix;
}

/**
 * Removes what a former life of this process, a node that died, or a lost connection, left in an Asterisk: bridges and media
 * channels of calls that nobody holds, telephones that still ring for one, and channels in our application that nobody
 * knows. Never what another node holds, nor a telephone that is talking in the dialplan: that call goes on without us.
 * Failures are left to the next connection.
 */
export async function removeLeftovers(
  dependencies: LeftoversDependencies,
  link: AsteriskLink,
  projectId: EntityId,
  signal: AbortSignal,
): Promise<void> {
  const first = await suspects(dependencies, link, projectId);
  const isShared = dependencies.nodeSuffix !== undefined;
  for (const { waitMs, removes } of isShared ? LOOKS_BESIDE_OTHERS : LOOKS) {
    if (first.size === 0) break;
    await sleep(dependencies.clock, waitMs, signal);
    if (signal.aborted) return;
    for (const [id, whose] of await suspects(dependencies, link, projectId)) {
      if (!first.has(id) || !removes.includes(whose)) continue;
      first.delete(id);
      await remove(dependencies, 'channel', () => link.client.hangup(id));
    }
  }
  const bridges = await link.client.bridges();
  if (!bridges.ok) return;
  for (const { id } of bridges.value) {
    if (!(await isLeftover(dependencies, projectId, id))) continue;
    await remove(dependencies, 'bridge', () => link.client.destroyBridge(id));
  }
}

/** Of a call that nobody holds, or of no call that is known. */
type Suspect = 'a_call' | 'nobodys';

const LOOKS = [{ waitMs: SECOND_LOOK_MS, removes: ['a_call', 'nobodys'] as readonly Suspect[] }];
const LOOKS_BESIDE_OTHERS = [
  { waitMs: SECOND_LOOK_MS, removes: ['a_call'] as readonly Suspect[] },
  { waitMs: LAST_LOOK_MS, removes: ['nobodys'] as readonly Suspect[] },
];

async function suspects(
  dependencies: LeftoversDependencies,
  link: AsteriskLink,
  projectId: EntityId,
): Promise<Map<string, Suspect>> {
  const found = new Map<string, Suspect>();
  const [channels, bridges] = [await link.client.channels(), await link.client.bridges()];
  if (!channels.ok || !bridges.ok) return found;
  for (const channel of channels.value) {
    if (link.isOwned(channel.id)) continue;
    const name = nameToJudge(channel, bridges.value, { app: link.app, nodeSuffix: dependencies.nodeSuffix });
    if (name === 'nobodys') found.set(channel.id, name);
    else if (name !== undefined && (await isLeftover(dependencies, projectId, name))) found.set(channel.id, 'a_call');
  }
  return found;
}

/**
 * The name by whose call a channel is to be judged: its own, or that of the bridge it is in. `nobodys` where it is in our
 * application and has neither; undefined where it is none of our business.
 */
export function nameToJudge(
  { id, state, dialplan }: Pick<AriChannel, 'id' | 'state' | 'dialplan'>,
  bridges: readonly AriBridge[],
  { app, nodeSuffix }: { readonly app: string; readonly nodeSuffix: NodeSuffix },
): string | undefined {
  const stasis = dialplan?.appName === 'Stasis' ? (dialplan.appData?.split(',', 1)[0] ?? '') : undefined;
  const deployed = deployedApp(app, nodeSuffix);
  const named = callOfName(id);
  if (named !== undefined) {
    const isInOurs = stasis !== undefined && belongsTo(stasis, deployed, nodeSuffix);
    return named.part === 'media' || state !== 'Up' || isInOurs ? id : undefined;
  }
  if (stasis === undefined || !belongsTo(stasis, deployed, nodeSuffix)) return undefined;
  const bridge = bridges.find((one) => callOfName(one.id) !== undefined && one.channels.includes(id));
  return bridge?.id ?? (stasis === app ? 'nobodys' : undefined);
}

/** By the record: another installation on the same Asterisk names its calls as we do, and they are none of our business. */
async function isLeftover(
  { calls, legs, live, nodeId, logger }: LeftoversDependencies,
  projectId: EntityId,
  name: string,
): Promise<boolean> {
  const named = callOfName(name);
  if (named === undefined || legs.has(named.callId) || live.has(named.callId)) return false;
  const call = await calls.get(projectId, named.callId).catch((error: unknown): CallRecord | undefined => {
    logger.error({ err: error, callId: named.callId }, 'whose channel it is could not be read');
    return undefined;
  });
  return call !== undefined && (FINAL_STATES.includes(call.state) || call.nodeId === nodeId);
}

async function remove(
  { telemetry, logger }: LeftoversDependencies,
  kind: 'channel' | 'bridge',
  work: () => ReturnType<AsteriskLink['client']['hangup']>,
): Promise<void> {
  const result = await work();
  if (!result.ok) return logger.warn({ kind, detail: result.failure.message }, 'a leftover could not be removed');
  telemetry.count('rapida_ari_leftovers_total', { kind });
  logger.warn({ kind }, 'a leftover of a former call was removed from Asterisk');
}
