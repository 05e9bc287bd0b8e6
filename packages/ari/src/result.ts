export type AriFailureKind =
  /** 401: wrong user or password. */
  | 'unauthorized'
  /** 403: the user may only read. */
  | 'forbidden'
  /** 400, or an argument that could never be sent. */
  | 'invalid'
  | 'not_found'
  /** 409 or 412: an id in use, a module name without `.so`, a state that does not allow it. */
  | 'conflict'
  /** The channel runs the dialplan: it must enter Stasis before it can be controlled. */
  | 'not_in_stasis'
  | 'unprocessable'
  /** Asterisk could not make the channel: unknown technology, unknown endpoint, unparsable target, refused media connection. */
  | 'allocation_failed'
  /** Any other 5xx. */
  | 'server_error'
  | 'unreachable'
  | 'timeout'
  /** An answer that is not ARI: a redirect, no JSON, a missing field, too many bytes. */
  | 'protocol';

export interface AriFailure {
  readonly kind: AriFailureKind;
  /** Absent when no answer came. */
  readonly status?: number;
  /** For people: at most 300 characters, never the password. */
  readonly message: string;
  /** False: certainly nothing reached Asterisk. True: the request may have had its effect. */
  readonly sent: boolean;
}

/** What every request resolves to. Nothing in this package rejects. */
export type AriResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: AriFailure };
