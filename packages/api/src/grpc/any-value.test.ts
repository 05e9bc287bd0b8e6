import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeUseCases } from '../testing/fake-use-cases.js';
import type { GrpcDependencies } from './grpc-server.js';
import { any, call, clientOf, createGrpcUnderTest, type GrpcUnderTest, type Loose } from './testing/grpc-under-test.js';

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

describe('values', () => {
  async function read(value: object): Promise<unknown> {
    const { asked } = await start();
    const outcome = await call(client, 'CreatePhoneCall', { ...ORDER, args: { key: value } });
    if (outcome.failure !== undefined) return outcome.failure;
    return (asked as Loose)[0][2][0].args.key;
  }

  it.each([
    ['text', any('StringValue', { value: 'Grüße, 世界' }), 'Grüße, 世界'],
    ['an empty text', any('StringValue', {}), ''],
    ['a JSON object as text', any('StringValue', { value: ' {"a":[1,{"b":null}]}' }), { a: [1, { b: null }] }],
    ['a JSON array as text', any('StringValue', { value: '[1]' }), '[1]'],
    ['a number as text', any('StringValue', { value: '42' }), '42'],
    ['text that only begins like JSON', any('StringValue', { value: '{hello}' }), '{hello}'],
    ['a double', any('DoubleValue', { value: 1.5 }), 1.5],
    ['a float', any('FloatValue', { value: 0.25 }), 0.25],
    ['a negative integer', any('Int32Value', { value: -7 }), -7],
    ['an unsigned integer', any('UInt32Value', { value: 4_294_967_295 }), 4_294_967_295],
    ['a long that a number holds', any('Int64Value', { value: '-9007199254740991' }), -9007199254740991],
    ['a long that no number holds', any('Int64Value', { value: '-9007199254740992' }), '-9007199254740992'],
    ['the largest unsigned long', any('UInt64Value', { value: '18446744073709551615' }), '18446744073709551615'],
    ['true', any('BoolValue', { value: true }), true],
    ['false', any('BoolValue', {}), false],
    ['bytes', any('BytesValue', { value: Buffer.from([0, 255]) }), 'AP8='],
    ['a Value', any('Value', { numberValue: 3 }, ''), 3],
    ['a Value that is null', any('Value', { nullValue: 0 }), null],
    ['a Struct', any('Struct', { fields: { a: { boolValue: true } } }), { a: true }],
    ['a list', any('ListValue', { values: [{ stringValue: 'a' }, { numberValue: 1 }] }), ['a', 1]],
    ['a doubled prefix', any('StringValue', { value: 'x' }, 'type.googleapis.com/type.googleapis.com/'), 'x'],
    ['no prefix at all', any('StringValue', { value: 'x' }, ''), 'x'],
  ])('reads %s', async (_name, value, expected) => {
    expect(await read(value)).toEqual(expected);
  });

  it.each([
    ['an unknown type', any('Timestamp', { seconds: 1 }), 'google.protobuf.Timestamp'],
    ['a value without a type', { type_url: '', value: Buffer.alloc(0) }, '""'],
    [
      'bytes that are not its type',
      { type_url: 'x/google.protobuf.StringValue', value: Buffer.from([10, 5, 1]) },
      'no ',
    ],
    ['text that is no UTF-8', { type_url: 'x/google.protobuf.StringValue', value: Buffer.from([10, 1, 255]) }, 'no '],
    ['a number that JSON has not', any('DoubleValue', { value: Number.NaN }), 'no google.protobuf.DoubleValue'],
    ['an infinite one inside a list', any('ListValue', { values: [{ numberValue: Infinity }] }), 'no '],
  ])('refuses %s and names its key', async (_name, value, expected) => {
    const failure = (await read(value)) as Loose;
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request' });
    expect(failure.message).toMatch(/^args\.key: /);
    expect(failure.message).toContain(expected);
  });

  it('takes any bytes under any known type: they are read or refused, never a failure of ours', async () => {
    await start();
    const types = ['StringValue', 'DoubleValue', 'Int64Value', 'Struct', 'Value', 'ListValue', 'BytesValue'];
    const property = fc.asyncProperty(
      fc.constantFrom(...types),
      fc.uint8Array({ maxLength: 40 }),
      fc.string(),
      async (type, bytes, key) => {
        const value = { type_url: `type.googleapis.com/google.protobuf.${type}`, value: Buffer.from(bytes) };
        const { failure } = await call(client, 'CreatePhoneCall', { ...ORDER, metadata: { [key]: value } });
        expect([undefined, 'invalid_request']).toContain(failure?.code);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('shortens a message that names an endless key, wherever that cuts it', async () => {
    await start();
    for (const key of ['k'.repeat(100_000), '𝒳'.repeat(50_000), `k${'𝒳'.repeat(50_000)}`]) {
      const { failure } = await call(client, 'CreatePhoneCall', { ...ORDER, metadata: { [key]: {} } });
      expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request' });
      expect(failure?.message.length).toBe(500);
    }
  });
});
