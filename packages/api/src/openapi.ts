import type { Readable } from 'node:stream';
import swagger from '@fastify/swagger';
import { ERRORS, type ErrorCode } from '@rapida/core';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { KEY_NAME } from './access.js';
import { HTTP_STATUS } from './error-mapping.js';
import { SESSION_COOKIE } from './session-cookie.js';

const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

const errorSchema = z
  .object({ error: z.string().describe('For people'), code: z.enum(ERROR_CODES).describe('For programs; stable') })
  .meta({ id: 'Error' });

/** Of a route with nothing to say but that it was done. */
export const noContent = z.undefined().describe('Done');

/** Of `create-phone-call` and its like: what their published clients read. */
const talkErrorSchema = z
  .object({
    code: z.int().describe('The HTTP status'),
    success: z.literal(false),
    error: z.object({
      errorCode: z.string().describe('For programs; stable: a number in decimal'),
      errorMessage: z.string().describe('The code that other routes answer with, a colon, and the text for people'),
      humanMessage: z.string().describe('For people'),
    }),
  })
  .meta({ id: 'TalkError' });

interface ErrorResponse<S extends z.ZodType> {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: S } };
}

export function errorResponse(description: string): ErrorResponse<typeof errorSchema> {
  return jsonResponse(description, errorSchema);
}

function jsonResponse<S extends z.ZodType>(description: string, schema: S): ErrorResponse<S> {
  return { description, content: { 'application/json': { schema } } };
}

const ANY_ROUTE: readonly ErrorCode[] = ['invalid_request', 'internal', 'store_failed'];
const WITH_KEY: readonly ErrorCode[] = ['key_missing', 'key_invalid', 'key_scope', 'session_over', 'csrf_refused'];

/** What a public route can fail with, for its documentation: one entry per status, naming the codes. */
export function publicErrors(...codes: readonly ErrorCode[]) {
  return byStatus(errorSchema, codes);
}

/** The same for a route that needs a key. */
export function errors(...codes: readonly ErrorCode[]) {
  return byStatus(errorSchema, [...WITH_KEY, ...codes]);
}

/** The same for a route that answers in the envelope of `create-phone-call`. */
export function talkErrors(...codes: readonly ErrorCode[]) {
  return byStatus(talkErrorSchema, [...WITH_KEY, ...codes]);
}

function byStatus<S extends z.ZodType>(schema: S, codes: readonly ErrorCode[]): Record<number, ErrorResponse<S>> {
  const all = [...new Set([...codes, ...ANY_ROUTE])];
  const entries = all.map((code): [number, ErrorResponse<S>] => {
    const status = HTTP_STATUS[code];
    const description = all.filter((other) => HTTP_STATUS[other] === status).join(', ');
    return [status, jsonResponse(description, schema)];
  });
  return Object.fromEntries(entries);
}

/** A text answer, for the documentation. */
export function textResponse(description: string) {
  return { description, content: { 'text/plain': { schema: z.string() } } };
}

const binarySchema: z.ZodType<string | Readable> = z.string().meta({ format: 'binary' });

/** The same for a file. */
export function fileResponse(description: string, mediaType: string) {
  return { description, content: { [mediaType]: { schema: binarySchema } } };
}

const textStreamSchema: z.ZodType<string | Readable> = z.string();

/** The same for a text that goes on as long as there is something to tell. */
export function textStreamResponse(description: string, mediaType: string) {
  return { description, content: { [mediaType]: { schema: textStreamSchema } } };
}

/** Routes added after this are documented. */
export function documentRoutes(fastify: FastifyInstance): void {
  fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rapida for Asterisk',
        version: '1',
        description:
          'Lets an Asterisk phone system talk with an AI. Every error is `{"error", "code"}`, but for those of ' +
          '`create-phone-call` and `create-bulk-phone-call`, which keep the envelope that their clients know.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          header: { type: 'apiKey', in: 'header', name: KEY_NAME },
          query: { type: 'apiKey', in: 'query', name: KEY_NAME },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const access = route.route.config?.access;
      const security = access === 'public' ? [] : [{ header: [] }, { query: [] }, { session: [] }];
      return { schema: { ...schema, security }, url };
    },
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
}

/** Each schema is made twice, as it is sent and as it is received; most are used one way only. */
function withoutUnused<T extends object>(document: T): T {
  const text = JSON.stringify(document);
  const isUsed = (name: string) => text.includes(`"#/components/schemas/${name}"`);
  const { components } = document as { components?: { schemas?: object } };
  const schemas = Object.fromEntries(Object.entries(components?.schemas ?? {}).filter(([name]) => isUsed(name)));
  return { ...document, components: { ...components, schemas } };
}
