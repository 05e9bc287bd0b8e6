import { type CallContextStore, type CallStore, isContextId, type LiveFeed, type Scope } from '@rapida/core';
import type { Admission } from './admission.js';
import { readDirective, targetOf } from './directive.js';
import { createJournal } from './journal.js';
import { SoundTeller } from './listening/sound-teller.js';
import type { LiveCall, LiveCalls } from './live-calls.js';
import { createLiveWords } from './live-feed.js';
import type { Legs } from './outbound/legs.js';
import type { Preparations } from './preparation.js';
import { recordEnding } from './record-ending.js';
import { createReport } from './report.js';
import { CallSession, type SessionDependencies } from './session.js';
import type { StoreHealth } from './store-health.js';
import type { Transfers } from './transfers.js';
import type { MediaClaim, MediaUseCases } from './use-cases.js';

/** Details of a leg that never came to be are kept up to here. */
export const DETAIL_LENGTH_MAX = 500;

export interface AttachMediaDependencies extends SessionDependencies {
  readonly admission: Admission;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly live: LiveCalls;
  readonly liveFeed: Pick<LiveFeed, 'publish'>;
  readonly legs: Pick<Legs, 'journalOf' | 'connected' | 'sessionEnded' | 'has' | 'handOver'>;
  readonly transfers: Transfers;
  readonly health: StoreHealth;
  /** The process's: every call is a child of it. */
  readonly scope: Scope;
}

export function createMediaUseCases(dependencies: AttachMediaDependencies): MediaUseCases {
  const { calls, clock, health, telemetry } = dependencies;
  return {
    async claim(contextId, transport, remoteAddress) {
      const claim = await take(dependencies, contextId.toLowerCase());
      if (claim.ok) dependencies.admission.claim(claim.context);
      else {
        telemetry.count('rapida_media_refused_total', { transport, code: claim.code });
        dependencies.logger.warn({ code: claim.code, transport, remoteAddress }, 'a media connection was refused');
      }
      return claim;
    },

    async attach(context, transport) {
      const { callId, contextId } = context;
      const logger = dependencies.logger.child({ callId });
      const journal = dependencies.legs.journalOf(callId) ?? createJournal(callId, { ...dependencies, logger });
      const scope = dependencies.scope.child(`call-${callId}`);
      const pending = dependencies.preparations.take(context);
      const words = createLiveWords(dependencies, context);
      const session = new CallSession(
        { ...dependencies, logger },
        { context, transport, pending, journal, words, scope },
      );
      const sound = new SoundTeller(session, { ...dependencies, context });
      scope.onClose(() => session.ended);
      const held: LiveCall = {
        callId,
        ended: session.ended,
        hangup: (reason) => session.hangup(reason),
        say: (text) => session.say(text),
        transfer: (target) => session.transfer(target),
        listen: () => sound.wanted(),
        press: (digit) => session.press(digit),
        callerGone: () => session.callerGone(),
        close: (reason) => scope.close(reason),
      };
      dependencies.live.add(held);
      dependencies.legs.connected(held);
      await session.run();
      sound.over();
      dependencies.admission.release(contextId);
      dependencies.legs.sessionEnded(callId);
      await scope.close('call_ended');
    },

    async abandon(context, code, detail) {
      const { callId, contextId } = context;
      const logger = dependencies.logger.child({ callId });
      logger.warn({ code, detail }, 'the media of a call did not come to be');
      dependencies.preparations.drop(contextId);
      dependencies.admission.release(contextId);
      const journal = createJournal(callId, { ...dependencies, logger });
      const failed = { ending: 'fail', disconnectedBy: 'system', reason: code, code } as const;
      const outcome = { ...failed, detail: detail.slice(0, DETAIL_LENGTH_MAX) };
      await recordEnding(journal, dependencies, { outcome, endedAtMs: dependencies.clock.wallMs() });
    },

    report: createReport(dependencies),

    async directive(contextId) {
      const asked = readDirective(calls, clock, contextId.toLowerCase());
      const { call, directive } = (await health.watch('directive', asked)) ?? {};
      const target = targetOf(directive);
      if (call !== undefined && target !== undefined) dependencies.transfers.taken(call.id, target);
      return directive;
    },
  };
}

async function take(
  { contexts, health }: Pick<AttachMediaDependencies, 'contexts' | 'health'>,
  contextId: string,
): Promise<MediaClaim> {
  if (!isContextId(contextId)) return { ok: false, code: 'context_malformed' };
  try {
    return await health.watch('context_take', contexts.take(contextId));
  } catch {
    // The store's failure is logged and counted; towards the outside nobody can be let in who is not known.
    return { ok: false, code: 'context_unknown' };
  }
}
