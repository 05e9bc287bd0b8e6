import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';

let server: ApiStandIn;
let api: ApiClient;
beforeEach(async () => {
  server = await startApiStandIn();
  api = new ApiClient(`${server.url}/`, 'rpd-test');
});
afterEach(() => server.close());

it('reads a list to its end, page by page', async () => {
  server.on('GET /v1/things', ({ path }) => {
    const cursor = new URL(path, server.url).searchParams.get('cursor');
    return cursor === null
      ? { body: { data: ['a', 'b'], nextCursor: 'next page/2' } }
      : { body: { data: [cursor], nextCursor: null } };
  });
  expect(await api.all('/v1/things')).toEqual(['a', 'b', 'next page/2']);
  expect(server.asked).toHaveLength(2);
});

it('gives up a list that has no end', async () => {
  server.on('GET /v1/things', { body: { data: ['a'], nextCursor: 'again' } });
  expect(await api.all('/v1/things')).toHaveLength(50);
});

it('sends what it is given, with the key, and takes an empty answer', async () => {
  server.on('DELETE /v1/things/1', { status: 204 });
  expect(await api.send('DELETE', '/v1/things/1', { headers: { 'idempotency-key': 'k' } })).toBeUndefined();
  expect(server.asked[0]).toMatchObject({ headers: { 'x-api-key': 'rpd-test', 'idempotency-key': 'k' } });
  expect(server.asked[0]?.headers).not.toHaveProperty('content-type');
});

it.each([
  ['the plain form', { error: 'No such call.', code: 'call_not_found' }, 'No such call. (call_not_found)'],
  [
    'the envelope of talk, with the code of the other routes',
    envelope('phoneCalls[2]: It is none.', 'number_invalid: phoneCalls[2]: It is none.'),
    'phoneCalls[2]: It is none. (number_invalid)',
  ],
  ['an envelope without that code', envelope('Too many.', ''), 'Too many. (1002006)'],
  ['an envelope for programs only', envelope('', 'queue_full: Too many.'), 'queue_full: Too many. (queue_full)'],
  ['an envelope without its error', { code: 500, success: false, error: null }, 'the server answered 400'],
  ['no JSON that is known', ['?'], 'the server answered 400'],
  ['no body', undefined, 'the server answered 400'],
])('says why it failed: %s', async (_what, body, message) => {
  server.on('POST /v1/x', { status: 400, body });
  await expect(api.send('POST', '/v1/x')).rejects.toMatchObject({ message });
});

it('says what to do about what the command itself can mend', async () => {
  server.on('POST /v1/x', { status: 409, body: { error: 'It names no credential.', code: 'deployment_incomplete' } });
  await expect(api.send('POST', '/v1/x')).rejects.toThrow(/\(deployment_incomplete\): rapida credentials create/);
});

function envelope(humanMessage: string, errorMessage: string): object {
  return { code: 400, success: false, error: { errorCode: '1002006', errorMessage, humanMessage } };
}
