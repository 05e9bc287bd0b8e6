import {
  type AssistantRecord,
  type AssistantStore,
  type CallContextStore,
  type CallRecord,
  type CallStore,
  type Clock,
  type ContextId,
  type EntityId,
  isEntityId,
  type LiveFeed,
  type Logger,
  newContextId,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import type { Admission, Admitted } from './admission.js';
import { checkEntries } from './bounded-entries.js';
import type { CallSpool } from './call-spool.js';
import { createJournal } from './journal.js';
import type { Preparations } from './preparation.js';
import { recordUnconnected } from './record-ending.js';
import { tellRefused } from './refusals.js';
import type { StoreHealth } from './store-health.js';
import type { InboundRequest, RegisterInbound } from './use-cases.js';

/** Longest caller and callee taken: a SIP address is longer than any number. */
export const PARTY_LENGTH_MAX = 256;

export interface RegisterInboundDependencies {
  readonly admission: Admission;
  readonly assistants: AssistantStore;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Hears of calls that were refused: whoever waits for the first one sees what is wrong. */
  readonly liveFeed: Pick<LiveFeed, 'publish'>;
  readonly newId: () => EntityId;
  readonly nodeId: string;
  readonly contextTtlMs: number;
}

export function createRegisterInbound(dependencies: RegisterInboundDependencies): RegisterInbound {
  return (request) =>
    counted(dependencies, request, async () => {
      const valid = checked(request);
      return registerWith(dependencies, valid, await reachable(dependencies, valid));
    });
}

/** Whatever becomes of a request for a call is counted, and a refusal told: in the log, and to who watches. */
export async function counted<T>(
  {
    telemetry,
    logger,
    liveFeed,
    clock,
  }: Pick<RegisterInboundDependencies, 'telemetry' | 'logger' | 'liveFeed' | 'clock'>,
  { projectId, assistantId, from }: Pick<InboundRequest, 'projectId' | 'assistantId' | 'from'>,
  registering: () => Promise<T>,
): Promise<T> {
  try {
    const registered = await registering();
    telemetry.count('rapida_calls_registered_total');
    return registered;
  } catch (error) {
    const refusal = RapidaError.from(error);
    const { code } = refusal;
    telemetry.count('rapida_calls_refused_total', { code });
    logger.info({ code, assistantId }, 'a call was refused');
    tellRefused({ liveFeed, clock }, { projectId, assistantId, from }, refusal);
    throw error;
  }
}

/** The assistant as it is now, where it can be called by telephone. */
async function reachable(
  { admission, assistants, health }: RegisterInboundDependencies,
  { projectId, assistantId }: InboundRequest,
): Promise<AssistantRecord> {
  if (admission.draining) throw new RapidaError('draining');
  const assistant = await health.watch('assistant_get', assistants.get(projectId, assistantId));
  if (assistant === undefined) throw new RapidaError('assistant_not_found');
  if (!assistant.deployment.enabled) throw new RapidaError('deployment_disabled');
  return assistant;
}

/** A call of this very assistant, of a request that was checked. */
export async function registerWith(
  dependencies: RegisterInboundDependencies,
  request: InboundRequest,
  assistant: AssistantRecord,
): Promise<{ contextId: ContextId; callId: EntityId }> {
  const { admission, health, preparations, contextTtlMs } = dependencies;
  const contextId = newContextId();
  const assistantCallsMax = assistant.deployment.limits.concurrentCalls;
  const wanted = { contextId, assistantId: assistant.id, assistantCallsMax, placedBy: null };
  const refused = refusalOf(await health.watch('place_take', admission.admit(wanted, contextTtlMs)));
  if (refused !== undefined) throw refused;
  try {
    const call = newCall(dependencies, request, { contextId, assistantVersion: assistant.version });
    preparations.start(call, assistant);
    await store(dependencies, call, assistant);
    return { contextId, callId: call.id };
  } catch (error) {
    preparations.drop(contextId);
    admission.release(contextId);
    throw error;
  }
}

function refusalOf(admitted: Admitted): RapidaError | undefined {
  if (admitted === 'admitted') return undefined;
  return new RapidaError(admitted === 'draining' ? 'draining' : 'at_capacity');
}

/** The context comes last: a media connection can only claim what is on record. */
async function store(
  dependencies: RegisterInboundDependencies,
  call: CallRecord,
  assistant: AssistantRecord,
): Promise<void> {
  const { calls, contexts, health, clock, contextTtlMs } = dependencies;
  const { id, projectId, contextId, from, to } = call;
  const data = { from, to, assistantVersion: assistant.version };
  await health.watch('call_create', calls.create(call, { type: 'webhook', atMs: clock.wallMs(), data }));
  try {
    await health.watch(
      'context_put',
      contexts.put({ contextId, callId: id, projectId, assistantId: assistant.id }, contextTtlMs),
    );
  } catch (error) {
    const { code } = RapidaError.from(error);
    const outcome = { ending: 'fail', disconnectedBy: 'system', reason: code, code } as const;
    // Best effort: where this fails as well, the restart finds the call unfinished.
    const journal = createJournal(id, { ...dependencies, logger: dependencies.logger.child({ callId: id }) });
    await recordUnconnected(journal, dependencies, outcome);
    throw error;
  }
}

function newCall(
  { newId, nodeId, clock }: RegisterInboundDependencies,
  { projectId, assistantId, from, to, channelId, metadata }: InboundRequest,
  { contextId, assistantVersion }: Pick<CallRecord, 'contextId' | 'assistantVersion'>,
): CallRecord {
  return {
    id: newId(),
    projectId,
    assistantId,
    assistantVersion,
    contextId,
    direction: 'inbound',
    state: 'registered',
    from,
    to,
    channelId,
    metadata,
    args: {},
    overrides: null,
    outbound: null,
    transport: null,
    format: null,
    createdAtMs: clock.wallMs(),
    connectedAtMs: null,
    endedAtMs: null,
    disconnectedBy: null,
    reason: null,
    directive: null,
    recording: null,
    analysis: null,
    nodeId,
    resumes: 0,
  };
}

/** Fails with assistant_id_malformed, caller_missing or invalid_request. */
export function checked(request: InboundRequest): InboundRequest {
  if (!isEntityId(request.assistantId)) throw new RapidaError('assistant_id_malformed');
  const from = request.from.trim();
  if (from === '') throw new RapidaError('caller_missing');
  const { to, channelId, metadata } = request;
  for (const [name, value] of Object.entries({ from, to, channel_id: channelId })) {
    if (value !== null && value.length > PARTY_LENGTH_MAX) {
      throw new RapidaError('invalid_request', `${name} is longer than ${PARTY_LENGTH_MAX} characters`);
    }
  }
  checkEntries('metadata', metadata);
  return { ...request, from };
}
