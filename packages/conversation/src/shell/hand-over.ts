import type { ConversationOptions, HandOver } from '../conversation.js';

/** Asks the owner of the call to hand the caller over; `tell` hears the answer, unless it is aborted before. */
export function handOver(
  { handOver: ask, logger }: ConversationOptions,
  target: string,
  tell: (result: HandOver) => void,
): AbortController {
  const abort = new AbortController();
  const answer = (result: HandOver): void => {
    if (!abort.signal.aborted) tell(result);
  };
  ask(target, abort.signal).then(answer, (error: unknown) => {
    logger.error({ err: error }, 'a caller could not be handed over');
    answer({ ok: false, reason: 'asterisk_unreachable' });
  });
  return abort;
}
