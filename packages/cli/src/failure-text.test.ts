import { RapidaApiError } from '@rapida/client';
import { expect, it } from 'vitest';
import { failureText } from './failure-text.js';

const failure = (code: string) => new RapidaApiError({ status: 409, code, text: 'It is not so.' });

it('says what to do about what the command itself can mend', () => {
  expect(failureText(failure('deployment_incomplete'))).toMatch(
    /^It is not so\. \(deployment_incomplete\): rapida credentials create/,
  );
  expect(failureText(failure('unreachable'))).toMatch(/is the server running\? \(set RAPIDA_URL or --url\)$/);
});

it('says the rest as the server said it', () => {
  expect(failureText(failure('call_ended'))).toBe('It is not so. (call_ended)');
  expect(failureText(new Error('of our own'))).toBe('of our own');
  expect(failureText('text')).toBe('text');
});
