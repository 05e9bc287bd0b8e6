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
import type { AsteriskLink } from './asterisk-link.js';
import type { Legs } from './legs.js';
import { callOfName } from './media-plan.js';

/** A channel that nobody knows is looked at again after this long: it may have come while the list was made. */
export const SECOND_LOOK_MS = 2_000;

export interface LeftoversDependencies {
  readonly calls: Pick<CallStore, 'get'>;
  readonly legs: Legs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
}

/**
 * Removes what a former life of this process, or a lost connection, left in an Asterisk: bridges and media channels of calls
 * that nobody holds, telephones that still ring for one, and channels in our application that nobody knows. Never a
 * telephone that is talking in the dialplan: that call goes on without us. Failures are left to the next connection.
 */
export async function removeLeftovers(
  dependencies: LeftoversDependencies,
  link: AsteriskLink,
  projectId: EntityId,
  signal: AbortSignal,
): Promise<void> {
  const first = await suspects(dependencies, link, projectId);
  if (first.size > 0) await sleep(dependencies.clock, SECOND_LOOK_MS, signal);
  if (signal.aborted) return;
  const second = first.size > 0 ? await suspects(dependencies, link, projectId) : first;
  for (const id of second) if (first.has(id)) await remove(dependencies, 'channel', () => link.client.hangup(id));
  const bridges = await link.client.bridges();
  if (!bridges.ok) return;
  for (const { id } of bridges.value) {
    if (!(await isLeftover(dependencies, projectId, id))) continue;
    await remove(dependencies, 'bridge', () => link.client.destroyBridge(id));
  }
}

async function suspects(
  dependencies: LeftoversDependencies,
  link: AsteriskLink,
  projectId: EntityId,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const channels = await link.client.channels();
  if (!channels.ok) return found;
  for (const { id, state, dialplan } of channels.value) {
    if (link.isOwned(id)) continue;
    const named = callOfName(id);
    const inOurApp = dialplan?.appName === 'Stasis' && dialplan.appData?.split(',', 1)[0] === link.app;
    const ours = named !== undefined && (named.part === 'media' || state !== 'Up');
    if (inOurApp && named === undefined) found.add(id);
    else if ((ours || inOurApp) && (await isLeftover(dependencies, projectId, id))) found.add(id);
  }
  return found;
}

/** By the record: another installation on the same Asterisk names its calls as we do, and they are none of our business. */
async function isLeftover(
  { calls, legs, nodeId, logger }: LeftoversDependencies,
  projectId: EntityId,
  name: string,
): Promise<boolean> {
  const named = callOfName(name);
  if (named === undefined || legs.has(named.callId)) return false;
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
