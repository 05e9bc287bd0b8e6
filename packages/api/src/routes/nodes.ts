import type { NodeUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors } from '../openapi.js';
import { listOf } from '../schemas/fields.js';
import { nodeSchema, toNode } from '../schemas/node.js';

export function addNodeRoutes(api: ApiInstance, nodes: NodeUseCases): void {
  api.get(
    '/v1/nodes',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['nodes'],
        summary: 'The processes of this installation, by their names',
        operationId: 'listNodes',
        response: { 200: listOf(nodeSchema), ...errors() },
      },
    },
    async () => ({ data: (await nodes.list()).map(toNode), nextCursor: null }),
  );
}
