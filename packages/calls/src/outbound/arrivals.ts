import type { AriEvent } from '@rapida/ari';
import {
  type AssistantRecord,
  type AssistantStore,
  type Clock,
  isEntityId,
  type Logger,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import { createJournal, type Journal, type JournalDependencies } from '../journal.js';
import type { CallOutcome } from '../outcome.js';
import { recordUnconnected } from '../record-ending.js';
import type { Transfers } from '../transfers.js';
import type { RegisterInbound } from '../use-cases.js';
import type { AsteriskLink } from './asterisk-link.js';
import type { LinkUsers } from './asterisk-links.js';
import { type GiveUpDependencies, giveUpContext } from './give-up.js';
import { Leg } from './leg.js';
import { inboundLeg } from './leg-step.js';
import type { Legs } from './legs.js';
import { type AudioSocketAddress, callOfName, keysComeByAri, legNames, mediaChannel } from './media-plan.js';

/** Q.850 38: network out of order; what a caller hears who cannot be served. */
const CAUSE_REFUSED = 38;

export interface ArrivalsDependencies extends JournalDependencies, GiveUpDependencies {
  readonly assistants: Pick<AssistantStore, 'deployed'>;
  readonly registerInbound: RegisterInbound;
  readonly legs: Legs;
  readonly transfers: Pick<Transfers, 'watch'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly audiosocketAddress: AudioSocketAddress;
}

/** Kept of a channel whose call is being registered. */
const MISSED_EVENTS_MAX = 50;

type Arrival = Extract<AriEvent, { type: 'StasisStart' }>;

/**
 * Takes a call that the dialplan handed to our application: `Stasis(rapida)`, or `Stasis(rapida,<assistant id or name>)`.
 * A caller who cannot be served is hung up. Resolves when the call is over; never rejects.
 */
export async function takeArrival(
  dependencies: ArrivalsDependencies,
  link: AsteriskLink,
  users: LinkUsers,
  { channel, args }: Arrival,
): Promise<void> {
  const { logger } = dependencies;
  // A channel of ours that no call of this process knows: left over, or of a call that has ended meanwhile.
  if (callOfName(channel.id) !== undefined) return void (await link.client.hangup(channel.id));
  const missed = keepEvents(link, channel.id);
  try {
    const assistant = assistantFor(await dependencies.assistants.deployed(), users, args[0] || undefined);
    const { contextId, callId } = await dependencies.registerInbound({
      projectId: users.projectId,
      assistantId: assistant.id,
      from: channel.caller.number || 'anonymous',
      to: channel.dialplan?.exten ?? null,
      channelId: channel.id,
      metadata: {},
    });
    await hold(dependencies, { link, assistant, contextId, callId, channelId: channel.id, missed });
  } catch (error) {
    const { code } = RapidaError.from(error);
    logger.warn({ err: error, code, app: link.app }, 'a call that came to our Stasis application was refused');
    await link.client.hangup(channel.id, CAUSE_REFUSED);
  } finally {
    missed.stop();
  }
}

/** What is told of a channel while its call is being registered. */
interface MissedEvents {
  readonly events: readonly AriEvent[];
  /** From now on they go elsewhere. Idempotent. */
  stop(): void;
}

/** The caller may be gone before the call is on record: nothing that says so may be lost. */
function keepEvents(link: AsteriskLink, channelId: string): MissedEvents {
  const events: AriEvent[] = [];
  const stop = link.own({
    channelIds: [channelId],
    onAri: (event) => {
      // The end of a channel comes last, and whatever came before it matters less.
      if (events.length >= MISSED_EVENTS_MAX) events.shift();
      events.push(event);
    },
    onGap: () => {},
  });
  return { events, stop };
}

interface Held {
  readonly link: AsteriskLink;
  readonly assistant: AssistantRecord;
  readonly contextId: string;
  readonly callId: string;
  readonly channelId: string;
  readonly missed: MissedEvents;
}

async function hold(dependencies: ArrivalsDependencies, held: Held): Promise<void> {
  const { legs, clock, telemetry, transfers, audiosocketAddress } = dependencies;
  const { link, assistant, contextId, callId, channelId, missed } = held;
  const logger = dependencies.logger.child({ callId });
  const journal = createJournal(callId, { ...dependencies, logger });
  const names = { ...legNames(callId, 0), phone: channelId };
  const leg = new Leg(inboundLeg(), {
    ...{ names, link, journal, clock, logger, telemetry },
    originate: () => Promise.reject(new RapidaError('internal')),
    keysComeByAri: () => keysComeByAri(link, assistant),
    makeMedia: () => {
      const whose = { contextId, channelId: names.media, app: link.app };
      return link.client.externalMedia(mediaChannel(assistant.deployment, whose, audiosocketAddress));
    },
    watchTransfer: (target) => transfers.watch({ callId, target, link, channelId }),
    end: (outcome) => end(dependencies, held, journal, outcome),
  });
  const disown = link.own(leg);
  const call = legs.begin(callId);
  call.steeredBy(leg);
  leg.start();
  for (const event of missed.events) leg.onAri(event);
  await leg.ended;
  disown();
  await journal.drain(1_000);
  journal.close();
  call.over();
}

async function end(
  dependencies: ArrivalsDependencies,
  { contextId, callId }: Held,
  journal: Journal,
  outcome: CallOutcome,
): Promise<void> {
  dependencies.logger.info({ ...outcome, callId }, 'the call has ended');
  await giveUpContext(dependencies, contextId);
  await recordUnconnected(journal, dependencies, outcome);
}

/** Named by the dialplan, or the only one there is. */
function assistantFor(
  deployed: readonly AssistantRecord[],
  { projectId, app, serves }: LinkUsers,
  wanted: string | undefined,
): AssistantRecord {
  const here = deployed.filter(
    ({ projectId: whose, deployment }) =>
      whose === projectId && serves(deployment.credentialId ?? '') && deployment.options.app === app,
  );
  const named = here.filter(
    ({ id, config }) => wanted === undefined || (isEntityId(wanted) ? id === wanted : config.name === wanted),
  );
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  const names = here.map(({ config }) => `"${config.name}"`).join(', ') || 'none';
  throw new RapidaError(
    'assistant_not_found',
    `Stasis(${app}) must name the assistant: Stasis(${app},<id or name>); with this credential and application there are: ${names}`,
  );
}
