import { inspect } from 'node:util';
import { RapidaError, Secret } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { streamedError } from '../ai-sdk/errors.js';
import { codeOfStatus, networkError, rapidaErrorIn, statusError } from './vendor-errors.js';

describe('the code of a status', () => {
  it.each([
    [301, 'provider_protocol'],
    [400, 'provider_rejected'],
    [401, 'provider_auth'],
    [403, 'provider_auth'],
    [404, 'provider_rejected'],
    [408, 'provider_timeout'],
    [422, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [500, 'provider_unavailable'],
    [503, 'provider_unavailable'],
    [529, 'provider_unavailable'],
  ])('of %i is %s', (status, code) => {
    expect(codeOfStatus(status)).toBe(code);
  });
});

describe('the message of a refusal', () => {
  const key = new Secret('gsk_0123456789');
  const body = (message: string) => JSON.stringify({ error: { message } });

  it('quotes what the server said', () => {
    const { message } = statusError('/audio/speech', 400, body('Unknown\n voice "x".'), key);
    expect(message).toBe('The provider answered 400 to /audio/speech: Unknown voice "x".');
  });

  it('quotes no more than 200 characters', () => {
    const { message } = statusError('/audio/speech', 400, body('a'.repeat(5_000)), key);
    expect(message.length).toBeLessThanOrEqual('The provider answered 400 to /audio/speech: '.length + 200);
  });

  it('never holds the key, nor anything that looks like one', () => {
    const { message } = statusError('/x', 400, body('not with gsk_0123456789 or sk-proj-abc***def'), key);
    expect(message).toBe('The provider answered 400 to /x: not with [secret] or [secret]');
  });

  it('quotes nothing of an answer about the key', () => {
    expect(statusError('/x', 401, body('Incorrect API key: gs***89'), key).message).toBe(
      'The provider answered 401 to /x',
    );
  });

  it.each(['<html>', '{"error":null}', '[]', 'null', '{"error":{"message":7}}', ''])(
    'takes %j as no message',
    (answer) => {
      expect(statusError('/x', 502, answer, key).message).toBe('The provider answered 502 to /x');
    },
  );
});

describe('an error inside a stream', () => {
  it.each([
    [{ type: 'server_error', message: 'oops' }, 'provider_unavailable'],
    [{ type: 'requests', code: 'rate_limit_exceeded' }, 'provider_rate_limited'],
    [{ type: 'insufficient_quota' }, 'provider_rate_limited'],
    [{ type: 'invalid_request_error', code: 'invalid_api_key' }, 'provider_auth'],
    [{ type: 'invalid_request_error' }, 'provider_rejected'],
    [{}, 'provider_unavailable'],
  ])('of %j has a code', (error, code) => {
    expect(streamedError(error, undefined).code).toBe(code);
  });
});

describe('the one of ours below', () => {
  it('is found under the wrapping of a library', () => {
    const ours = networkError('/x', new TypeError('fetch failed'));
    expect(rapidaErrorIn(new Error('a', { cause: new Error('b', { cause: ours }) }))).toBe(ours);
  });

  it('is not looked for in a circle', () => {
    const circular = new Error('a');
    circular.cause = circular;
    expect(rapidaErrorIn(circular)).toBeUndefined();
    expect(rapidaErrorIn('text')).toBeUndefined();
    expect(rapidaErrorIn(new RapidaError('internal'))).toBeInstanceOf(RapidaError);
  });
});

describe('a secret', () => {
  it('shows itself only when asked to', () => {
    const secret = new Secret('sk-1');
    expect(secret.reveal()).toBe('sk-1');
    expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('sk-1');
    expect(`${secret}`).toBe('[secret]');
  });
});
