import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
beforeEach(() => {
  api = createApiUnderTest(createFakeUseCases());
});
afterEach(() => api.close());

const write = (payload: object, key: string = KEYS.calls) =>
  api.fastify.inject({ method: 'POST', url: '/v1/dialplan', headers: { 'x-api-key': key }, payload });

it('gives the files that were asked for, and says where the key belongs', async () => {
  const wanted = { assistantId: '1', transport: 'websocket', asterisk: '22', direction: 'both', layout: 'freepbx' };
  const { files, keyPlaceholder } = (await write(wanted)).json();
  expect(JSON.parse(files[0].text)).toEqual(wanted);
  expect(keyPlaceholder).toBe('KEY');
  expect((await write(wanted, KEYS.inbound)).statusCode).toBe(403);
});

it.each([
  { assistantId: 'x', transport: 'websocket' },
  { assistantId: '1', transport: 'sip' },
  { transport: 'websocket' },
])('refuses %j', async (payload) => {
  expect((await write(payload)).json()).toMatchObject({ code: 'invalid_request' });
});

it('is written for AudioSocket where no transport is named, and for no assistant that is not there', async () => {
  const { files } = (await write({ assistantId: '1' })).json();
  expect(JSON.parse(files[0].text)).toEqual({ assistantId: '1', transport: 'audiosocket' });
  expect((await write({ assistantId: '9' })).json()).toMatchObject({ code: 'assistant_not_found' });
});

it('names the releases', async () => {
  expect((await api.fastify.inject('/v1/dialplan/releases')).json()).toEqual({ data: ['22.10.1'], nextCursor: null });
});
