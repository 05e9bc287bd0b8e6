import type { MediaUseCases } from '@rapida/calls';
import { type Clock, RapidaError } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { inTime } from '../in-time.js';
import { publicErrors, textResponse } from '../openapi.js';

/** What a dialplan does after the media. The context id is the secret, as it is for the media itself. */
export function addNextRoute(
  api: ApiInstance,
  { media, clock, answerMsMax }: { media: MediaUseCases; clock: Clock; answerMsMax: number },
): void {
  api.get(
    '/v1/talk/asterisk/ctx/:contextId/next',
    {
      config: { access: 'public' },
      schema: {
        tags: ['asterisk'],
        summary: 'What the dialplan does after the media; until five minutes after the end of the call',
        operationId: 'nextDirective',
        params: z.object({ contextId: z.string() }),
        querystring: z.object({
          can: z
            .string()
            .optional()
            .describe(
              '`resume`, of a dialplan that can take a call up again: it may be told `resume` or `begin` as well',
            ),
        }),
        response: {
          200: textResponse(
            '`hangup`, `continue` or `goto:<context>,<exten>,<priority>`; `resume`: nobody has ended the call; `begin`: there is no call of this id to go on with',
          ),
          ...publicErrors('context_unknown'),
        },
      },
    },
    async (request, reply) => {
      if (request.query.can === 'resume') {
        const step = await inTime(clock, answerMsMax, media.nextStep(request.params.contextId));
        reply.type('text/plain; charset=utf-8');
        return step;
      }
      const directive = await inTime(clock, answerMsMax, media.directive(request.params.contextId));
      if (directive === undefined) throw new RapidaError('context_unknown');
      reply.type('text/plain; charset=utf-8');
      return directive;
    },
  );
}
