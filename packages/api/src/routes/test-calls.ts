import type { TestCallUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors } from '../openapi.js';
import { idParams } from '../schemas/fields.js';
import { newTestCallSchema, testCallSchema } from '../schemas/test-call.js';

/** Trying an assistant in a browser begins here; its sound goes over the WebSocket that is named (`browser/test-call.ts`). */
export function addTestCallRoute(api: ApiInstance, testCalls: TestCallUseCases): void {
  api.post(
    '/v1/assistants/:id/test-calls',
    {
      config: { access: ['calls'] },
      schema: {
        tags: ['assistants'],
        summary: 'Registers a call from a browser',
        description:
          'Then open the WebSocket at `path`: PCM16 mono 16 kHz in binary messages both ways, and JSON in text messages. ' +
          'From the server `started`, `event` (as in the stream of live events), `typed` and `ended`; to the server ' +
          '`say` (mode `text`), `dtmf` and `hangup`.',
        operationId: 'createTestCall',
        params: idParams,
        body: newTestCallSchema,
        response: {
          201: testCallSchema,
          ...errors('assistant_not_found', 'assistant_version_not_found', 'at_capacity', 'draining'),
        },
      },
    },
    async ({ projectId, params, body }, reply) => {
      const { mode, version, from } = body;
      const registered = await testCalls.register({ projectId, assistantId: params.id, version, from, mode });
      const path = `v1/test-calls/${registered.contextId}?mode=${mode}`;
      return reply.code(201).send({ ...registered, path });
    },
  );
}
