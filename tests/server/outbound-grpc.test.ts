import { join } from 'node:path';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { anyText, askGrpc, callPhoneOverGrpc, type GrpcOrder, type GrpcOutcome } from './support/grpc.js';
import {
  ARI_USER,
  asteriskCredential,
  callById,
  callingAssistant,
  hasBecome,
  originates,
  sendOrder,
} from './support/outbound.js';

const PASSWORD = 'of-the-pbx';
const BUSY = '6001';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let pbx: FakeAri;
let server: ServedProcess;
let assistantId: string;
let callsKey: string;
let inboundKey: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  pbx.phone(BUSY, { outcome: 'busy' });
  server = await serveProcess(join(folder.path, 'data'));
  const { api } = server;
  const keyOf = async (scope: string) =>
    (await api.send<{ key: string }>('POST', '/v1/api-keys', { name: scope, scopes: [scope] })).key;
  [callsKey, inboundKey] = [await keyOf('calls'), await keyOf('inbound')];
  const credentialId = await asteriskCredential(api, 'pbx', { url: pbx.url, password: PASSWORD });
  assistantId = await callingAssistant(api, credentialId, { context: 'from-rapida', phone: '+4930' });
}, 30_000);
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.finished;
  await pbx.close();
  await folder.remove();
});

function order(more: Partial<GrpcOrder> = {}): Promise<GrpcOutcome> {
  return callPhoneOverGrpc(server, { assistantId, to: BUSY, headers: { 'x-api-key': callsKey }, ...more });
}

