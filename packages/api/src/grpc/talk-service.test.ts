import type { UseCases } from '@rapida/calls';
import { afterEach, describe, expect, it } from 'vitest';
import { CALL, CONTEXT_ID, CREATED_AT_MS, createFakeUseCases, PROJECT } from '../testing/fake-use-cases.js';
import type { GrpcDependencies } from './grpc-server.js';
import {
  any,
  call,
  clientOf,
  createGrpcUnderTest,
  type GrpcUnderTest,
  type Loose,
  WITH_KEY,
} from './testing/grpc-under-test.js';

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

describe('placing a call', () => {
  it('asks for it with what was sent and answers with the call', async () => {
    const { asked } = await start();
    const metadata = { campaign: any('StringValue', { value: 'spring' }), try: any('Int32Value', { value: 2 }) };
    const { response } = await call(client, 'CreatePhoneCall', { ...ORDER, fromNumber: '100', metadata });
    const order = { assistantId: '1', version: 'latest', toNumber: '+15550001111', fromNumber: '100' };
    const values = { metadata: { campaign: 'spring', try: 2 }, args: {}, options: {} };
    expect(asked).toEqual([['outbound.place', PROJECT, [{ ...order, ...values }], undefined]]);
    expect(response).toMatchObject({ code: 200, success: true, error: null });
    const wallMs = grpc.clock.wallMs();
    expect(response.data).toMatchObject({
      id: '41',
      assistantId: '1',
      projectId: PROJECT,
      identifier: `${CONTEXT_ID.slice(0, -2)}41`,
      status: 'queued',
      direction: 'outbound',
      source: 'phone-call',
      createdDate: { seconds: String(Math.floor(wallMs / 1000)), nanos: (wallMs % 1000) * 1_000_000 },
      metadata: [
        { key: 'campaign', value: 'spring' },
        { key: 'try', value: '2' },
      ],
    });
  });

  it('takes the largest id there is as it is written', async () => {
    const { asked } = await start();
    const assistantId = '18446744073709551615';
    const { response } = await call(client, 'CreatePhoneCall', { ...ORDER, assistant: { assistantId } });
    expect(asked[0]?.[2]).toMatchObject([{ assistantId }]);
    expect(response.data.assistantId).toBe(assistantId);
  });

  it('passes an assistant that was left out on as no id at all', async () => {
    const { asked } = await start();
    await call(client, 'CreatePhoneCall', { toNumber: '1' });
    await call(client, 'CreatePhoneCall', { toNumber: '1', assistant: { version: '3' } });
    expect(asked.map(([, , orders]) => orders)).toMatchObject([
      [{ assistantId: '', version: '' }],
      [{ assistantId: '', version: '3' }],
    ]);
  });

  it('is not disturbed by the headers that published clients send', async () => {
    await start();
    const headers = {
      'x-auth-id': 'undefined',
      'x-client-source': 'sdk',
      'x-rapida-region': 'all',
      authorization: 'x',
    };
    const { response } = await call(client, 'CreatePhoneCall', ORDER, { ...WITH_KEY, ...headers });
    expect(response.success).toBe(true);
  });

  it('passes the idempotency key on, and none where it is empty', async () => {
    const { asked } = await start();
    await call(client, 'CreatePhoneCall', ORDER, { ...WITH_KEY, 'idempotency-key': 'once-1' });
    await call(client, 'CreateBulkPhoneCall', { phoneCalls: [ORDER] }, { ...WITH_KEY, 'idempotency-key': 'once-2' });
    await call(client, 'CreatePhoneCall', ORDER, { ...WITH_KEY, 'idempotency-key': '' });
    expect(asked.map((one) => one[3])).toEqual(['once-1', 'once-2', undefined]);
  });

  it('refuses an idempotency key of 256 characters', async () => {
    const { asked } = await start();
    const { failure } = await call(client, 'CreatePhoneCall', ORDER, {
      ...WITH_KEY,
      'idempotency-key': 'k'.repeat(256),
    });
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request' });
    expect(asked).toEqual([]);
  });
});

