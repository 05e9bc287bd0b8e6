import { join } from 'node:path';
import { assistantConfigSchema, phoneDeploymentSchema, systemClock } from '@rapida/core';
import { createSqlAssistantStore, openEmbedded } from '@rapida/stores';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type RequestOptions, request } from './support/api.js';
import { countsMetric } from './support/metrics.js';
import { startUnderFire, type UnderFire } from './support/under-fire.js';

const OTHER_PROJECTS_ASSISTANT = '7700';
const ASTERISK = { 'user-agent': 'asterisk-libcurl-agent/1.0' };

let fire: UnderFire;
let inboundKey: string;
beforeAll(async () => {
  fire = await startUnderFire();
  const created = await fire.api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'pbx', scopes: ['inbound'] });
  inboundKey = created.key;
  await addAssistantOfAnotherProject(join(fire.dataDir, 'rapida.db'));
});
afterEach(() => fire.isUnharmed());
afterAll(() => fire.endsWell());

async function addAssistantOfAnotherProject(file: string): Promise<void> {
  const database = await openEmbedded({ file, clock: systemClock });
  const atMs = systemClock.wallMs();
  await createSqlAssistantStore(database).create({
    id: OTHER_PROJECTS_ASSISTANT,
    projectId: '77',
    version: 1,
    config: assistantConfigSchema.parse({ name: 'of others' }),
    deployment: phoneDeploymentSchema.parse({}),
    createdAtMs: atMs,
    updatedAtMs: atMs,
  });
  await database.close();
}

const webhook = (assistantId = fire.assistantId, query = 'from=%2B1555'): string =>
  `/v1/talk/asterisk/call/${assistantId}?${query}`;
const WRONG_KEY = `rpd-${'x'.repeat(43)}`;

type Case = readonly [string, () => { path?: string; options?: RequestOptions }, number, string];
const CASES: readonly Case[] = [
  ['no key', () => ({ options: { key: undefined } }), 401, 'key_missing'],
  ['a wrong key', () => ({ options: { key: WRONG_KEY } }), 401, 'key_invalid'],
  ['a key of no form', () => ({ options: { key: 'secret' } }), 401, 'key_invalid'],
  [
    'a wrong key in the query',
    () => ({ path: webhook(undefined, `from=1&x-api-key=${WRONG_KEY}`), options: { key: undefined } }),
    401,
    'key_invalid',
  ],
  ['no caller', () => ({ path: webhook(undefined, 'to=100') }), 400, 'caller_missing'],
  ['an assistant id that is no number', () => ({ path: webhook('front-desk') }), 400, 'assistant_id_malformed'],
  ['an assistant that there is not', () => ({ path: webhook('1') }), 404, 'assistant_not_found'],
  ["another project's assistant", () => ({ path: webhook(OTHER_PROJECTS_ASSISTANT) }), 404, 'assistant_not_found'],
  [
    'a caller of 257 characters',
    () => ({ path: webhook(undefined, `from=${'5'.repeat(257)}`) }),
    400,
    'invalid_request',
  ],
  [
    'a body over a megabyte',
    () => ({ options: { method: 'POST', body: ' '.repeat(1_048_577) } }),
    413,
    'body_too_large',
  ],
  ['a body that is no JSON', () => ({ options: { method: 'POST', body: '{"from":' } }), 400, 'invalid_request'],
  ['a body that is no object', () => ({ options: { method: 'POST', body: '["from"]' } }), 400, 'invalid_request'],
];

function ask([, make]: Case, headers: Record<string, string>): Promise<Answer> {
  const { path = webhook(), options = {} } = make();
  return request(fire.url, path, { key: inboundKey, headers, ...options });
}

describe('a webhook request with', () => {
  it.each(CASES)('%s is answered with an error that says so, and counted', async (...given) => {
    const [, , status, code] = given;
    const answer = await countsMetric(fire.url, `rapida_calls_refused_total{code="${code}"}`, () => ask(given, {}));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/./), code });
    expect(answer.headers.get('x-rapida-error')).toBe(code);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

describe("to Asterisk's CURL(), a webhook request with", () => {
  it.each(CASES)('%s is answered without a body, the code in a header', async (...given) => {
    const [, , status, code] = given;
    const answer = await countsMetric(fire.url, `rapida_calls_refused_total{code="${code}"}`, () =>
      ask(given, ASTERISK),
    );
    expect([answer.status, answer.text, answer.headers.get('x-rapida-error')]).toEqual([status, '', code]);
  });
});

it('a key that may only register calls cannot read them: 403', async () => {
  const line = 'rapida_http_requests_total{route="/v1/calls",status="403"}';
  const answer = await countsMetric(fire.url, line, () => request(fire.url, '/v1/calls', { key: inboundKey }));
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'key_scope']);
  expect(JSON.parse(answer.text).error).toContain('calls');
});

it('it can register them, and the answer is the context id and nothing else', async () => {
  const answer = await countsMetric(fire.url, 'rapida_calls_registered_total', () =>
    request(fire.url, webhook(undefined, 'from=+1555&to=100'), { key: inboundKey, headers: ASTERISK }),
  );
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  // An unencoded plus arrives as a space.
  expect(await fire.api.callOf(answer.text)).toMatchObject({ from: '+1555', to: '100', state: 'registered' });
});

it('a revoked key is refused at once', async () => {
  const made = await fire.api.send<{ id: string; key: string }>('POST', '/v1/api-keys', {
    name: 'short-lived',
    scopes: ['inbound'],
  });
  expect((await request(fire.url, webhook(), { key: made.key })).status).toBe(200);
  await request(fire.url, `/v1/api-keys/${made.id}`, { method: 'DELETE', key: fire.api.key });
  expect((await request(fire.url, webhook(), { key: made.key })).status).toBe(401);
});

it('the assistant of the other project is there, for that project', async () => {
  const database = await openEmbedded({ file: join(fire.dataDir, 'rapida.db'), clock: systemClock });
  const found = await createSqlAssistantStore(database).get('77', OTHER_PROJECTS_ASSISTANT);
  await database.close();
  expect(found?.config.name).toBe('of others');
});
