import { createHash } from 'node:crypto';
import {
  type AssistantRecord,
  type AssistantStore,
  applyOverrides,
  type CallOverrides,
  type CallRecord,
  type CallStore,
  type Clock,
  type EntityId,
  isEntityId,
  type Logger,
  newContextId,
  type OnceAnswer,
  type ProviderSource,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import type { Admission } from '../admission.js';
import { assistantAt } from '../assistant-at.js';
import { configProblems } from '../assistant-checks.js';
import type { CredentialReader } from '../credentials/reader.js';
import type { StoreHealth } from '../store-health.js';
import type { OutboundUseCases, PhoneCallOrder, PlacedCall } from '../use-cases.js';
import { type CheckedOrder, checkOrder, queuedCall } from './order.js';
import { dialTarget } from './target.js';

/** Calls ordered at once. */
export const BULK_MAX = 1_000;

export interface PlaceCallsDependencies {
  readonly admission: Pick<Admission, 'draining'>;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly providers: Pick<ProviderSource, 'validate'>;
  readonly calls: CallStore;
  readonly credentials: CredentialReader;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly newId: () => EntityId;
  readonly nodeId: string;
  /** Calls of a project that may wait. */
  readonly queueMax: number;
  /** There is something to dial. */
  readonly onQueued: () => void;
}

export function createPlaceCalls(dependencies: PlaceCallsDependencies): OutboundUseCases {
  const { telemetry, logger } = dependencies;
  return {
    async place(projectId, orders, idempotencyKey) {
      try {
        return await place(dependencies, projectId, orders, idempotencyKey);
      } catch (error) {
        const { code } = RapidaError.from(error);
        telemetry.count('rapida_outbound_refused_total', { code });
        logger.info({ code, calls: orders.length }, 'an order of calls was refused');
        throw error;
      }
    },
  };
}

/** All is checked before anything is stored, and everything is stored before anything is dialled. */
async function place(
  dependencies: PlaceCallsDependencies,
  projectId: EntityId,
  orders: readonly PhoneCallOrder[],
  key: string | undefined,
): Promise<readonly PlacedCall[]> {
  const { admission, calls, health, clock, queueMax, telemetry, onQueued } = dependencies;
  const fingerprint = key === undefined ? '' : fingerprintOf(orders);
  // Before anything else: what was right then need not be right any more, and was done.
  const before = key === undefined ? undefined : await health.watch('answer', calls.answer(projectId, key));
  if (before !== undefined) return answered(before, fingerprint);
  if (admission.draining) throw new RapidaError('draining');
  if (orders.length === 0 || orders.length > BULK_MAX) throw new RapidaError('bulk_invalid');
  const { made, placed } = await makeCalls(dependencies, projectId, orders);
  const waiting = await health.watch('queued', calls.queued(projectId));
  if (waiting + made.length > queueMax) throw new RapidaError('queue_full');
  const answer = placed.map((one) => ({ ...one }));
  const once = key === undefined ? undefined : { projectId, key, fingerprint, answer, atMs: clock.wallMs() };
  const earlier = await health.watch('create_all', calls.createAll(made, once));
  if (earlier !== undefined) return answered(earlier, fingerprint);
  telemetry.count('rapida_outbound_placed_total', {}, placed.length);
  onQueued();
  return placed;
}

function fingerprintOf(orders: readonly PhoneCallOrder[]): string {
  try {
    return createHash('sha256').update(JSON.stringify(orders)).digest('hex');
  } catch (error) {
    throw new RapidaError('invalid_request', 'The request is nested too deeply.', { cause: error });
  }
}

function answered({ fingerprint, answer }: OnceAnswer, asked: string): readonly PlacedCall[] {
  if (fingerprint !== asked) throw new RapidaError('idempotency_conflict');
  return answer as unknown as readonly PlacedCall[];
}

async function makeCalls(
  dependencies: PlaceCallsDependencies,
  projectId: EntityId,
  orders: readonly PhoneCallOrder[],
): Promise<{ readonly made: readonly CallRecord[]; readonly placed: readonly PlacedCall[] }> {
  const assistants = new Map<string, Promise<AssistantRecord>>();
  const checkedOverrides = new Map<string, Promise<void>>();
  const made: CallRecord[] = [];
  const placed: PlacedCall[] = [];
  for (const [index, order] of orders.entries()) {
    try {
      const checked = checkOrder(order);
      const assistant = await remembered(assistants, `${order.assistantId} ${order.version}`, () =>
        placingAssistant(dependencies, projectId, order, checked),
      );
      const { overrides } = checked;
      if (overrides !== null) {
        const said = `${assistant.id} ${assistant.version} ${JSON.stringify({ ...overrides, variables: {} })}`;
        await remembered(checkedOverrides, said, () => checkOverrides(dependencies, assistant, overrides));
      }
      const call = callOf(dependencies, checked, assistant);
      made.push(call);
      placed.push(placedCall(call, checked));
    } catch (error) {
      throw orders.length === 1 ? error : named(error, index);
    }
  }
  return { made, placed };
}

/** The assistant, where it may place calls: it is there, enabled, and its credential can be read and is complete. */
async function placingAssistant(
  { assistants, credentials, health }: PlaceCallsDependencies,
  projectId: EntityId,
  { assistantId, version }: PhoneCallOrder,
  { to, from }: CheckedOrder,
): Promise<AssistantRecord> {
  if (!isEntityId(assistantId)) throw new RapidaError('assistant_id_malformed');
  const assistantVersion = versionOf(version);
  const assistant = await health.watch(
    'assistant_get',
    assistantAt(assistants, { projectId, assistantId, assistantVersion }),
  );
  const { deployment } = assistant;
  if (!deployment.enabled) throw new RapidaError('deployment_disabled');
  if (deployment.credentialId === null) {
    throw new RapidaError(
      'deployment_incomplete',
      'The phone deployment of the assistant names no credential: it is needed to place calls.',
    );
  }
  dialTarget(deployment, await credentials.read(projectId, deployment.credentialId, 'asterisk'), { to, from });
  return assistant;
}

/** Null: the one that is live now. The call keeps it while it waits: what was checked and answered is what will be said. */
function versionOf(version: string): number | null {
  if (version === '' || version === 'latest') return null;
  if (!/^[1-9][0-9]{0,9}$/.test(version)) throw new RapidaError('assistant_version_not_found');
  return Number(version);
}

/** That the configuration takes what the call has otherwise, as a whole and with its engines. */
async function checkOverrides(
  { providers }: PlaceCallsDependencies,
  { config, projectId }: AssistantRecord,
  overrides: CallOverrides,
): Promise<void> {
  const applied = applyOverrides(config, overrides);
  const problems = applied.ok
    ? [...configProblems(applied.config), ...(await providers.validate(applied.config, projectId))]
    : [applied];
  const [problem] = problems;
  if (problem === undefined) return;
  throw new RapidaError('invalid_request', `options.overrides.${problem.path}: ${problem.message}`);
}

function placedCall({ id, contextId, state }: CallRecord, { ignoredOptions }: CheckedOrder): PlacedCall {
  return { id, contextId, state, ...(ignoredOptions.length > 0 && { ignoredOptions }) };
}

function callOf(
  { newId, nodeId, clock }: PlaceCallsDependencies,
  checked: CheckedOrder,
  assistant: AssistantRecord,
): CallRecord {
  const made = { id: newId(), contextId: newContextId(), nodeId, nowMs: clock.wallMs() };
  return queuedCall(checked, assistant, made);
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

function named(error: unknown, index: number): RapidaError {
  const { code, message, cause } = RapidaError.from(error);
  return new RapidaError(code, `phoneCalls[${index}]: ${message}`, { cause });
}
