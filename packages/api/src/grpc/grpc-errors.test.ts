import { ERRORS, type ErrorCode, RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { ERROR_NUMBERS } from '../error-numbers.js';
import { createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';
import { GRPC_CODE } from './grpc-errors.js';
import type { GrpcDependencies } from './grpc-server.js';
import { call, clientOf, createGrpcUnderTest, type GrpcUnderTest, type Loose } from './testing/grpc-under-test.js';

let grpc: GrpcUnderTest;
let client: Loose;
afterEach(async () => {
  client.close();
  // Streams that were answered before their end are closed a moment later.
  await grpc.clock.advance(1_000);
  await grpc.close();
});

async function start(
  overrides: Parameters<typeof createFakeUseCases>[0] = {},
  options: Partial<GrpcDependencies> = {},
) {
  const useCases = createFakeUseCases(overrides);
  grpc = createGrpcUnderTest(useCases, options);
  const { port } = await grpc.listen({ host: 'localhost', port: 0 });
  client = clientOf('talk_api.TalkService', port);
  return useCases;
}

const ORDER = { assistant: { assistantId: '1', version: 'latest' }, toNumber: '+15550001111', fromNumber: '' };

const refusing = (code: ErrorCode, message?: string) => ({
  outbound: {
    place: async () => {
      throw new RapidaError(code, message);
    },
  },
});

describe('errors', () => {
  const STATUS_NAMES = new Map(
    Object.entries({ 3: 'INVALID_ARGUMENT', 5: 'NOT_FOUND', 6: 'ALREADY_EXISTS', 7: 'PERMISSION_DENIED' })
      .concat(Object.entries({ 8: 'RESOURCE_EXHAUSTED', 9: 'FAILED_PRECONDITION', 12: 'UNIMPLEMENTED' }))
      .concat(Object.entries({ 13: 'INTERNAL', 14: 'UNAVAILABLE', 16: 'UNAUTHENTICATED' })),
  );

  it('reach the client as a status with the structured error, every one of them', async () => {
    let code: ErrorCode = 'internal';
    await start({
      outbound: {
        place: async () => {
          throw new RapidaError(code, 'Because.');
        },
      },
    });
    for (code of (Object.keys(ERRORS) as ErrorCode[]).filter((one) => one !== 'internal')) {
      const { failure } = await call(client, 'CreatePhoneCall', ORDER);
      expect(failure, code).toEqual({
        status: STATUS_NAMES.get(String(GRPC_CODE[code])),
        message: 'Because.',
        code,
        detail: {
          type: 'type.googleapis.com/Error',
          errorCode: ERROR_NUMBERS[code],
          errorMessage: `${code}: Because.`,
          humanMessage: 'Because.',
        },
      });
    }
  });

  it.each([
    ['assistant_id_malformed', 'INVALID_ARGUMENT'],
    ['number_missing', 'INVALID_ARGUMENT'],
    ['number_invalid', 'INVALID_ARGUMENT'],
    ['caller_id_invalid', 'INVALID_ARGUMENT'],
    ['bulk_invalid', 'INVALID_ARGUMENT'],
    ['assistant_not_found', 'NOT_FOUND'],
    ['assistant_version_not_found', 'NOT_FOUND'],
    ['deployment_disabled', 'FAILED_PRECONDITION'],
    ['deployment_incomplete', 'FAILED_PRECONDITION'],
    ['credential_unreadable', 'FAILED_PRECONDITION'],
    ['idempotency_conflict', 'FAILED_PRECONDITION'],
    ['queue_full', 'UNAVAILABLE'],
    ['draining', 'UNAVAILABLE'],
    ['at_capacity', 'UNAVAILABLE'],
    ['store_failed', 'UNAVAILABLE'],
  ] as const)('say %s as %s', async (code, status) => {
    await start(refusing(code));
    expect((await call(client, 'CreatePhoneCall', ORDER)).failure).toMatchObject({ status, code });
  });

  it('tell nothing of what nobody foresaw but where to look it up', async () => {
    await start({
      outbound: {
        place: async () => {
          throw new Error('password=secret');
        },
      },
    });
    const { failure } = await call(client, 'CreatePhoneCall', ORDER);
    expect(failure).toMatchObject({ status: 'INTERNAL', code: 'internal' });
    expect(failure?.message).toBe(`${ERRORS.internal.text} Request id: request-1`);
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it.each([
    ['no key', {}, 'UNAUTHENTICATED', 'key_missing'],
    ['an empty key', { 'x-api-key': '' }, 'UNAUTHENTICATED', 'key_missing'],
    ['a bearer token', { authorization: `Bearer ${KEYS.calls}` }, 'UNAUTHENTICATED', 'key_missing'],
    ['a wrong key', { 'x-api-key': 'rpd-wrong' }, 'UNAUTHENTICATED', 'key_invalid'],
    ['a key that may only register calls', { 'x-api-key': KEYS.inbound }, 'PERMISSION_DENIED', 'key_scope'],
  ])('refuse %s on every method, before anything is done', async (_name, headers, status, code) => {
    const { asked } = await start();
    for (const method of [
      'CreatePhoneCall',
      'CreateBulkPhoneCall',
      'GetAllAssistantConversation',
      'GetAllConversationMessage',
    ]) {
      const { failure } = await call(client, method, {}, headers as Record<string, string>);
      expect(failure, method).toMatchObject({ status, code, detail: { errorCode: ERROR_NUMBERS[code as ErrorCode] } });
    }
    expect(asked).toEqual([]);
  });

  it('say so when the store does not tell whose key it is', async () => {
    await start({ keys: { authenticate: () => new Promise(() => {}) } }, { limits: { keyMsMax: 100 } });
    const outcome = call(client, 'CreatePhoneCall', ORDER);
    // Until the server waits for the store: the limits of the connection, the call and the body are set before.
    await new Promise<void>((resolve) => {
      const look = () => (grpc.clock.pendingTimers >= 3 ? resolve() : setImmediate(look));
      look();
    });
    await grpc.clock.advance(100);
    expect((await outcome).failure).toMatchObject({ status: 'UNAVAILABLE', code: 'store_failed' });
  });
});
