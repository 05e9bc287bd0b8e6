import {
  type CallContext,
  type CallContextStore,
  type CallRecord,
  type CallStore,
  isContextId,
  type LiveFeed,
  type Scope,
} from '@rapida/core';
import type { Admission } from './admission.js';
import type { CallSpool } from './call-spool.js';
import { readDirective, readNextStep, targetOf } from './directive.js';
import { createJournal } from './journal.js';
import { SoundTeller } from './listening/sound-teller.js';
import type { LiveCall, LiveCalls } from './live-calls.js';
import { createLiveWords } from './live-feed.js';
import type { Steering } from './outbound/steering.js';
import type { Preparations } from './preparation.js';
import { recordEnding } from './record-ending.js';
import { createReport } from './report.js';
import { createResume, type ResumeDependencies } from './resume-call.js';
import { CallSession, type SessionDependencies } from './session.js';
import type { StoreHealth } from './store-health.js';
import type { Transfers } from './transfers.js';
import type { MediaClaim, MediaUseCases } from './use-cases.js';

/** Details of a leg that never came to be are kept up to here. */
export const DETAIL_LENGTH_MAX = 500;

export interface AttachMediaDependencies extends SessionDependencies, ResumeDependencies {
  readonly admission: Admission;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly live: LiveCalls;
  readonly liveFeed: Pick<LiveFeed, 'publish'>;
  readonly steering: Steering;
  readonly transfers: Transfers;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  /** The process's: every call is a child of it. */
  readonly scope: Scope;
}

export function createMediaUseCases(dependencies: AttachMediaDependencies): MediaUseCases {
  const { calls, clock, health, telemetry, transfers } = dependencies;

  /** Who is told of a transfer takes it. */
  function noteTaken(call: CallRecord | undefined, directive: string | undefined): void {
    const target = targetOf(directive);
    if (call !== undefined && target !== undefined) transfers.taken(call.id, target);
  }

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
      const { live, steering } = dependencies;
      const isFirst = context.resumed === undefined;
      const own = createJournal(callId, { ...dependencies, logger }, legOf(context));
      const journal = (isFirst ? steering.journalOf(callId) : undefined) ?? own;
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
        goodbye: (reason) => session.goodbye(reason),
        say: (text) => session.say(text),
        transfer: (target) => session.transfer(target),
        listen: () => sound.wanted(),
        press: (digit) => session.press(digit),
        callerGone: () => session.callerGone(),
        close: (reason) => scope.close(reason),
      };
      live.add(held);
      steering.connected(held);
      await session.run();
      sound.over();
      // Another leg of it may be here by now, in the same place.
      if (!live.has(callId)) dependencies.admission.release(contextId);
      steering.sessionEnded(context);
      await scope.close('call_ended');
    },

    async abandon(context, code, detail) {
      const { callId, contextId } = context;
      const logger = dependencies.logger.child({ callId });
      logger.warn({ code, detail }, 'the media of a call did not come to be');
      dependencies.preparations.drop(contextId);
      dependencies.admission.release(contextId);
      const journal = createJournal(callId, { ...dependencies, logger }, legOf(context));
      const failed = { ending: 'fail', disconnectedBy: 'system', reason: code, code } as const;
      const outcome = { ...failed, detail: detail.slice(0, DETAIL_LENGTH_MAX) };
      await recordEnding(journal, dependencies, { outcome, endedAtMs: dependencies.clock.wallMs() });
    },

    report: createReport(dependencies),
    resume: createResume(dependencies),

    async nextStep(contextId) {
      const reading = readNextStep(calls, clock, contextId.toLowerCase());
      const { call, step } = await health.watch('directive', reading);
      noteTaken(call, step);
      return step;
    },

    async directive(contextId) {
      const asked = readDirective(calls, clock, contextId.toLowerCase());
      const { call, directive } = (await health.watch('directive', asked)) ?? {};
      noteTaken(call, directive);
      return directive;
    },
  };
}

function legOf({ resumed }: CallContext): number {
  return resumed?.leg ?? 0;
}

async function take(
  { contexts, health }: Pick<AttachMediaDependencies, 'contexts' | 'health'>,
  contextId: string,
): Promise<MediaClaim> {
  if (!isContextId(contextId)) return { ok: false, code: 'context_malformed' };
  try {
    return await health.watch('context_take', contexts.take(contextId));
  } catch {
    // The store's failure is logged and counted; nobody can be let in who is not known.
    return { ok: false, code: 'store_failed' };
  }
}
