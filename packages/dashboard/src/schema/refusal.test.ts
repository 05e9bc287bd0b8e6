import { RapidaApiError } from '@rapida/client';
import { expect, it } from 'vitest';
import { stillRefused } from './refusal.js';

const SENT = { name: 'desk', dialogue: { intents: [{ phrases: ['qwxyz'] }] } };
const error = new RapidaApiError({
  ...{ status: 400, code: 'invalid_request', retryAfterMs: undefined },
  text: 'name: is taken; dialogue.intents.0.phrases.0: is not known',
});

it('what the server refused is wrong as long as it is as it was sent', () => {
  expect(stillRefused({ error, value: SENT }, SENT)).toEqual([
    { path: 'name', text: 'is taken' },
    { path: 'dialogue.intents.0.phrases.0', text: 'is not known' },
  ]);
});

it('a field that was changed since may be right, the others are not', () => {
  const changed = { ...SENT, dialogue: { intents: [{ phrases: ['hours'] }] } };
  expect(stillRefused({ error, value: SENT }, changed)).toEqual([{ path: 'name', text: 'is taken' }]);
});

it('an error that is not of the server names no field', () => {
  expect(stillRefused({ error: new Error('name: lost'), value: SENT }, SENT)).toEqual([]);
});
