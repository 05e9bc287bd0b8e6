import type { ErrorCode } from '@rapida/core';

/**
 * The number of each error in the answers that clients of `create-phone-call` know, as decimal text of an unsigned 64-bit
 * integer; in hundreds by what it is about. Stable: a new code takes the next free number, and none is used again.
 */
export const ERROR_NUMBERS: Readonly<Record<ErrorCode, string>> = {
  // The request.
  invalid_request: '1001001',
  body_too_large: '1001002',
  not_found: '1001003',
  // API keys.
  key_missing: '1001101',
  key_invalid: '1001102',
  key_scope: '1001103',
  key_not_found: '1001104',
  // Assistants.
  assistant_id_malformed: '1001201',
  assistant_not_found: '1001202',
  assistant_version_not_found: '1001203',
  assistant_invalid: '1001204',
  assistant_name_taken: '1001205',
  phrase_unknown_word: '1001206',
  // Phone deployments.
  deployment_invalid: '1001301',
  deployment_incomplete: '1001302',
  deployment_disabled: '1001303',
  transfer_not_allowed: '1001304',
  // Credentials.
  credential_not_found: '1001401',
  credential_invalid: '1001402',
  credential_name_taken: '1001403',
  credential_in_use: '1001404',
  credential_unreadable: '1001405',
  // Webhooks.
  webhook_not_found: '1001501',
  webhook_target_refused: '1001502',
  webhook_limit: '1001503',
  delivery_not_found: '1001504',
  // Signing in.
  session_missing: '1001601',
  session_over: '1001602',
  csrf_refused: '1001603',
  password_wrong: '1001604',
  password_unset: '1001605',
  password_unfit: '1001606',
  setup_token_invalid: '1001607',
  too_many_sign_ins: '1001608',
  // Placing calls.
  number_missing: '1002001',
  number_invalid: '1002002',
  caller_id_invalid: '1002003',
  bulk_invalid: '1002004',
  idempotency_conflict: '1002005',
  queue_full: '1002006',
  // What Asterisk says of a call that is placed.
  number_rejected: '1002101',
  trunk_unknown: '1002102',
  ari_unauthorized: '1002103',
  ari_unreachable: '1002104',
  ari_failed: '1002105',
  no_media: '1002106',
  // Calls.
  caller_missing: '1002201',
  call_not_found: '1002202',
  call_ended: '1002203',
  call_not_live: '1002204',
  recording_not_found: '1002205',
  event_type_missing: '1002206',
  too_many_streams: '1002207',
  node_gone: '1002208',
  // The media of a call.
  context_malformed: '1002301',
  context_unknown: '1002302',
  context_used: '1002303',
  context_expired: '1002304',
  context_mismatch: '1002305',
  media_start_missing: '1002306',
  media_format_unknown: '1002307',
  bad_handshake: '1002308',
  answer_timeout: '1002309',
  too_many_connections: '1002310',
  // Providers of speech and language.
  provider_unconfigured: '1003001',
  provider_auth: '1003002',
  provider_rejected: '1003003',
  provider_rate_limited: '1003004',
  provider_unavailable: '1003005',
  provider_timeout: '1003006',
  provider_protocol: '1003007',
  // Tools of assistants.
  tool_unknown: '1003101',
  tool_refused: '1003102',
  tool_failed: '1003103',
  tool_timeout: '1003104',
  // What is made of a call when it has ended.
  analysis_malformed: '1003201',
  analysis_overloaded: '1003202',
  analysis_abandoned: '1003203',
  // The server.
  internal: '1004001',
  store_failed: '1004002',
  at_capacity: '1004003',
  draining: '1004004',
  stopping: '1004005',
  setting_invalid: '1004006',
  port_in_use: '1004007',
};
