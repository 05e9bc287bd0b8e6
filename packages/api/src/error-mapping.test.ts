import { ERRORS, type ErrorCode, RapidaError } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { errorBody, HTTP_STATUS, toRapidaError } from './error-mapping.js';

const CODES = Object.keys(ERRORS) as ErrorCode[];

describe('the border between our errors and HTTP', () => {
  it('gives every code of the catalogue an error status, and knows no other', () => {
    expect(Object.keys(HTTP_STATUS).sort()).toEqual([...CODES].sort());
    for (const status of Object.values(HTTP_STATUS)) expect(status).toSatisfy((s) => s >= 400 && s <= 599);
  });

  it('blames a client with 4xx and never ourselves', () => {
    for (const code of CODES) {
      const { fault } = ERRORS[code];
      if (fault === 'us') expect(HTTP_STATUS[code], code).toBeGreaterThanOrEqual(500);
      if (fault === 'client' && code !== 'too_many_connections') expect(HTTP_STATUS[code], code).toBeLessThan(500);
    }
  });

  it.each([
    ['caller_missing', 400],
    ['assistant_id_malformed', 400],
    ['key_missing', 401],
    ['key_invalid', 401],
    ['key_scope', 403],
    ['assistant_not_found', 404],
    ['deployment_disabled', 409],
    ['at_capacity', 503],
    ['draining', 503],
    ['context_unknown', 404],
    ['context_used', 404],
    ['context_expired', 404],
    ['credential_not_found', 404],
    ['credential_in_use', 409],
    ['credential_unreadable', 409],
    ['webhook_not_found', 404],
    ['webhook_target_refused', 400],
    ['webhook_limit', 409],
    ['delivery_not_found', 404],
    ['event_type_missing', 400],
    ['transfer_not_allowed', 409],
    ['deployment_incomplete', 409],
    ['number_missing', 400],
    ['caller_id_invalid', 400],
    ['assistant_version_not_found', 404],
    ['idempotency_conflict', 409],
    ['queue_full', 503],
    ['ari_unauthorized', 502],
    ['ari_unreachable', 503],
    ['no_media', 504],
  ] as const)('answers %s with %i', (code, status) => {
    expect(HTTP_STATUS[code]).toBe(status);
  });

  it('says of an internal error nothing but where to look', () => {
    const body = errorBody(new RapidaError('internal', 'password is hunter2'), 'request-9');
    expect(body.code).toBe('internal');
    expect(body.error).toContain('request-9');
    expect(body.error).not.toContain('hunter2');
  });

  it('keeps the cause of what it does not know', () => {
    const thrown = new TypeError('x is not a function');
    expect(toRapidaError(thrown)).toMatchObject({ code: 'internal', cause: thrown });
    expect(toRapidaError('a string')).toMatchObject({ code: 'internal', cause: 'a string' });
  });
});
