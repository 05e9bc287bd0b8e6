/** Path of the media WebSocket; the context id follows as a segment, or in the query. */
export const CONTEXT_PATH = '/v1/talk/asterisk/ctx';

/** Longer request targets are not looked into. */
const TARGET_CHARS_MAX = 2048;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type ContextIdOutcome =
  | { readonly ok: true; readonly contextId: string }
  | { readonly ok: false; readonly code: 'path_unknown' | 'context_id_missing' | 'context_id_invalid' };

/**
 * Reads the context id from a request target (path and query, as in `request.url`). What `v(contextId=...)` of the dial string adds to
 * the query wins over the path, which is the same for every call of a section. Any UUID version, either case in, lower case out.
 */
export function contextIdFrom(target: string): ContextIdOutcome {
  if (target.length > TARGET_CHARS_MAX) return { ok: false, code: 'path_unknown' };
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (path !== CONTEXT_PATH && !path.startsWith(`${CONTEXT_PATH}/`)) return { ok: false, code: 'path_unknown' };
  const inQuery =
    mark < 0 ? [] : new URLSearchParams(target.slice(mark + 1)).getAll('contextId').filter((id) => id !== '');
  // Two different ids are a section's shared parameters gone wrong: joining either call would be a guess.
  if (new Set(inQuery).size > 1) return { ok: false, code: 'context_id_invalid' };
  const given = (inQuery[0] ?? path.slice(CONTEXT_PATH.length + 1)).toLowerCase();
  if (given === '') return { ok: false, code: 'context_id_missing' };
  return UUID.test(given) ? { ok: true, contextId: given } : { ok: false, code: 'context_id_invalid' };
}
