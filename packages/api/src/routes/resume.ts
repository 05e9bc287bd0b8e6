import type { MediaUseCases } from '@rapida/calls';
import type { Clock } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { inTime } from '../in-time.js';
import { publicErrors, textResponse } from '../openapi.js';

/** For dialplans without a key: the context id is the secret, as it is for the media itself. */
export function addResumeRoute(
  api: ApiInstance,
  { media, clock, answerMsMax }: { media: Pick<MediaUseCases, 'resume'>; clock: Clock; answerMsMax: number },
): void {
  api.get(
    '/v1/talk/asterisk/ctx/:contextId/resume',
    {
      config: { access: 'public' },
      schema: {
        tags: ['asterisk'],
        summary: 'Takes up a call whose media was lost: it can connect once more, here or at any other node',
        operationId: 'resumeCall',
        params: z.object({ contextId: z.string() }),
        response: {
          200: textResponse('The context id, which can be used once more'),
          ...publicErrors('context_unknown', 'call_ended', 'resume_limit', 'at_capacity', 'draining'),
        },
      },
    },
    async (request, reply) => {
      const contextId = await inTime(clock, answerMsMax, media.resume(request.params.contextId));
      reply.type('text/plain; charset=utf-8');
      return contextId;
    },
  );
}
