import { type CallContext, type CallContextStore, type CallStore, isContextId, type Scope } from '@rapida/core';
import type { Admission } from './admission.js';
import { readDirective } from './directive.js';
import { createJournal, type Journal } from './journal.js';
import type { LiveCalls } from './live-calls.js';
import type { Preparations } from './preparation.js';
import { recordEnding } from './record-ending.js';
import { CallSession, type SessionDependencies } from './session.js';
import type { StoreHealth } from './store-health.js';
import type { MediaClaim, MediaUseCases } from './use-cases.js';

/** Details of a leg that never came to be are kept up to here. */
export const DETAIL_LENGTH_MAX = 500;

export interface AttachMediaDependencies extends SessionDependencies {
  readonly admission: Admission;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly live: LiveCalls;
  readonly health: StoreHealth;
  /** The process's: every call is a child of it. */
  readonly scope: Scope;
}

export function createMediaUseCases(dependencies: AttachMediaDependencies): MediaUseCases {
  const { calls, clock, telemetry, health } = dependencies;
  return {
    async claim(contextId, transport, remoteAddress) {
      const claim = await take(dependencies, contextId.toLowerCase());
      if (claim.ok) dependencies.admission.claim(claim.context.contextId);
      else {
        telemetry.count('rapida_media_refused_total', { transport, code: claim.code });
        dependencies.logger.warn({ code: claim.code, transport, remoteAddress }, 'a media connection was refused');
      }
      return claim;
    },

    async attach(context, transport) {
      const { call, journal, scope, logger } = openCall(dependencies, context);
      const pending = dependencies.preparations.take(context);
      const session = new CallSession({ ...dependencies, logger }, { context, transport, pending, journal, scope });
      scope.onClose(() => session.ended);
      dependencies.live.add(call(session));
      await session.run();
      dependencies.admission.release(context.contextId);
      await scope.close('call_ended');
    },

    async abandon(context, code, detail) {
      const { journal, scope, logger } = openCall(dependencies, context);
      logger.warn({ code, detail }, 'the media of a call did not come to be');
      dependencies.preparations.drop(context.contextId);
      dependencies.admission.release(context.contextId);
      const outcome = { ending: 'fail', disconnectedBy: 'system', reason: code, code } as const;
      await recordEnding(journal, { clock, telemetry }, { outcome, endedAtMs: clock.wallMs() });
      await scope.close('call_ended');
    },

    directive: (contextId) => health.watch('directive', readDirective(calls, clock, contextId.toLowerCase())),
  };
}
