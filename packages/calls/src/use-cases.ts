import type {
  ApiKeyRecord,
  AssistantConfig,
  AssistantRecord,
  AssistantVersion,
  CallContext,
  CallEvent,
  CallFilter,
  CallMetric,
  CallRecord,
  CallState,
  ContextId,
  CredentialProvider,
  DeliveryRecord,
  DeliveryState,
  EntityId,
  ErrorCode,
  Json,
  JsonObject,
  KeyScope,
  LiveEnd,
  LiveEvent,
  MediaTransport,
  NodeEntry,
  Page,
  PhoneDeployment,
  ProviderErrors,
  SpeakText,
  TranscriptTurn,
  TurnStage,
} from '@rapida/core';
import type { Waveform } from './waveform.js';

/**
 * What can be done with calls, assistants and keys, free of HTTP. Every failure is a `RapidaError`; everything belongs
 * to a project and is invisible to the others.
 */
export interface UseCases {
  readonly registerInbound: RegisterInbound;
  readonly media: MediaUseCases;
  readonly testCalls: TestCallUseCases;
  readonly calls: CallUseCases;
  readonly listening: ListeningUseCases;
  readonly live: LiveUseCases;
  readonly assistants: AssistantUseCases;
  readonly credentials: CredentialUseCases;
  readonly outbound: OutboundUseCases;
  readonly webhooks: WebhookUseCases;
  readonly keys: KeyUseCases;
  readonly signIn: SignInUseCases;
  readonly overview: OverviewUseCases;
  readonly health: HealthUseCases;
  readonly nodes: NodeUseCases;
}

