import { describe, expect, it } from 'vitest';
import { failureOfError, failureOfStatus } from './failure.js';

const asIs = (text: string) => text;

/** As `fetch` wraps what the socket says. */
function fetchFailed(cause: object): Error {
  return new TypeError('fetch failed', { cause });
}

const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('a refusal', () => {
  it.each([
    [400, '{"message":"Endpoint must be specified"}', 'invalid'],
    [401, '{"message":"Authentication required"}', 'unauthorized'],
    [403, '{"message":"Write access denied"}', 'forbidden'],
    [404, '{"message":"Channel not found"}', 'not_found'],
    [409, '{"message":"Channel with given unique ID already exists"}', 'conflict'],
    [409, '{"message":"Channel not in Stasis application"}', 'not_in_stasis'],
    [412, '{"message":"Channel in invalid state"}', 'conflict'],
    [422, '{"message":"Channel not in Stasis application"}', 'unprocessable'],
    [500, '{"error":"Allocation failed"}', 'allocation_failed'],
    [500, '{"message":"Internal Server Error"}', 'server_error'],
    [501, '{"message":"Not implemented"}', 'server_error'],
    [503, '<html>busy</html>', 'server_error'],
    [302, '', 'protocol'],
    [418, '', 'protocol'],
  ])('of %d %s is %s', (status, body, kind) => {
    expect(failureOfStatus(status, body, asIs)).toMatchObject({ kind, status, sent: true });
  });

  it('says what Asterisk said, in 300 characters at most', () => {
    expect(failureOfStatus(404, '{"message":"Channel not found"}', asIs).message).toBe('HTTP 404: Channel not found');
    expect(failureOfStatus(400, JSON.stringify({ message: 'x'.repeat(5000) }), asIs).message).toHaveLength(300);
  });
});

describe('an error', () => {
  it.each([
    systemError('ECONNREFUSED', 'connect'),
    systemError('EHOSTUNREACH', 'connect'),
    systemError('ENETUNREACH', 'connect'),
    systemError('ETIMEDOUT', 'connect'),
    systemError('ENOTFOUND', 'getaddrinfo'),
    systemError('EAI_AGAIN', 'getaddrinfo'),
    Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' }),
    Object.assign(new AggregateError([systemError('ECONNREFUSED', 'connect')]), { code: 'ECONNREFUSED' }),
  ])('before there is a connection means that nothing was sent: %s', (cause) => {
    expect(failureOfError(fetchFailed(cause), asIs)).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it.each([
    systemError('ECONNRESET', 'read'),
    systemError('EPIPE', 'write'),
    systemError('EHOSTUNREACH', 'read'),
    Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
    {},
  ])('on a connection means that the request may have had its effect: %s', (cause) => {
    expect(failureOfError(fetchFailed(cause), asIs)).toMatchObject({ kind: 'unreachable', sent: true });
  });

  it('of another protocol is no outage', () => {
    const error = Object.assign(new Error('Invalid frame'), { code: 'WS_ERR_INVALID_OPCODE' });
    expect(failureOfError(error, asIs)).toEqual({ kind: 'protocol', message: 'Invalid frame', sent: true });
  });
});