describe('talk_api.TalkService/CreatePhoneCall', () => {
  it('places a call for a client with the quirks of published ones, and REST knows the call', async () => {
    const { response, failure } = await order({
      headers: { 'x-api-key': callsKey, 'x-auth-id': 'undefined', 'x-project-id': 'undefined' },
      metadata: {
        plain: anyText('one'),
        doubled: anyText('two', 'type.googleapis.com/type.googleapis.com/'),
      },
      options: { attempts: anyText('1'), overrides: anyText('{"greeting":"Hi {{plain}}"}') },
    });
    expect(failure).toBeUndefined();
    expect(response).toMatchObject({
      code: 200,
      success: true,
      data: {
        assistantId,
        identifier: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: 'queued',
        source: 'phone-call',
      },
    });
    const call = await hasBecome(server.api, response.data.id, { state: 'busy' });
    expect(call).toMatchObject({
      assistantId,
      assistantVersion: 1,
      overrides: { fields: ['greeting'], values: { greeting: 'Hi {{plain}}' } },
      contextId: response.data.identifier,
      direction: 'outbound',
      from: '+4930',
      to: BUSY,
      metadata: { plain: 'one', doubled: 'two' },
    });
    expect(originates(pbx)).toEqual([{ number: BUSY, channelId: `rapida-${call.id}-1` }]);
  });

  it('gives the first answer to a repeated idempotency key, over REST as well', async () => {
    const before = originates(pbx).length;
    const headers = { 'x-api-key': callsKey, 'idempotency-key': 'once' };
    const first = await order({ headers });
    const { id } = first.response.data;
    expect((await order({ headers })).response.data).toMatchObject({ id, identifier: first.response.data.identifier });
    expect((await order({ headers, to: '6002' })).failure).toMatchObject({
      status: 'FAILED_PRECONDITION',
      code: 'idempotency_conflict',
    });
    const overRest = await sendOrder(server.api, { assistantId, to: BUSY, idempotencyKey: 'once' });
    expect(JSON.parse(overRest.text)).toMatchObject({ data: { id } });
    await hasBecome(server.api, id, { state: 'busy' });
    expect(originates(pbx)).toHaveLength(before + 1);
  });

  it('of a list places all or none', async () => {
    const before = originates(pbx).length;
    const one = { assistant: { assistantId }, toNumber: BUSY };
    const ask = (phoneCalls: object[]) =>
      askGrpc(server, {
        method: 'talk_api.TalkService/CreateBulkPhoneCall',
        message: { phoneCalls },
        headers: { 'x-api-key': callsKey },
      });
    const { failure } = await ask([one, { ...one, toNumber: 'x' }]);
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'number_invalid' });
    expect(failure?.message).toContain('phoneCalls[1]');
    const { response } = await ask([one, one]);
    expect(response.data).toHaveLength(2);
    for (const { id } of response.data) await hasBecome(server.api, id, { state: 'busy' });
    expect(originates(pbx)).toHaveLength(before + 2);
  });

  it.each<[string, () => Promise<GrpcOutcome>, string, string]>([
    ['no key', () => order({ headers: {} }), 'UNAUTHENTICATED', 'key_missing'],
    ['a wrong key', () => order({ headers: { 'x-api-key': 'x' } }), 'UNAUTHENTICATED', 'key_invalid'],
    ['a key for other things', () => order({ headers: { 'x-api-key': inboundKey } }), 'PERMISSION_DENIED', 'key_scope'],
    ['no number', () => order({ to: '' }), 'INVALID_ARGUMENT', 'number_missing'],
    ['a number with letters', () => order({ to: 'x' }), 'INVALID_ARGUMENT', 'number_invalid'],
    ['no assistant', () => order({ assistantId: '0' }), 'INVALID_ARGUMENT', 'assistant_id_malformed'],
    ['an unknown assistant', () => order({ assistantId: '1' }), 'NOT_FOUND', 'assistant_not_found'],
    [
      'an override of what is not its own',
      () => order({ options: { overrides: anyText('{"llm":{"baseUrl":"http://elsewhere"}}') } }),
      'INVALID_ARGUMENT',
      'invalid_request',
    ],
    [
      'an option that is none',
      () => order({ options: { attempts: anyText('many') } }),
      'INVALID_ARGUMENT',
      'invalid_request',
    ],
  ])('with %s is refused as a client can tell', async (_case, ask, status, code) => {
    const before = originates(pbx).length;
    const { failure } = await ask();
    expect(failure).toMatchObject({ status, code });
    expect(failure?.detail).toMatchObject({
      errorCode: expect.stringMatching(/^100[0-9]{4}$/),
      errorMessage: expect.stringMatching(new RegExp(`^${code}: `)),
      humanMessage: failure?.message,
    });
    expect(originates(pbx)).toHaveLength(before);
  });

  it('of an assistant without a credential says what it lacks', async () => {
    const { api } = server;
    const { id } = await api.send<{ id: string }>('POST', '/v1/assistants', { name: 'without', greeting: 'Hello.' });
    expect((await order({ assistantId: id })).failure).toMatchObject({
      status: 'FAILED_PRECONDITION',
      code: 'deployment_incomplete',
      message: expect.stringContaining('credential'),
    });
  });
});

describe('a call that was placed over REST', () => {
  it('is listed over gRPC', async () => {
    const placed = await sendOrder(server.api, { assistantId, to: BUSY });
    const { id } = (JSON.parse(placed.text) as { data: { id: string } }).data;
    await hasBecome(server.api, id, { state: 'busy' });
    const { response } = await askGrpc(server, {
      method: 'talk_api.TalkService/GetAllAssistantConversation',
      message: { assistantId, paginate: { page: 1, pageSize: 1 } },
      headers: { 'x-api-key': callsKey },
    });
    const call = await callById(server.api, id);
    expect(response.data).toMatchObject([{ id, identifier: call.contextId, status: 'busy', direction: 'outbound' }]);
  });
});

describe('grpc.health.v1.Health', () => {
  const check = (service: string) =>
    askGrpc(server, { method: 'grpc.health.v1.Health/Check', message: { service }, headers: {} });

  it.each(['', 'talk_api.TalkService'])('says that "%s" is served', async (service) => {
    expect((await check(service)).response).toEqual({ status: 'SERVING' });
  });

  it('knows no service that there is not', async () => {
    expect((await check('nobody')).failure).toMatchObject({ status: 'NOT_FOUND' });
  });
});