describe('placing many calls', () => {
  it('asks for all of them at once and answers with one result each, in order', async () => {
    const { asked } = await start();
    const phoneCalls = ['1', '2', '3'].map((toNumber) => ({ ...ORDER, toNumber }));
    const { response } = await call(client, 'CreateBulkPhoneCall', { phoneCalls });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.[2]).toMatchObject([{ toNumber: '1' }, { toNumber: '2' }, { toNumber: '3' }]);
    expect(response).toMatchObject({ code: 200, success: true });
    expect(response.data.map(({ id }: Loose) => id)).toEqual(['41', '42', '43']);
  });

  it('names the call whose values cannot be read', async () => {
    const { asked } = await start();
    const broken = { ...ORDER, options: { attempts: any('Timestamp', { seconds: 1 }) } };
    const { failure } = await call(client, 'CreateBulkPhoneCall', { phoneCalls: [ORDER, broken] });
    expect(failure?.message).toBe(
      'phoneCalls[1]: options.attempts: values of type "google.protobuf.Timestamp" are not read here.',
    );
    expect(asked).toEqual([]);
  });
});

describe('the calls of an assistant', () => {
  const calls = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...CALL, id: String(count - index) }));

  /** A list of this many calls, newest first, whose cursor is the position. */
  function storeOf(count: number) {
    const all = calls(count);
    const limits: number[] = [];
    return {
      limits,
      overrides: {
        calls: {
          list: async (_project: string, _filter: object, limit: number, cursor: string | null) => {
            limits.push(limit);
            const from = Number(cursor ?? 0);
            const next = from + limit;
            return { data: all.slice(from, next), nextCursor: next < count ? String(next) : null };
          },
          metrics: async () => [],
          events: async () => [],
        },
      },
    };
  }

  it('come with what the record knows', async () => {
    const asked: unknown[] = [];
    const list: UseCases['calls']['list'] = async (...args) => {
      asked.push(args);
      return { data: [CALL], nextCursor: null };
    };
    await start({ calls: { list } });
    const { response } = await call(client, 'GetAllAssistantConversation', { assistantId: '1' });
    expect(asked).toEqual([[PROJECT, { assistantId: '1' }, 20, null]]);
    expect(response).toMatchObject({ code: 200, success: true });
    expect(response.data).toHaveLength(1);
    const seconds = String(Math.floor(CREATED_AT_MS / 1000));
    expect(response.data[0]).toMatchObject({
      id: CALL.id,
      assistantId: '1',
      projectId: PROJECT,
      identifier: CONTEXT_ID,
      status: 'completed',
      direction: 'inbound',
      source: 'phone-call',
      createdDate: { seconds, nanos: 678_000_000 },
      updatedDate: { seconds: String(Number(seconds) + 1), nanos: 678_000_000 },
      metadata: [{ key: 'queue', value: 'sales' }],
      metrics: [{ name: 'call.duration', value: '4.2' }],
      telephonyEvents: [{ id: '1', eventType: 'webhook', provider: 'asterisk', assistantConversationId: CALL.id }],
    });
    expect(response.data[0].telephonyEvents[0].payload.fields.from.stringValue).toBe(CALL.from);
  });

  it.each([
    ['the first page', { page: 1, pageSize: 10 }, 25, ['25', '16'], 11],
    ['no page named', {}, 25, ['25', '6'], 21],
    ['a page in the middle', { page: 2, pageSize: 10 }, 25, ['15', '6'], 21],
    ['the last page', { page: 3, pageSize: 10 }, 25, ['5', '1'], 25],
    ['a page beyond the end', { page: 9, pageSize: 10 }, 25, [undefined, undefined], 25],
    ['a far page', { page: 5, pageSize: 100 }, 1_000, ['600', '501'], 501],
    ['nothing at all', { page: 1, pageSize: 10 }, 0, [undefined, undefined], 0],
  ])('%s', async (_name, paginate, count, [first, last], totalItem) => {
    await start(storeOf(count).overrides);
    const { response } = await call(client, 'GetAllAssistantConversation', { paginate });
    expect(response.data.at(0)?.id).toBe(first);
    expect(response.data.at(-1)?.id).toBe(last);
    expect(response.paginated).toEqual({ currentPage: 'page' in paginate ? paginate.page : 1, totalItem });
  });

  it('are walked in the largest steps the list has, and not beyond the page', async () => {
    const { limits, overrides } = storeOf(1_000);
    await start(overrides);
    await call(client, 'GetAllAssistantConversation', { paginate: { page: 9, pageSize: 50 } });
    expect(limits).toEqual([200, 200, 50]);
  });

  it.each([
    [{ paginate: { pageSize: 201 } }, /^paginate\.pageSize/],
    [{ paginate: { page: 501, pageSize: 20 } }, /^paginate\.page: /],
    [{ paginate: { page: 4_294_967_295 } }, /^paginate\.page: /],
    [{ criterias: [{ key: 'colour', value: 'red', logic: '=' }] }, /"colour" is not known/],
    [{ criterias: [{ key: 'from', value: '1', logic: 'like' }] }, /"like" of "from"/],
    [{ criterias: [{ key: 'state', value: 'sleeping' }] }, /^state: "sleeping"/],
    [{ criterias: [{ key: 'direction', value: 'up' }] }, /^direction: "up"/],
  ])('refuse %j', async (request, message) => {
    const { asked } = await start();
    const { failure } = await call(client, 'GetAllAssistantConversation', request);
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request' });
    expect(failure?.message).toMatch(message);
    expect(asked).toEqual([]);
  });

  it('are filtered by state, direction and caller', async () => {
    const { asked } = await start();
    const criterias = [
      { key: 'status', value: 'completed', logic: '=' },
      { key: 'direction', value: 'outbound', logic: 'eq' },
      { key: 'from', value: '100' },
    ];
    await call(client, 'GetAllAssistantConversation', { criterias });
    expect(asked[0]?.[2]).toEqual({ state: 'completed', direction: 'outbound', from: '100' });
  });
});

