import {
  type AssistantStore,
  type CallPace,
  type CallRecord,
  type EntityId,
  type OutboundOrder,
  RapidaError,
  type Scope,
  type Timer,
} from '@rapida/core';
import type { Admission } from '../admission.js';
import { assistantAt } from '../assistant-at.js';
import type { CredentialReader } from '../credentials/reader.js';
import { createJournal } from '../journal.js';
import { recordEnding } from '../record-ending.js';
import type { AsteriskLinks } from './asterisk-links.js';
import { type Attempt, CONTEXT_EXTRA_MS, type DialerDependencies, dial, ringMsOf } from './dialer.js';
import { legNames } from './media-plan.js';
import { dialTarget } from './target.js';

/** Looks at the queue at least this often: for calls whose moment has come. */
export const LOOK_EVERY_MS = 1_000;
/** Calls read from the queue at once. */
const BATCH = 50;
/** Assistants whose calls are passed over in one look, because they have no place free; then the look ends. */
const PASSED_OVER_MAX = 200;

/** Takes calls out of the queue in their order, as far as limits allow, and has them dialled. */
export interface Dispatcher {
  /** Looks now, and again when it is looking already. */
  wake(): void;
}

export interface DispatcherDependencies extends DialerDependencies {
  readonly admission: Admission;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly credentials: CredentialReader;
  readonly links: AsteriskLinks;
  /** Of each credential. */
  readonly pace: CallPace;
  /** Closing it ends the looking. */
  readonly scope: Scope;
  readonly nodeId: string;
}

/** Looks from now on. */
export function startDispatcher(dependencies: DispatcherDependencies): Dispatcher {
  const { clock, scope, logger, admission } = dependencies;
  let timer: Timer | undefined;
  let looking = false;
  let again = false;

  function schedule(delayMs: number): void {
    timer?.cancel();
    if (!scope.closed) timer = clock.setTimer(delayMs, wake);
  }

  function wake(): void {
    if (scope.closed || admission.draining) return;
    again = true;
    if (!looking) void look();
  }

  async function look(): Promise<void> {
    looking = true;
    let nextMs = LOOK_EVERY_MS;
    while (again && !scope.closed) {
      again = false;
      try {
        nextMs = await new Look(dependencies, wake).run();
      } catch (error) {
        logger.error({ err: error }, 'the queue of calls could not be worked on');
      }
    }
    looking = false;
    schedule(nextMs);
  }

  scope.onClose(() => timer?.cancel());
  schedule(0);
  return { wake };
}

/** One look at the queue. */
class Look {
  readonly #dependencies: DispatcherDependencies;
  readonly #wake: () => void;
  readonly #fullProjects = new Set<EntityId>();
  readonly #fullAssistants = new Set<EntityId>();
  readonly #taken = new Set<EntityId>();
  #nextMs = LOOK_EVERY_MS;

  constructor(dependencies: DispatcherDependencies, wake: () => void) {
    this.#dependencies = dependencies;
    this.#wake = wake;
  }

