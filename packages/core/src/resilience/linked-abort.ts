/**
 * An abort controller that follows `signal` until `unlink` is called, so that one request can be ended on its own and
 * leaves nothing on a signal that lives longer. (`AbortSignal.any` cannot be taken back.)
 */
export function linkedAbort(signal: AbortSignal): {
  readonly controller: AbortController;
  readonly unlink: () => void;
} {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return { controller, unlink: () => signal.removeEventListener('abort', follow) };
}