describe('the messages of a call', () => {
  const TURNS = (['user', 'assistant', 'user'] as const).map((role, index) => ({
    ...{ role, text: `turn ${index + 1}`, startMs: index * 1_000, endMs: index * 1_000 + 500 },
    interrupted: index === 1,
    metrics: {},
  }));
  const overrides = { calls: { transcript: async () => TURNS } };
  const texts = ({ response }: Loose) => response.data.map(({ body }: Loose) => body);
  const OF_CALL = { assistantConversationId: CALL.id };

  it('come with role, time and measurements', async () => {
    await start();
    const { response } = await call(client, 'GetAllConversationMessage', { ...OF_CALL, assistantId: '1' });
    expect(response.paginated).toEqual({ currentPage: 1, totalItem: 1 });
    expect(response.data).toMatchObject([
      {
        id: '1',
        assistantConversationId: CALL.id,
        messageId: '11-1',
        role: 'user',
        body: 'hello',
        status: 'complete',
        metrics: [{ name: 'stt_latency_ms', value: '80' }],
        // The media connected a second after the call was made; the turn ended 400 ms later.
        createdDate: { nanos: 678_000_000 },
        updatedDate: { seconds: String(Math.floor(CREATED_AT_MS / 1000) + 2), nanos: 78_000_000 },
      },
    ]);
  });

  it('are in the order of time, or the other way round', async () => {
    await start(overrides);
    const ask = (order: object) => call(client, 'GetAllConversationMessage', { ...OF_CALL, order });
    expect(texts(await ask({}))).toEqual(['turn 1', 'turn 2', 'turn 3']);
    expect(texts(await ask({ column: 'createdDate', order: 'DESC' }))).toEqual(['turn 3', 'turn 2', 'turn 1']);
    expect((await ask({ column: 'colour' })).failure).toMatchObject({ code: 'invalid_request' });
    expect((await ask({ order: 'sideways' })).failure).toMatchObject({ code: 'invalid_request' });
  });

  it('are paged and filtered by role, and keep their ids', async () => {
    await start(overrides);
    const paged = await call(client, 'GetAllConversationMessage', { ...OF_CALL, paginate: { page: 2, pageSize: 2 } });
    expect(texts(paged)).toEqual(['turn 3']);
    expect(paged.response.paginated).toEqual({ currentPage: 2, totalItem: 3 });
    const criterias = [{ key: 'role', value: 'user' }];
    const filtered = await call(client, 'GetAllConversationMessage', { ...OF_CALL, criterias });
    expect(filtered.response.data.map(({ id }: Loose) => id)).toEqual(['1', '3']);
  });

  it.each([
    ['an unknown call', { assistantConversationId: '12' }],
    ['no call', {}],
    ['a call of another assistant', { ...OF_CALL, assistantId: '2' }],
  ])('of %s are not found', async (_name, request) => {
    await start();
    const { failure } = await call(client, 'GetAllConversationMessage', request);
    expect(failure).toMatchObject({ status: 'NOT_FOUND', code: 'call_not_found' });
  });
});
