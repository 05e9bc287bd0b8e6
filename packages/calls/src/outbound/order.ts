import { isDialableNumber } from '@rapida/ari';
import {
  type AssistantRecord,
  type CallOverrides,
  type CallRecord,
  type ContextId,
  callerIdSchema,
  callOverridesSchema,
  type EntityId,
  type Json,
  type OutboundOrder,
  overriddenFields,
  type PhoneDeployment,
  RapidaError,
  RETRY_CAUSES,
} from '@rapida/core';
import { z } from 'zod';
import { checkEntries, ENTRIES_MAX } from '../bounded-entries.js';
import type { PhoneCallOrder } from '../use-cases.js';

/** A call cannot be ordered further ahead. */
export const NOT_BEFORE_MS_MAX = 90 * 86_400_000;

const DAY_SECONDS = 86_400;
/** What of `options` means something here. Numbers may come as text: some clients have nothing else. */
const optionsSchema = z.object({
  notBefore: z.iso.datetime({ offset: true }).optional(),
  ringSeconds: z.coerce.number().int().min(5).max(300).optional(),
  attempts: z.coerce.number().int().min(1).max(10).optional(),
  retryAfterSeconds: z.coerce.number().int().min(1).max(DAY_SECONDS).optional(),
  retryOn: z.array(z.enum(RETRY_CAUSES)).max(RETRY_CAUSES.length).optional(),
  /** Read apart: it may come as JSON text as well. */
  overrides: z.unknown().optional(),
});
const KNOWN_OPTIONS = Object.keys(optionsSchema.shape);

/** What can be said of an order from itself alone, checked. */
export interface CheckedOrder {
  readonly to: string;
  readonly from: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly args: Readonly<Record<string, string>>;
  readonly options: z.output<typeof optionsSchema>;
  readonly overrides: CallOverrides | null;
  readonly ignoredOptions: readonly string[];
}

/** Fails with number_missing, number_invalid, caller_id_invalid or invalid_request. */
export function checkOrder(order: PhoneCallOrder): CheckedOrder {
  const to = order.toNumber.trim();
  const from = order.fromNumber.trim();
  if (to === '') throw new RapidaError('number_missing');
  if (!isDialableNumber(to)) throw new RapidaError('number_invalid');
  if (from !== '' && !callerIdSchema.safeParse(from).success) throw new RapidaError('caller_id_invalid');
  const options = optionsSchema.safeParse(order.options);
  if (!options.success) {
    const [issue] = options.error.issues;
    throw new RapidaError('invalid_request', `options.${issue?.path.join('.')}: ${issue?.message}`);
  }
  return {
    to,
    from,
    metadata: textsOf('metadata', order.metadata),
    args: textsOf('args', order.args),
    options: options.data,
    overrides: readOverrides(options.data.overrides),
    ignoredOptions: Object.keys(order.options)
      .filter((name) => !KNOWN_OPTIONS.includes(name))
      .slice(0, ENTRIES_MAX),
  };
}

/** As an object, or as its JSON text: that is what some clients have. Nothing in it is nothing. */
function readOverrides(given: unknown): CallOverrides | null {
  if (given === undefined || given === null || given === '') return null;
  const { data, error } = callOverridesSchema.safeParse(typeof given === 'string' ? jsonOf(given) : given);
  if (error !== undefined) {
    const [issue] = error.issues;
    const field = ['options', 'overrides', ...(issue?.path ?? [])].join('.');
    throw new RapidaError('invalid_request', `${field}: ${issue?.message}`);
  }
  checkEntries('options.overrides.variables', data.variables ?? {});
  return overriddenFields(data).length === 0 ? null : data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RapidaError('invalid_request', 'options.overrides: is text, but not JSON', { cause: error });
  }
}

/** Text stays text; everything else becomes JSON. */
function textsOf(what: string, values: Readonly<Record<string, Json>>): Record<string, string> {
  const entries = Object.entries(values).map(([name, value]) => [name, textOf(what, value)] as const);
  const texts = Object.fromEntries(entries);
  checkEntries(what, texts);
  return texts;
}

function textOf(what: string, value: Json): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Nested beyond what fits the stack.
    throw new RapidaError('invalid_request', `${what}: a value cannot be written as JSON`, { cause: error });
  }
}

/** The call that an order becomes, waiting in the queue. Fails with invalid_request where it lies too far ahead. */
export function queuedCall(
  order: CheckedOrder,
  whose: Pick<AssistantRecord, 'projectId' | 'id' | 'version' | 'deployment'>,
  made: { readonly id: EntityId; readonly contextId: ContextId; readonly nodeId: string; readonly nowMs: number },
): CallRecord {
  const { projectId, id: assistantId, version: assistantVersion, deployment } = whose;
  const { id, contextId, nodeId, nowMs } = made;
  return {
    ...{ id, projectId, assistantId, assistantVersion, contextId, nodeId },
    direction: 'outbound',
    state: 'queued',
    from: order.from || deployment.options.phone || '',
    to: order.to,
    channelId: null,
    metadata: order.metadata,
    args: order.args,
    overrides: order.overrides,
    outbound: outboundOf(order, deployment, nowMs),
    transport: null,
    format: null,
    createdAtMs: nowMs,
    connectedAtMs: null,
    endedAtMs: null,
    disconnectedBy: null,
    reason: null,
    directive: null,
    recording: null,
    analysis: null,
    resumes: 0,
  };
}

function outboundOf({ options }: CheckedOrder, { retry }: PhoneDeployment, nowMs: number): OutboundOrder {
  const { notBefore, ringSeconds, attempts, retryAfterSeconds, retryOn } = options;
  const notBeforeMs = notBefore === undefined ? nowMs : Math.max(nowMs, Date.parse(notBefore));
  if (notBeforeMs - nowMs > NOT_BEFORE_MS_MAX) {
    throw new RapidaError('invalid_request', 'options.notBefore: more than 90 days ahead');
  }
  return {
    notBeforeMs,
    attempt: 0,
    attemptsMax: attempts ?? retry.attemptsMax,
    retryAfterMs: retryAfterSeconds === undefined ? retry.afterMs : retryAfterSeconds * 1_000,
    retryOn: retryOn ?? retry.on,
    ringMs: ringSeconds === undefined ? null : ringSeconds * 1_000,
    dialed: null,
  };
}