  /** Resolves with when to look again. Ends because every call leaves the queue, or has its assistant passed over. */
  async run(): Promise<number> {
    const { calls, clock, health, scope } = this.#dependencies;
    while (!scope.closed && this.#fullAssistants.size < PASSED_OVER_MAX) {
      const passOver = { projectIds: [...this.#fullProjects], assistantIds: [...this.#fullAssistants] };
      const due = await health.watch('due', calls.due(clock.wallMs(), BATCH, passOver));
      if (due.length === 0) break;
      for (const call of due) {
        // Taken and still there: it could not be written down. The next look will try again.
        if (this.#taken.has(call.id)) this.#passOver(call.assistantId, LOOK_EVERY_MS);
        if (this.#isPassedOver(call)) continue;
        this.#taken.add(call.id);
        await this.#take(call);
      }
    }
    return this.#nextMs;
  }

  #isPassedOver({ projectId, assistantId }: CallRecord): boolean {
    return this.#fullProjects.has(projectId) || this.#fullAssistants.has(assistantId);
  }

  async #take(call: CallRecord): Promise<void> {
    try {
      await this.#begin(call);
    } catch (error) {
      await this.#refuse(call, RapidaError.from(error));
    }
  }

  async #begin(call: CallRecord): Promise<void> {
    const { assistants, credentials, health, links, pace } = this.#dependencies;
    const { projectId, assistantId, outbound: order } = call;
    if (order === null) throw new RapidaError('internal');
    const assistant = await health.watch('assistant_get', assistantAt(assistants, call));
    const { deployment } = assistant;
    const { credentialId } = deployment;
    if (!deployment.enabled) throw new RapidaError('deployment_disabled');
    if (credentialId === null) throw new RapidaError('deployment_incomplete');
    const access = await credentials.read(projectId, credentialId, 'asterisk');
    const target = dialTarget(deployment, access, { to: call.to ?? '', from: call.from });
    const link = links.linkFor({ projectId, credentialId, app: target.app }, target.ari);
    // Asterisk is not there yet, and the call before this one is waiting for it: it keeps its place in the queue.
    if (link.state === 'awaited') return this.#passOver(assistantId, LOOK_EVERY_MS);
    const { callsPerSecond } = access;
    if (!(await this.#mayGo(call, { order, assistant }, { credentialId, callsPerSecond }))) return;
    const names = legNames(call.id, order.attempt + 1);
    const onAsk = (): void => pace.begun(credentialId, callsPerSecond);
    await this.#dial({ call, order, assistant, target, link, names, onAsk }, credentialId);
  }

  /** It has a place, and it is its turn. */
  async #mayGo(
    { contextId, projectId, assistantId }: CallRecord,
    planned: Pick<Attempt, 'order' | 'assistant'>,
    { credentialId, callsPerSecond }: { readonly credentialId: EntityId; readonly callsPerSecond: number },
  ): Promise<boolean> {
    const { admission, health, pace } = this.#dependencies;
    const assistantCallsMax = planned.assistant.deployment.limits.concurrentCalls;
    const wanted = { contextId, assistantId, assistantCallsMax, placedBy: projectId };
    const taking = admission.admit(wanted, ringMsOf(planned) + CONTEXT_EXTRA_MS);
    const admitted = await health.watch('place_take', taking);
    if (admitted === 'project_full') this.#fullProjects.add(projectId);
    // Where it is held, another node is dialling this call.
    else if (admitted !== 'admitted' && admitted !== 'held') this.#passOver(assistantId, LOOK_EVERY_MS);
    if (admitted !== 'admitted') return false;
    const waitMs = await health.watch('pace_take', pace.take(credentialId, callsPerSecond)).catch((error: unknown) => {
      admission.release(contextId);
      throw error;
    });
    if (waitMs === 0) return true;
    admission.release(contextId);
    this.#passOver(assistantId, waitMs);
    return false;
  }

  /** On record before Asterisk hears of it: what was begun is never begun again. */
  async #dial(planned: Attempt, credentialId: EntityId): Promise<void> {
    const { calls, health, nodeId, admission, legs } = this.#dependencies;
    const { call, target, names } = planned;
    const dialed = { credentialId, app: target.app, mode: target.after.mode, channelId: names.phone };
    const order: OutboundOrder = { ...planned.order, attempt: planned.order.attempt + 1, dialed };
    const patch = { outbound: order, nodeId, channelId: names.phone };
    // Known before it can be seen anywhere else.
    const held = legs.begin(call.id);
    let begun = false;
    try {
      begun = await health.watch('dial', calls.transition(call.id, ['queued'], 'dialing', patch));
    } finally {
      if (!begun) held.over();
      if (!begun) admission.release(call.contextId);
    }
    if (!begun) return;
    void dial(this.#dependencies, { ...planned, order }, held).then(this.#wake);
  }

  #passOver(assistantId: EntityId, untilMs: number): void {
    this.#fullAssistants.add(assistantId);
    this.#nextMs = Math.min(this.#nextMs, Math.ceil(untilMs));
  }

  /** What was right when it was ordered need not be so any more. */
  async #refuse(call: CallRecord, error: RapidaError): Promise<void> {
    // Of the store: it is left in the queue, and the next look finds it.
    if (error.code === 'store_failed') throw error;
    const { clock } = this.#dependencies;
    const logger = this.#dependencies.logger.child({ callId: call.id });
    logger.warn({ err: error, code: error.code }, 'a call that was waiting cannot be dialled');
    const journal = createJournal(call.id, { ...this.#dependencies, logger });
    const failed = { ending: 'fail', disconnectedBy: 'system', reason: error.code, code: error.code } as const;
    await recordEnding(journal, this.#dependencies, { outcome: failed, endedAtMs: clock.wallMs() });
  }
}
