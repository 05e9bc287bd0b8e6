/**
 * Every error the product can raise or answer with, in one place. `docs/errors.md` is generated from this table and a
 * test compares both ways. Codes are stable: dialplans, dashboards and SDKs match on them.
 */
export type Fault = 'client' | 'operator' | 'provider' | 'network' | 'us';

interface ErrorKind {
  readonly fault: Fault;
  readonly retryable: boolean;
  /** What it means and what to change, for the person who reads it. */
  readonly text: string;
}

export const ERRORS = {
  invalid_request: {
    fault: 'client',
    retryable: false,
    text: 'The request is malformed; the message names the field.',
  },
  body_too_large: { fault: 'client', retryable: false, text: 'The request body exceeds the limit.' },
  not_found: { fault: 'client', retryable: false, text: 'Nothing is served under this address.' },
  assistant_id_malformed: {
    fault: 'client',
    retryable: false,
    text: 'The assistant id is not an unsigned 64-bit decimal number.',
  },
  caller_missing: { fault: 'client', retryable: false, text: 'The webhook needs `from` (or `caller`, or `callerid`).' },
  key_missing: {
    fault: 'client',
    retryable: false,
    text: 'Send an API key in the header `x-api-key` or the query `x-api-key`.',
  },
  key_invalid: { fault: 'client', retryable: false, text: 'This API key is not known, or was revoked.' },
  key_scope: {
    fault: 'client',
    retryable: false,
    text: 'This API key may not do this; the message names the scope it lacks.',
  },
  session_missing: { fault: 'client', retryable: false, text: 'Nobody is signed in with this browser.' },
  session_over: {
    fault: 'client',
    retryable: false,
    text: 'This session has ended: sign in again.',
  },
  csrf_refused: {
    fault: 'client',
    retryable: false,
    text: 'With a session, what changes something needs the header `x-rapida-csrf` and comes from a page of this server.',
  },
  password_wrong: { fault: 'client', retryable: false, text: 'This is not the password.' },
  password_unset: {
    fault: 'client',
    retryable: false,
    text: 'No password was set yet: use the set-up link that `rapida password link` prints, or an API key.',
  },
  password_unfit: { fault: 'client', retryable: false, text: 'The password must have 10 to 200 characters.' },
  setup_token_invalid: {
    fault: 'client',
    retryable: false,
    text: 'This set-up link was used, replaced, or is too old: `rapida password link` prints a new one.',
  },
  too_many_sign_ins: {
    fault: 'client',
    retryable: true,
    text: 'Too many failed attempts to sign in: wait ten minutes.',
  },
  assistant_not_found: {
    fault: 'client',
    retryable: false,
    text: 'No assistant with this id in the project of this key.',
  },
  assistant_invalid: {
    fault: 'client',
    retryable: false,
    text: 'The assistant configuration is not valid; the message names the field.',
  },
  assistant_name_taken: { fault: 'client', retryable: false, text: 'Another assistant of this project has this name.' },
  call_not_found: { fault: 'client', retryable: false, text: 'No call with this id in the project of this key.' },
  call_ended: { fault: 'client', retryable: false, text: 'The call has already ended.' },
  call_not_live: { fault: 'client', retryable: false, text: 'The call has no media at this moment.' },
  node_gone: {
    fault: 'us',
    retryable: true,
    text: 'The node that holds the call does not answer: it has died or was cut off. Its calls are closed within 15 s.',
  },
  recording_not_found: {
    fault: 'client',
    retryable: false,
    text: 'The call has no recording: recording is off by default.',
  },
  key_not_found: { fault: 'client', retryable: false, text: 'No API key with this id in this project.' },
  credential_not_found: { fault: 'client', retryable: false, text: 'No credential with this id in this project.' },
  credential_invalid: {
    fault: 'client',
    retryable: false,
    text: 'The credential is not valid; the message names the field.',
  },
  credential_name_taken: {
    fault: 'client',
    retryable: false,
    text: 'Another credential of this project has this name.',
  },
  credential_in_use: {
    fault: 'client',
    retryable: false,
    text: 'The credential is in use; the message names the assistants. Give them another one first.',
  },
  credential_unreadable: {
    fault: 'operator',
    retryable: false,
    text: 'The credential was sealed with a key that VAULT__KEY does not hold: add that key, or save the credential anew.',
  },
  webhook_not_found: { fault: 'client', retryable: false, text: 'No webhook with this id in this project.' },
  webhook_target_refused: {
    fault: 'client',
    retryable: false,
    text: 'Webhooks go to http(s) addresses of the public internet; WEBHOOKS__ALLOW_PRIVATE=true permits others.',
  },
  webhook_limit: { fault: 'client', retryable: false, text: 'The project has as many webhooks as it may have.' },
  delivery_not_found: { fault: 'client', retryable: false, text: 'No delivery with this id in this project.' },
  event_type_missing: { fault: 'client', retryable: false, text: 'The event needs a name in `type` (or `event`).' },
  deployment_invalid: {
    fault: 'client',
    retryable: false,
    text: 'The phone deployment is not valid; the message names the field.',
  },
  deployment_incomplete: {
    fault: 'operator',
    retryable: false,
    text: 'The phone deployment cannot place calls; the message says what it lacks.',
  },
  number_missing: { fault: 'client', retryable: false, text: 'The number to call is missing: toNumber.' },
  number_invalid: {
    fault: 'client',
    retryable: false,
    text: 'The number to call is not one: digits, * and #, with a + in front where it is international; up to 32.',
  },
  caller_id_invalid: {
    fault: 'client',
    retryable: false,
    text: 'fromNumber is not a number (digits, + * #), nor Name <number>.',
  },
  assistant_version_not_found: {
    fault: 'client',
    retryable: false,
    text: 'The assistant has no such version; "latest" is the one that is live.',
  },
  bulk_invalid: {
    fault: 'client',
    retryable: false,
    text: 'phoneCalls must hold 1 to 1000 calls.',
  },
  idempotency_conflict: {
    fault: 'client',
    retryable: false,
    text: 'This Idempotency-Key was used with another request.',
  },
  too_many_streams: {
    fault: 'client',
    retryable: true,
    text: 'Too many streams of live events are open, in all or with this key.',
  },
  queue_full: {
    fault: 'operator',
    retryable: true,
    text: 'The project has as many calls waiting as LIMITS__OUTBOUND_QUEUE allows.',
  },
  number_rejected: { fault: 'operator', retryable: false, text: 'Asterisk or the trunk does not take this number.' },
  trunk_unknown: { fault: 'operator', retryable: false, text: 'Asterisk knows no endpoint of this name: check trunk.' },
  ari_unauthorized: {
    fault: 'operator',
    retryable: false,
    text: 'Asterisk refused the ARI user or password, or the user is read-only: compare with ari.conf.',
  },
  ari_unreachable: {
    fault: 'network',
    retryable: true,
    text: 'ARI did not answer: check ari_url, http.conf and ari.conf, and that Asterisk runs.',
  },
  ari_failed: { fault: 'operator', retryable: false, text: 'Asterisk refused a request; the message has its words.' },
  no_media: {
    fault: 'operator',
    retryable: false,
    text: 'The call was answered, but Asterisk did not connect its sound within 10 s: check the context, or the media of the deployment.',
  },
  deployment_disabled: {
    fault: 'operator',
    retryable: false,
    text: 'The assistant has its phone deployment disabled.',
  },
  transfer_not_allowed: {
    fault: 'operator',
    retryable: false,
    text: "The target is not on the deployment's list of transfer targets.",
  },
  at_capacity: {
    fault: 'operator',
    retryable: true,
    text: 'The server holds as many calls as LIMITS__MAX_CALLS allows.',
  },
  draining: { fault: 'operator', retryable: true, text: 'The server is shutting down and takes no new calls.' },
  context_malformed: { fault: 'client', retryable: false, text: 'The context id is not a UUID.' },
  context_unknown: { fault: 'client', retryable: false, text: 'No call was registered under this context id.' },
  context_used: {
    fault: 'client',
    retryable: false,
    text: 'This context id has already been claimed by a media connection.',
  },
  context_expired: {
    fault: 'client',
    retryable: false,
    text: 'This context id was not claimed within CONTEXT__TTL_SECONDS.',
  },
  context_mismatch: {
    fault: 'client',
    retryable: false,
    text: 'MEDIA_START names another context id than the address: give v() on every Dial.',
  },
  media_start_missing: {
    fault: 'client',
    retryable: false,
    text: 'The media connection did not say MEDIA_START in time.',
  },
  media_format_unknown: {
    fault: 'client',
    retryable: false,
    text: 'MEDIA_START names a format that is not spoken here; dial with c(ulaw), c(slin) or c(slin16).',
  },
  bad_handshake: {
    fault: 'client',
    retryable: false,
    text: 'This is not a WebSocket handshake as Asterisk makes it.',
  },
  answer_timeout: { fault: 'us', retryable: true, text: 'The media connection could not be answered in time.' },
  stopping: { fault: 'us', retryable: true, text: 'The server is shutting down.' },
  too_many_connections: {
    fault: 'client',
    retryable: true,
    text: 'Too many media connections, in all or from this address.',
  },
  setting_invalid: {
    fault: 'operator',
    retryable: false,
    text: 'A setting is malformed or unknown; the message names it and what is accepted.',
  },
  port_in_use: { fault: 'operator', retryable: false, text: 'A port is in use; the message names the setting.' },
  provider_unconfigured: {
    fault: 'operator',
    retryable: false,
    text: 'The assistant names a provider for which no key or address is set.',
  },
  provider_auth: { fault: 'operator', retryable: false, text: 'The provider refused the key.' },
  provider_rejected: {
    fault: 'operator',
    retryable: false,
    text: 'The provider refused the request as malformed; check model and voice.',
  },
  provider_rate_limited: { fault: 'provider', retryable: true, text: 'The provider is limiting the rate of requests.' },
  provider_unavailable: {
    fault: 'provider',
    retryable: true,
    text: 'The provider could not be reached or answered with a server error.',
  },
  provider_timeout: { fault: 'provider', retryable: true, text: 'The provider did not answer in time.' },
  provider_protocol: {
    fault: 'provider',
    retryable: false,
    text: 'The provider answered with something that is not its protocol.',
  },
  tool_unknown: { fault: 'provider', retryable: false, text: 'The model called a tool that there is not.' },
  tool_refused: {
    fault: 'provider',
    retryable: false,
    text: 'The model called a tool in a way that is not allowed: too often, with other arguments, or to where the operator permits nothing.',
  },
  tool_failed: {
    fault: 'network',
    retryable: false,
    text: 'What a tool asked answered with a failure, or not at all.',
  },
  tool_timeout: { fault: 'network', retryable: true, text: 'A tool took longer than its `timeoutMs`.' },
  analysis_malformed: {
    fault: 'provider',
    retryable: false,
    text: 'What the model made of the call was not what it was asked for, nor was it when asked again.',
  },
  analysis_overloaded: {
    fault: 'us',
    retryable: false,
    text: 'Too many calls that had ended were waiting to be analysed.',
  },
  analysis_abandoned: {
    fault: 'us',
    retryable: false,
    text: 'The server stopped each time the call was being analysed, and it is not tried again.',
  },
  phrase_unknown_word: {
    fault: 'operator',
    retryable: false,
    text: 'A phrase uses a word that the local recogniser does not know.',
  },
  store_failed: { fault: 'us', retryable: true, text: 'The store could not be read or written.' },
  internal: {
    fault: 'us',
    retryable: false,
    text: 'Something went wrong here; the log has the details under this request id.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export class RapidaError extends Error {
  override readonly name = 'RapidaError';
  readonly code: ErrorCode;

  /** `message` is shown to people and must never hold a secret; `cause` is for the log only. */
  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown }) {
    super(message ?? ERRORS[code].text, options);
    this.code = code;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  get fault(): Fault {
    return ERRORS[this.code].fault;
  }

  /** The single funnel for things caught: ours stay as they are, everything else becomes `internal` with the cause kept. */
  static from(thrown: unknown): RapidaError {
    if (thrown instanceof RapidaError) return thrown;
    return new RapidaError('internal', undefined, { cause: thrown });
  }
}
