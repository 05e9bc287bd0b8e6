import {
  type AssistantStore,
  type CallContext,
  type CallContextStore,
  type CallRecord,
  type CallStore,
  type ContextId,
  isContextId,
  type Logger,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import type { Admission } from './admission.js';
import { assistantAt } from './assistant-at.js';
import type { LiveCalls } from './live-calls.js';
import type { Preparations } from './preparation.js';
import { checkResumable } from './resume-rules.js';
import type { StoreHealth } from './store-health.js';
import type { ResumeAsker } from './use-cases.js';

/** How long a call that is taken up again waits for its media: the dialplan connects at once. */
export const RESUMED_TTL_MS = 8_000;
/** Others who take the same call over at the same time: each attempt loses to one of them. */
const TAKE_OVER_ATTEMPTS_MAX = 3;

export interface ResumeDependencies {
  readonly admission: Pick<Admission, 'draining'>;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Pick<Preparations, 'start' | 'drop'>;
  readonly live: Pick<LiveCalls, 'letGo'>;
  readonly health: StoreHealth;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
  readonly resumesMax: number;
}

export function createResume(
  dependencies: ResumeDependencies,
): (contextId: string, asker?: ResumeAsker) => Promise<ContextId> {
  const { telemetry, logger } = dependencies;
  return async (contextId, asker) => {
    try {
      return await resume(dependencies, contextId.toLowerCase(), asker);
    } catch (error) {
      const { code } = RapidaError.from(error);
      telemetry.count('rapida_resumes_refused_total', { code });
      logger.info({ code }, 'a call was not taken up again');
      throw error;
    }
  };
}

async function resume(
  dependencies: ResumeDependencies,
  contextId: string,
  asker: ResumeAsker | undefined,
): Promise<ContextId> {
  const { admission, assistants, health, live, logger, preparations } = dependencies;
  if (admission.draining) throw new RapidaError('draining');
  const found = await find(dependencies, contextId, asker);
  const assistant = await health.watch('assistant_get', assistantAt(assistants, found));
  // It has had its place since it was registered: nobody who was in conversation is turned away because others have come.
  try {
    const call = await takeOver(dependencies, found, asker);
    logger.info({ callId: call.id, leg: call.resumes }, 'a call is taken up again');
    await live.letGo(call.id);
    preparations.drop(contextId);
    preparations.start(call, assistant);
    await health.watch('context_put', dependencies.contexts.putAgain(contextOf(call), RESUMED_TTL_MS));
    return contextId;
  } catch (error) {
    preparations.drop(contextId);
    throw error;
  }
}

/** Somebody else's call is as unknown as none. */
async function find(
  { calls, health, resumesMax }: ResumeDependencies,
  contextId: string,
  asker: ResumeAsker | undefined,
): Promise<CallRecord> {
  const call = isContextId(contextId)
    ? await health.watch('call_by_context', calls.getByContext(contextId))
    : undefined;
  if (call === undefined) throw new RapidaError('context_unknown');
  const isTheirs =
    asker === undefined || (call.projectId === asker.projectId && call.assistantId === asker.assistantId);
  if (!isTheirs) throw new RapidaError('context_unknown');
  checkResumable(call, resumesMax);
  return call;
}

/**
 * The call as this node's, in a leg of its own. Asked again before media came - the answer was lost, or its media could not be
 * connected - it stays in the leg it is in.
 */
async function takeOver(
  dependencies: ResumeDependencies,
  found: CallRecord,
  asker: ResumeAsker | undefined,
): Promise<CallRecord> {
  const { calls, contexts, health, nodeId } = dependencies;
  const isOurs = found.nodeId === nodeId;
  if (isOurs && (await health.watch('context_withdraw', contexts.withdraw(found.contextId)))) return found;
  let call = found;
  for (let attempt = 1; attempt <= TAKE_OVER_ATTEMPTS_MAX; attempt++) {
    const leg = call.resumes + 1;
    if (await health.watch('take_over', calls.takeOver(call.id, leg, nodeId))) return { ...call, nodeId, resumes: leg };
    call = await find(dependencies, found.contextId, asker);
  }
  throw new RapidaError('store_failed', 'Others are taking the same call up again.');
}

function contextOf({ id, contextId, projectId, assistantId, resumes, connectedAtMs }: CallRecord): CallContext {
  const resumed = resumes === 0 ? {} : { resumed: { leg: resumes, connectedAtMs } };
  return { contextId, callId: id, projectId, assistantId, ...resumed };
}
