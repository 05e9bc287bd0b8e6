export type ChanWebSocketErrorCode =
  | 'command_too_long'
  | 'id_invalid'
  | 'direction_needs_json'
  | 'field_invalid'
  | 'partial_frame'
  | 'form_unsupported'
  | 'format_unknown'
  | 'refusal_invalid';

/** Thrown for mistakes of the calling code only. What arrives from the network is never a throw: it is a returned outcome. */
export class ChanWebSocketError extends Error {
  readonly code: ChanWebSocketErrorCode;

  constructor(code: ChanWebSocketErrorCode, message: string) {
    super(message);
    this.name = 'ChanWebSocketError';
    this.code = code;
  }
}
