import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { credentialIdSchema, identifier, sentence } from './words.js';

export const TOOLS_MAX = 40;
export const MCP_SERVERS_MAX = 10;

const jsonSchema = z
  .record(z.string(), z.unknown())
  .default({ type: 'object', properties: {}, additionalProperties: false })
  .describe('JSON Schema of the arguments') as z.ZodType<JsonObject>;

const patience = {
  timeoutMs: z.int().min(100).max(60_000).default(8_000),
  sayMeanwhile: sentence.default('').describe('Said while it runs; empty: only the filler'),
  sideEffect: z
    .boolean()
    .default(true)
    .describe(
      "It changes something: never run before the caller's turn is certain, never twice for one call of the model, not talked over",
    ),
};

/** A request that the model may make. `{{name}}` in URL, headers and body is an argument or a variable of the call. */
export const httpToolSchema = z.strictObject({
  type: z.literal('http'),
  name: identifier,
  description: z.string().trim().min(1).max(2_000),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  url: z
    .string()
    .min(1)
    .max(2_000)
    .regex(/^https?:\/\/[^{}/?#]+/i, 'http(s); the host is no template'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(2_000)).default({}),
  credentialId: credentialIdSchema
    .optional()
    .describe('Sent as `Authorization: Bearer`: a credential of provider `http`'),
  body: z
    .string()
    .max(20_000)
    .optional()
    .describe(
      'A template; the values are put in as JSON. Without it: the arguments as a JSON object, for all methods but GET and DELETE',
    ),
  parameters: jsonSchema,
  ...patience,
});

/** Every tool of the server that is listed, or all. Only reached where the operator allows its address. */
export const mcpServerSchema = z.strictObject({
  name: identifier,
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  credentialId: credentialIdSchema.optional(),
  tools: z
    .array(z.string().min(1).max(100))
    .max(TOOLS_MAX)
    .default([])
    .describe('Names of its tools that the model may use; empty: all, up to 40'),
  ...patience,
});

/** What the product itself can do; `transfer` is there whenever the deployment lists targets. */
export const builtInSchema = z.strictObject({
  endCall: z.boolean().default(true),
  transfer: z.boolean().default(true),
  sendDtmf: z.boolean().default(false),
  setMetadata: z.boolean().default(false),
});

export const toolsSchema = z.strictObject({
  builtIn: builtInSchema.prefault({}),
  http: z.array(httpToolSchema).max(TOOLS_MAX).default([]),
  mcp: z.array(mcpServerSchema).max(MCP_SERVERS_MAX).default([]),
  repeatsMax: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('The same call with the same arguments, in one answer of the assistant'),
  roundsMax: z.int().min(1).max(20).default(6).describe('Rounds of tool calls in one answer'),
});

export type ToolsConfig = z.infer<typeof toolsSchema>;
export type HttpTool = z.infer<typeof httpToolSchema>;
export type McpServer = z.infer<typeof mcpServerSchema>;
