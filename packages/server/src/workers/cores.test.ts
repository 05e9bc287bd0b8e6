import { expect, it } from 'vitest';
import { workersFor } from './cores.js';

it('a number is that number, whatever the machine has', () => {
  expect(workersFor(3, 2, '100000 100000')).toBe(3);
});

it('auto is one worker for each core, and no more than the container may use', () => {
  expect(workersFor('auto', 8, '')).toBe(8);
  expect(workersFor('auto', 8, 'max 100000')).toBe(8);
  expect(workersFor('auto', 8, '400000 100000')).toBe(4);
  expect(workersFor('auto', 8, '150000 100000')).toBe(1);
  expect(workersFor('auto', 8, '50000 100000')).toBe(1);
  expect(workersFor('auto', 2, '1600000 100000')).toBe(2);
});
