import { expect, it } from 'vitest';
import { filled } from './filled.js';

it('puts the variables in, and leaves nothing of those that have no value', () => {
  expect(filled('Hello, this is {{company}}. {{ caller }}', { company: 'Acme' })).toBe('Hello, this is Acme. ');
});
