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
        response: {
          200: textResponse('`hangup`, `continue` or `goto:<context>,<exten>,<priority>`'),
          ...publicErrors('context_unknown'),
        },
      },
    },
    async (request, reply) => {
      const directive = await inTime(clock, answerMsMax, media.directive(request.params.contextId));
      if (directive === undefined) throw new RapidaError('context_unknown');
      reply.type('text/plain; charset=utf-8');
      return directive;
    },
  );
}
