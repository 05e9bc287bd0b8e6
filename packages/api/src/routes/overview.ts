import type { OverviewUseCases } from '@rapida/calls';
import type { Clock } from '@rapida/core';
import type { ApiInstance } from '../api-instance.js';
import { errors } from '../openapi.js';
import { overviewQuery, overviewSchema, toOverview, toOverviewRequest } from '../schemas/overview.js';

export function addOverviewRoute(api: ApiInstance, overview: OverviewUseCases, clock: Pick<Clock, 'wallMs'>): void {
  api.get(
    '/v1/overview',
    {
      config: { access: ['calls'] },
      schema: {
        tags: ['calls'],
        summary:
          'How calls went: outcomes, response times, interruptions and failures over time, and how many there are now',
        description:
          'By the moment in which calls were made: the calls behind a figure are those of `/v1/calls` with the same `since` and `until`, ' +
          'and `state`, `interrupted=true`, `event=provider.failed` or `slowerThanMs`. Figures may be ten seconds old.',
        operationId: 'getOverview',
        querystring: overviewQuery,
        response: { 200: overviewSchema, ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const request = toOverviewRequest(query, clock.wallMs());
      return toOverview(await overview.overview({ projectId, ...request }), query, request);
    },
  );
}
