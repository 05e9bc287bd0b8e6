import type { AssistantUseCases } from '@rapida/calls';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errors, publicErrors } from '../openapi.js';
import { entityIdSchema } from '../schemas/fields.js';

const requestSchema = z
  .object({
    assistantId: entityIdSchema,
    asterisk: z.string().max(20).optional().describe('A release, e.g. `22` or `20.14.0`. Default: the newest of 22'),
    transport: z.enum(['audiosocket', 'websocket']).default('audiosocket'),
    direction: z.enum(['inbound', 'outbound', 'both']).optional().describe('Default: inbound'),
    layout: z.enum(['asterisk', 'freepbx']).optional().describe('Whose files. Default: asterisk'),
  })
  .meta({ id: 'DialplanRequest' });

const answerSchema = z
  .object({
    files: z.array(z.object({ name: z.string(), text: z.string() })),
    notes: z.array(z.string()).describe('What this release cannot do, and what is left for its owner'),
    keyPlaceholder: z.string().describe('Stands in the files where an API key with the scope `inbound` belongs'),
  })
  .meta({ id: 'Dialplan' });

/** What is put into Asterisk to reach this server: written by whoever knows its addresses. */
export interface DialplanWriter {
  readonly releases: readonly string[];
  /** Fails with invalid_request where the release is not known, or cannot do what is asked for. */
  write(request: z.output<typeof requestSchema>): z.output<typeof answerSchema>;
}

export function addDialplanRoutes(
  api: ApiInstance,
  assistants: Pick<AssistantUseCases, 'get'>,
  dialplan: DialplanWriter,
): void {
  const tags = ['assistants'];
  api.post(
    '/v1/dialplan',
    {
      config: { access: ['calls'] },
      schema: {
        ...{ tags, operationId: 'writeDialplan', body: requestSchema },
        summary: 'The files that Asterisk needs to reach an assistant, as `rapida dialplan` writes them',
        response: { 200: answerSchema, ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, body }) => {
      await assistants.get(projectId, body.assistantId);
      return dialplan.write(body);
    },
  );
  api.get(
    '/v1/dialplan/releases',
    {
      config: { access: 'public' },
      schema: {
        ...{ tags, operationId: 'listReleases', summary: 'Releases of Asterisk that files can be written for' },
        response: { 200: z.object({ data: z.array(z.string()), nextCursor: z.null() }), ...publicErrors() },
      },
    },
    async () => ({ data: [...dialplan.releases], nextCursor: null }),
  );
}
