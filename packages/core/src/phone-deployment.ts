import { z } from 'zod';
import { credentialIdSchema } from './assistant/index.js';

/**
 * How an assistant is reached by telephone, and how it telephones. What a deployment leaves out is taken from its
 * credential, then from the defaults. Names that go into a dial string or a dialplan hold nothing that means something there.
 */
const asteriskName = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, 'letters, digits, _ . and - only');

export const ENDPOINT_TECHNOLOGIES = ['PJSIP', 'SIP', 'IAX2', 'DAHDI'] as const;
export type EndpointTechnology = (typeof ENDPOINT_TECHNOLOGIES)[number];

/** What Asterisk shows as the caller: a number, or `Name <number>`. */
export const callerIdSchema = z
  .string()
  .regex(
    /^(?:\+?[0-9*#]{1,32}|[A-Za-z0-9 ._-]{1,60} <\+?[0-9*#]{1,32}>)$/,
    'a number (digits, + * #), or Name <number>',
  );

/** Options that carry the names of Asterisk's world; an empty text counts as left out. */
const optionsSchema = z.strictObject({
  phone: z.literal('').or(callerIdSchema).optional().describe('The caller id of calls that name none'),
  context: z.literal('').or(asteriskName).optional().describe('Answered calls go to this context of the dialplan'),
  extension: z
    .string()
    .regex(/^[A-Za-z0-9_*#+.-]{1,80}$/)
    .default('s'),
  app: asteriskName.default('rapida').describe('Without a context: the Stasis application that this server runs'),
  endpoint_technology: z.enum(ENDPOINT_TECHNOLOGIES).optional(),
  trunk: z.literal('').or(asteriskName).optional(),
});

/** How the sound of a call in our Stasis application gets here; calls through the dialplan choose there. */
const mediaSchema = z.strictObject({
  transport: z.enum(['audiosocket', 'websocket']).default('audiosocket'),
  format: z
    .enum(['slin', 'slin16', 'ulaw', 'alaw'])
    .default('slin')
    .describe('audiosocket: slin, or slin16 from Asterisk 20.17 and 22.7 on'),
  websocketClient: asteriskName.default('rapida').describe('Section of websocket_client.conf'),
});

const limitsSchema = z.strictObject({
  ringMs: z.int().min(5_000).max(300_000).default(30_000).describe('How long the other side may ring'),
  callMs: z
    .int()
    .min(5_000)
    .max(24 * 3_600_000)
    .optional()
    .describe("Ends a call; the shorter of this and the assistant's own limit"),
  concurrentCalls: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .describe('Calls at once, in and out; null is no limit. Calls out wait their turn, calls in are refused with 503'),
});

export const RETRY_CAUSES = ['busy', 'no_answer'] as const;
export type RetryCause = (typeof RETRY_CAUSES)[number];

const retrySchema = z.strictObject({
  attemptsMax: z.int().min(1).max(10).default(1).describe('Times a number is dialled in all'),
  afterMs: z.int().min(1_000).max(86_400_000).default(300_000),
  on: z
    .array(z.enum(RETRY_CAUSES))
    .max(RETRY_CAUSES.length)
    .default([...RETRY_CAUSES]),
});

export const phoneDeploymentSchema = z.strictObject({
  enabled: z.boolean().default(true),
  credentialId: credentialIdSchema
    .nullable()
    .default(null)
    .describe('Of provider `asterisk`. Calls that come in through the dialplan need none'),
  options: optionsSchema.prefault({}),
  media: mediaSchema.prefault({}),
  greeting: z.string().trim().max(2_000).optional().describe("Instead of the assistant's"),
  limits: limitsSchema.prefault({}),
  retry: retrySchema.prefault({}),
  transferTargets: z
    .array(z.string().regex(/^[A-Za-z0-9_.-]{1,80},[A-Za-z0-9_*#+.-]{1,80},[0-9]{1,4}$/))
    .max(100)
    .default([])
    .describe('Allow-list: `context,exten,priority`. Nothing else can be reached by a transfer'),
});

export type PhoneDeployment = z.infer<typeof phoneDeploymentSchema>;
