import { RapidaError } from '@rapida/core';
import { afterEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';
import type { WriteDialplan } from './dialplan.js';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(writeDialplan: WriteDialplan): void {
  api = createApiUnderTest(createFakeUseCases(), { writeDialplan });
}

const send = (payload: object, key: string = KEYS.calls) =>
  api.fastify.inject({ method: 'POST', url: '/v1/dialplan', headers: { 'x-api-key': key }, payload });

it('writes what was asked for, with the defaults of the rest', async () => {
  start((wanted) => ({ files: [{ name: 'extensions.conf', text: JSON.stringify(wanted) }], notes: ['a note'] }));
  const { files, notes } = (await send({ assistantId: '1', layout: 'freepbx' })).json();
  expect(JSON.parse(files[0].text)).toEqual({
    ...{ assistantId: '1', asterisk: '22', transport: 'audiosocket', direction: 'inbound', layout: 'freepbx' },
  });
  expect(notes).toEqual(['a note']);
});

it('tells what the generator refuses', async () => {
  start(() => {
    throw new RapidaError('invalid_request', 'asterisk "9": accepted are 16 to 23');
  });
  const answer = await send({ assistantId: '1', asterisk: '9' });
  expect([answer.statusCode, answer.json().error]).toEqual([400, 'asterisk "9": accepted are 16 to 23']);
});

it('is not for a key that may only register calls', async () => {
  start(() => ({ files: [], notes: [] }));
  expect((await send({ assistantId: '1' }, KEYS.inbound)).statusCode).toBe(403);
});
