import type { PhoneCallOrder, PlacedCall } from '@rapida/calls';
import { CALL_STATES, ERRORS, type ErrorCode, type Json, RapidaError } from '@rapida/core';
import { z } from 'zod';

/** Calls that one request can place. */
export const PHONE_CALLS_MAX = 1_000;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,200}$/;

const jsonObject = z.record(z.string(), z.unknown(), 'must be a JSON object').nullish();

/** Fields that are not known are let through unread: published clients send more than is used here. */
export const phoneCallSchema = z
  .object(
    {
      assistant: z.object({
        assistantId: z
          .union([z.string(), z.int().min(0)])
          .describe('Unsigned 64-bit number in decimal; as a JSON number only below 2^53'),
        version: z
          .union([z.string(), z.int()], 'must be "latest" or the number of a version')
          .nullish()
          .describe(
            '`latest`: the one that is live when the call is placed, and stays so for it; or the number of a version',
          ),
      }),
      toNumber: z.string().min(1).describe('Digits, * and #, with a + in front where it is international'),
      fromNumber: z.string().nullish().describe('The caller id; without it the `phone` of the deployment'),
      metadata: jsonObject.describe('Kept with the call'),
      args: jsonObject.describe('Values for what the assistant says'),
      options: jsonObject.describe(
        'notBefore (ISO 8601), ringSeconds, attempts, retryAfterSeconds, retryOn, overrides (what this call has otherwise than its assistant, as an object or as JSON text)',
      ),
    },
    'must be a JSON object',
  )
  .meta({ id: 'PhoneCall' });

export const phoneCallsSchema = z.object({ phoneCalls: z.array(phoneCallSchema).min(1).max(PHONE_CALLS_MAX) });

export const placingHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(IDEMPOTENCY_KEY)
    .optional()
    .describe(
      '1 to 200 printable ASCII characters: a repeat with the same key gets the first answer and places nothing',
    ),
});

/** One order as it was sent. Errors name the field and have a code of its own where a client is to tell them apart. */
export function readPhoneCall(body: unknown): PhoneCallOrder {
  return readOrder(body, []);
}

/** All of a bulk, or the error of the first that is malformed, named by its place. */
export function readPhoneCalls(body: unknown): readonly PhoneCallOrder[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RapidaError('invalid_request', 'body: must be a JSON object');
  }
  const { phoneCalls } = body as { readonly phoneCalls?: unknown };
  // Counted before any is read: a body of its full size holds millions of malformed ones.
  if (!Array.isArray(phoneCalls) || phoneCalls.length < 1 || phoneCalls.length > PHONE_CALLS_MAX) {
    throw new RapidaError('bulk_invalid');
  }
  return phoneCalls.map((call, index) => readOrder(call, [`phoneCalls[${index}]`]));
}

/** Of the header of this name; undefined where it was not sent. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return header;
  throw new RapidaError('invalid_request', 'Idempotency-Key: must be 1 to 200 printable ASCII characters');
}

function readOrder(call: unknown, place: readonly string[]): PhoneCallOrder {
  const { data, error } = phoneCallSchema.safeParse(call, { reportInput: true });
  if (data === undefined) throw refusal(error.issues[0], place);
  const { assistant, toNumber, fromNumber, metadata, args, options } = data;
  return {
    assistantId: String(assistant.assistantId),
    version: String(assistant.version ?? ''),
    toNumber,
    fromNumber: fromNumber ?? '',
    metadata: toJson(metadata),
    args: toJson(args),
    options: toJson(options),
  };
}

function refusal(issue: z.core.$ZodIssue | undefined, place: readonly string[]): RapidaError {
  const path = (issue?.path ?? []).map(String);
  const code = codeOf(path.at(-1), issue?.input);
  if (code === 'invalid_request') {
    const field = [...place, ...path].join('.');
    return new RapidaError(code, `${field === '' ? 'body' : field}: ${issue?.message ?? 'is not valid'}`);
  }
  const lostDigits = code === 'assistant_id_malformed' && typeof issue?.input === 'number';
  const text = lostDigits
    ? 'As a JSON number an assistant id must be an integer below 2^53, others lose digits: send it as a string.'
    : ERRORS[code].text;
  return new RapidaError(code, [...place, text].join(': '));
}

function codeOf(field: string | undefined, input: unknown): ErrorCode {
  switch (field) {
    case 'assistant':
    case 'assistantId':
      return 'assistant_id_malformed';
    case 'toNumber':
      return input === undefined || input === null || input === '' ? 'number_missing' : 'number_invalid';
    case 'fromNumber':
      return 'caller_id_invalid';
    default:
      return 'invalid_request';
  }
}

/** What a JSON body held is JSON. */
function toJson(object: Readonly<Record<string, unknown>> | null | undefined): Readonly<Record<string, Json>> {
  return (object ?? {}) as Readonly<Record<string, Json>>;
}

const placedCallSchema = z
  .object({ id: z.string(), contextId: z.string(), status: z.enum(CALL_STATES).describe('The state of the call') })
  .meta({ id: 'PlacedCall' });

const placed = { code: z.literal(200), success: z.literal(true) };
export const callPlacedSchema = z.object({ ...placed, data: placedCallSchema }).meta({ id: 'CallPlaced' });
export const callsPlacedSchema = z
  .object({ ...placed, data: z.array(placedCallSchema).describe('One per call, in order') })
  .meta({ id: 'CallsPlaced' });

export function toPlacedCall({ id, contextId, state }: PlacedCall): z.output<typeof placedCallSchema> {
  return { id, contextId, status: state };
}