export interface InboundRequest {
  readonly projectId: EntityId;
  readonly assistantId: string;
  readonly from: string;
  readonly to: string | null;
  readonly channelId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Phase 1. Fails with assistant_id_malformed, caller_missing, assistant_not_found, deployment_disabled, at_capacity, draining. */
export type RegisterInbound = (
  request: InboundRequest,
) => Promise<{ readonly contextId: ContextId; readonly callId: EntityId }>;

export type MediaClaim =
  | { readonly ok: true; readonly context: CallContext }
  | { readonly ok: false; readonly code: Extract<ErrorCode, `context_${string}`> };

/** Phase 2. */
export interface MediaUseCases {
  /** Claims a context for good; a refusal is logged with its reason and counted. Also checks the form of the id. */
  claim(contextId: string, transport: MediaTransport['kind'], remoteAddress: string): Promise<MediaClaim>;
  /** Runs the conversation over a leg whose context was claimed. Resolves when the call has ended and is recorded; never rejects. */
  attach(context: CallContext, transport: MediaTransport): Promise<void>;
  /** The claimed context's leg never came to be (no MEDIA_START, unknown format, mismatch): records the failure. Never rejects. */
  abandon(context: CallContext, code: ErrorCode, detail: string): Promise<void>;
  /** What the dialplan does next; `hangup` until a transfer was decided. Undefined: no such call, or ended over five minutes ago. */
  directive(contextId: string): Promise<string | undefined>;
  /**
   * What a dialplan or a PBX tells of a call beside its media: recorded as an event, and where it is known it moves a call
   * that has no media. Fails with context_unknown.
   */
  report(contextId: string, type: string, fields: JsonObject): Promise<void>;
}

export interface TestCallRequest {
  readonly projectId: EntityId;
  readonly assistantId: string;
  /** Undefined: the one that is live. */
  readonly version: number | undefined;
  /** What the assistant is told of the caller. */
  readonly from: string;
  readonly mode: 'microphone' | 'text';
}

/** Calls of people who try an assistant in a browser: as any other but for their transport. */
export interface TestCallUseCases {
  /** As `registerInbound`, also where no telephone reaches the assistant; fails with assistant_version_not_found as well. */
  register(request: TestCallRequest): Promise<{ readonly contextId: ContextId; readonly callId: EntityId }>;
  /**
   * For a caller who types: another voice than most assistants have, of this host and in English; for other languages the
   * assistant's own. Fails as opening engines does.
   */
  voice(context: CallContext): Promise<SpeakText>;
}

export interface CallUseCases {
  list(projectId: EntityId, filter: CallFilter, limit: number, cursor: string | null): Promise<Page<CallRecord>>;
  /** All of these fail with call_not_found. */
  get(projectId: EntityId, id: EntityId): Promise<CallRecord>;
  events(projectId: EntityId, id: EntityId): Promise<readonly CallEvent[]>;
  transcript(projectId: EntityId, id: EntityId): Promise<readonly TranscriptTurn[]>;
  metrics(projectId: EntityId, id: EntityId): Promise<readonly CallMetric[]>;
  /** Absolute path of a WAV, readable while the call runs; fails with recording_not_found where there is none. */
  recordingPath(projectId: EntityId, id: EntityId): Promise<string>;
  /** Of the recording, so far as it was written; fails with recording_not_found. */
  waveform(projectId: EntityId, id: EntityId, points: number): Promise<Waveform>;
  /**
   * Ends a live call by the system after what is being said, hangs up one that is being dialled, and takes one that waits
   * out of the queue (both `cancelled`); fails with call_ended, call_not_live, or node_gone where another node held it and has died.
   */
  hangup(projectId: EntityId, id: EntityId): Promise<void>;
  say(projectId: EntityId, id: EntityId, text: string): Promise<void>;
  /**
   * Hands a live call to `context,exten,priority` after what is being said; what becomes of it is told by events. Fails with
   * transfer_not_allowed where the target is not on the list of the deployment, else as `say`.
   */
  transfer(projectId: EntityId, id: EntityId, target: string): Promise<void>;
}

export interface FollowRequest {
  readonly projectId: EntityId;
  /** Streams are counted by key. */
  readonly keyId: EntityId;
  /** The stored events of this call come first, and with its last event the stream ends. */
  readonly callId?: EntityId | undefined;
  readonly assistantId?: EntityId | undefined;
  /** Of a call: not again those up to this one. */
  readonly afterSeq?: number | undefined;
}

/** Why nothing more comes. */
export type FollowOver = LiveEnd | 'call_ended';

export interface LiveStream {
  /** The call has ended, and everything was given before. */
  readonly isSpent: boolean;
  /** One reader at a time. After the end always the same. Never rejects. */
  next(): Promise<LiveEvent | FollowOver>;
  /** Has to be called, also after the end. Idempotent. */
  close(): void;
}

export interface LiveUseCases {
  /** What happens in calls, as it happens. Fails with call_not_found or too_many_streams. */
  follow(request: FollowRequest): Promise<LiveStream>;
}

/** The sound of one call: PCM16 of 16 kHz, stereo, the caller left; 100 ms in each piece. */
export interface SoundStream {
  /** The next piece, or why there is none any more; then always that. One reader at a time. Never rejects. */
  next(): Promise<Uint8Array | SoundOver>;
  /** Has to be called, also after the end. Idempotent. */
  close(): void;
}

export type SoundOver = 'call_ended' | 'node_gone' | LiveEnd;

export interface ListeningUseCases {
  /** Wherever the call is held. Fails with call_not_found, call_ended, call_not_live or node_gone. */
  listen(projectId: EntityId, callId: EntityId): Promise<SoundStream>;
}

export interface AssistantUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantRecord>>;
  get(projectId: EntityId, id: EntityId): Promise<AssistantRecord>;
  /** `config` was parsed by the schema; what only the engines know is checked here: assistant_invalid names the field. */
  create(projectId: EntityId, config: AssistantConfig): Promise<AssistantRecord>;
  /** As the next version, which is live at once. */
  saveConfig(projectId: EntityId, id: EntityId, config: AssistantConfig): Promise<AssistantRecord>;
  /** What was saved, newest first. */
  versions(projectId: EntityId, id: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantVersion>>;
  /** The assistant as it is with that version. Fails with assistant_version_not_found, as `publish` does. */
  version(projectId: EntityId, id: EntityId, version: number): Promise<AssistantRecord>;
  /** As the next version; the one that is live stays so. */
  addVersion(projectId: EntityId, id: EntityId, config: AssistantConfig): Promise<AssistantVersion>;
  /** Makes a version live. It is checked again: what is not live keeps no credential from being removed. */
  publish(projectId: EntityId, id: EntityId, version: number): Promise<AssistantRecord>;
  saveDeployment(projectId: EntityId, id: EntityId, deployment: PhoneDeployment): Promise<AssistantRecord>;
  remove(projectId: EntityId, id: EntityId): Promise<void>;
}

export interface KeyUseCases {
  /** The key's record when it is known and may do one of `scopes` (`admin` may do everything); else key_invalid or key_scope. */
  authenticate(key: string, scopes: readonly KeyScope[]): Promise<ApiKeyRecord>;
  /** The only time the key itself is seen: `rpd-` and 43 random characters. */
  create(
    projectId: EntityId,
    name: string,
    scopes: readonly KeyScope[],
  ): Promise<{ readonly record: ApiKeyRecord; readonly key: string }>;
  list(projectId: EntityId): Promise<readonly ApiKeyRecord[]>;
  revoke(projectId: EntityId, id: EntityId): Promise<void>;
}

/** Who is signed in with a browser. */
export interface Session {
  readonly kind: 'key' | 'password';
  /** The key's, or `admin`. */
  readonly name: string;
  /** Null: the password, which may do everything in its project. */
  readonly keyId: EntityId | null;
  readonly projectId: EntityId;
  readonly scopes: readonly KeyScope[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface OpenedSession {
  /** The secret that the browser keeps: 43 characters of base64url. */
  readonly id: string;
  readonly session: Session;
}

export interface SetUpOffer {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface PasswordChange {
  readonly projectId: EntityId;
  /** The key that does it; null: the password itself, which then has to be given once more. */
  readonly keyId: EntityId | null;
  readonly password: string;
  readonly current: string | undefined;
  /** This one of the password goes on. */
  readonly sessionId: string | undefined;
  readonly address: string;
}

/**
 * Browsers sign in with a key or with the one password of an installation, and are known by a session from then on. `address`
 * is whose failures are counted: too_many_sign_ins.
 */
export interface SignInUseCases {
  state(): Promise<{ readonly password: 'set' | 'unset'; readonly setup: 'open' | 'closed' }>;
  /** Fails with key_invalid. The session may do what its key may, and ends with it. */
  withKey(key: string, address: string): Promise<OpenedSession>;
  /** Fails with password_unset or password_wrong. */
  withPassword(password: string, address: string): Promise<OpenedSession>;
  /** Sets the password, ends the sessions of the one before, and signs in. Fails with password_unfit or setup_token_invalid. */
  setUp(token: string, password: string, address: string): Promise<OpenedSession>;
  /** Fails with session_over, or key_scope. */
  authenticate(id: string, scopes: readonly KeyScope[]): Promise<Session>;
  /** Fails with session_over. */
  get(id: string): Promise<Session>;
  /** Idempotent. */
  end(id: string): Promise<void>;
  /** Fails with password_unfit, password_wrong, or key_scope in a project without a password. */
  changePassword(change: PasswordChange): Promise<void>;
  /** In place of the token that there was; the password stays until it is used. */
  newSetUp(projectId: EntityId): Promise<SetUpOffer>;
  /** For the start of a server: undefined where there is a password, or a token that another start has made. */
  offerSetUp(): Promise<SetUpOffer | undefined>;
}

export interface OverviewRequest {
  readonly projectId: EntityId;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly bucketMs: number;
}

/** Half of them were quicker; of twenty one was slower. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface Figures {
  readonly calls: number;
  readonly outcomes: Readonly<Partial<Record<CallState, number>>>;
  /** What follows is about so many of them: the newest ones of each bucket. */
  readonly detailed: number;
  /** Of every stage that was measured; how many turns. */
  readonly stages: Readonly<Partial<Record<TurnStage, Percentiles & { readonly turns: number }>>>;
  readonly interruptions: number;
  readonly providerErrors: number;
}

export interface Overview {
  /** In the order of time, the last one up to the end that was asked for. */
  readonly buckets: readonly (Figures & { readonly atMs: number })[];
  readonly totals: Figures;
  readonly providers: readonly ProviderErrors[];
  readonly now: {
    /** That have media, at all nodes. */
    readonly calls: number;
    /** 0: none. */
    readonly limit: number;
    readonly nodes: number;
  };
}

export interface OverviewUseCases {
  /** Of the calls that were made in that time. Fails with invalid_request where that are too many buckets, or none. */
  overview(request: OverviewRequest): Promise<Overview>;
}

export interface NodeUseCases {
  /** In the order of their names. */
  list(): Promise<readonly NodeEntry[]>;
}

export interface HealthUseCases {
  /** Why this process should get no new calls, or undefined when it should. */
  notReady(): string | undefined;
  readonly liveCalls: number;
}

/** A credential without its value: that never leaves the server. */
export interface CredentialSummary {
  readonly id: EntityId;
  readonly name: string;
  readonly provider: CredentialProvider;
  /** Names of the fields that are set. */
  readonly fields: readonly string[];
  readonly callsPerSecond: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lastUsedAtMs: number | null;
}

export interface CredentialInput {
  readonly name: string;
  readonly provider: CredentialProvider;
  /** As sent: checked against the schema of its provider; credential_invalid names the field, never the value. */
  readonly value: unknown;
  readonly callsPerSecond?: number | undefined;
}

/** What asking the other side showed. A failure is a result, not an error. */
export interface CredentialCheck {
  readonly ok: boolean;
  readonly code: ErrorCode | null;
  /** For people: the version of Asterisk, or what to change. */
  readonly message: string;
}

/** All fail with credential_not_found where there is none of this id in the project. */
/** What one vendor, or an Asterisk, says of a key. */
export interface ProviderHealth extends CredentialCheck {
  readonly provider: CredentialProvider;
  /** Null: the server's own key. */
  readonly credentialId: EntityId | null;
  readonly name: string | null;
  readonly checkedAtMs: number;
}

export interface CredentialUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<CredentialSummary>>;
  get(projectId: EntityId, id: EntityId): Promise<CredentialSummary>;
  /** Fails with credential_invalid or credential_name_taken. */
  create(projectId: EntityId, input: CredentialInput): Promise<CredentialSummary>;
  /** Replaces it; without `value` the old one stays. The provider cannot change (credential_invalid). */
  save(
    projectId: EntityId,
    id: EntityId,
    input: Omit<CredentialInput, 'value'> & { readonly value?: unknown },
  ): Promise<CredentialSummary>;
  /** Fails with credential_in_use, naming the assistants. */
  remove(projectId: EntityId, id: EntityId): Promise<void>;
  /** Bounded in time. */
  check(projectId: EntityId, id: EntityId): Promise<CredentialCheck>;
  /** Of everything the project's assistants could name; each is asked once a minute at most. */
  health(projectId: EntityId): Promise<readonly ProviderHealth[]>;
  /** Seals everything that was sealed with an older key with the first one; all projects. Safe to run twice and at once. */
  reencrypt(): Promise<{ readonly reencrypted: number; readonly current: number; readonly unreadable: number }>;
}

export interface PhoneCallOrder {
  readonly assistantId: string;
  /** `latest` or empty: the one that is live when the call is placed, and stays so for it; or the number of a version. */
  readonly version: string;
  readonly toNumber: string;
  /** Empty: the deployment's `phone`. */
  readonly fromNumber: string;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly args: Readonly<Record<string, Json>>;
  /** notBefore (ISO 8601), ringSeconds, attempts, retryAfterSeconds, retryOn, overrides; others are ignored and named in the answer. */
  readonly options: Readonly<Record<string, Json>>;
}

export interface PlacedCall {
  readonly id: EntityId;
  readonly contextId: ContextId;
  readonly state: CallRecord['state'];
  /** Names of options that mean nothing here; absent where there are none. */
  readonly ignoredOptions?: readonly string[];
}

export interface OutboundUseCases {
  /**
   * Checks all, then queues all or none; what is returned is stored. An error of one of several names it
   * (`phoneCalls[3]: ...`). With a key a repeat returns the first answer; the same key with another request fails with
   * idempotency_conflict. Fails with assistant_id_malformed, assistant_not_found, assistant_version_not_found,
   * deployment_disabled, deployment_incomplete, credential_unreadable, number_missing, number_invalid, caller_id_invalid,
   * invalid_request, bulk_invalid, queue_full, draining.
   */
  place(
    projectId: EntityId,
    orders: readonly PhoneCallOrder[],
    idempotencyKey: string | undefined,
  ): Promise<readonly PlacedCall[]>;
}

export interface WebhookSummary {
  readonly id: EntityId;
  readonly assistantId: EntityId | null;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface WebhookInput {
  readonly url: string;
  /** Null: of all assistants. */
  readonly assistantId: EntityId | null;
  /** Empty: all. Others than CALL_EVENTS are refused with invalid_request. */
  readonly events: readonly string[];
  readonly enabled: boolean;
}

/** All that name one fail with webhook_not_found or delivery_not_found. */
export interface WebhookUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<WebhookSummary>>;
  get(projectId: EntityId, id: EntityId): Promise<WebhookSummary>;
  /**
   * `secret` is the only time it is seen: `whsec_` and base64, as Standard Webhooks has it. Fails with
   * webhook_target_refused, assistant_not_found, webhook_limit.
   */
  create(
    projectId: EntityId,
    input: WebhookInput,
  ): Promise<{ readonly webhook: WebhookSummary; readonly secret: string }>;
  save(projectId: EntityId, id: EntityId, input: WebhookInput): Promise<WebhookSummary>;
  /** A new secret; deliveries from now on are signed with it. */
  rotateSecret(projectId: EntityId, id: EntityId): Promise<{ readonly secret: string }>;
  remove(projectId: EntityId, id: EntityId): Promise<void>;
  /** Queues an event of type `test`, and returns the id of its delivery. */
  test(projectId: EntityId, id: EntityId): Promise<{ readonly deliveryId: EntityId }>;
  deliveries(
    projectId: EntityId,
    filter: { readonly webhookId?: EntityId; readonly callId?: EntityId; readonly state?: DeliveryState },
    limit: number,
    cursor: string | null,
  ): Promise<Page<DeliveryRecord>>;
  resend(projectId: EntityId, deliveryId: EntityId): Promise<void>;
}
