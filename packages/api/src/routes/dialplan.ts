import type { AssistantUseCases } from '@rapida/calls';
import type { EntityId } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errors } from '../openapi.js';
import { entityIdSchema } from '../schemas/fields.js';

const wantedSchema = z
  .strictObject({
    assistantId: entityIdSchema,
    asterisk: z.string().min(1).max(20).default('22').describe('A release such as 22 (its newest) or 20.14'),
    transport: z.enum(['audiosocket', 'websocket']).default('audiosocket'),
    direction: z.enum(['inbound', 'outbound', 'both']).default('inbound'),
    layout: z.enum(['asterisk', 'freepbx']).default('asterisk').describe("Whose files: Asterisk's own, or FreePBX's"),
  })
  .meta({ id: 'DialplanWanted' });

const filesSchema = z
  .object({
    files: z.array(z.object({ name: z.string(), text: z.string() })),
    notes: z.array(z.string()).describe('What the release cannot do, and what is left for the owner'),
  })
  .meta({ id: 'DialplanFiles' });

export type DialplanWanted = Readonly<z.output<typeof wantedSchema>> & { readonly assistantId: EntityId };

export interface DialplanFiles {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly notes: readonly string[];
}

/** What to put into an Asterisk, with the addresses of this server. No key: a word stands where it belongs. */
export type WriteDialplan = (wanted: DialplanWanted) => DialplanFiles;

export function addDialplanRoute(api: ApiInstance, assistants: AssistantUseCases, write: WriteDialplan): void {
  api.post(
    '/v1/dialplan',
    {
      config: { access: ['calls'] },
      schema: {
        tags: ['assistants'],
        summary: 'The files that `rapida dialplan` writes, with `rpd-PUT-THE-KEY-HERE` in the place of the key',
        operationId: 'writeDialplan',
        body: wantedSchema,
        response: { 200: filesSchema, ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, body }) => {
      await assistants.get(projectId, body.assistantId);
      const { files, notes } = write(body);
      return { files: files.map(({ name, text }) => ({ name, text })), notes: [...notes] };
    },
  );
}
