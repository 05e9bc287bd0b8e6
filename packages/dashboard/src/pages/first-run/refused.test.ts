import { expect, it } from 'vitest';
import { readRefused } from './refused.js';

const refused = (code: string, message: string) => {
  return readRefused({ type: 'call.refused', at: '2026-01-02T03:04:05.000Z', data: { code, message, from: '' } });
};

it('says what an Asterisk was answered, and what its owner can do', () => {
  expect(refused('key_invalid', 'the key is not known')).toEqual({
    at: '2026-01-02T03:04:05.000Z',
    code: 'key_invalid',
    what: 'The key is not known.',
    next: expect.stringContaining('Put a new one in above'),
  });
});

it('says of what is no mistake of a dialplan what is said of it everywhere', () => {
  expect(refused('deployment_disabled', 'x')?.next).toBe('Enable the phone deployment of the assistant.');
  expect(refused('something_new', 'x')?.next).toBe('Try again in a moment.');
});

it('is nothing for other events', () => {
  expect(readRefused({ type: 'call.state', at: '', data: { state: 'connected' } })).toBeUndefined();
});
