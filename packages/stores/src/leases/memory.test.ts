import { expect, it } from 'vitest';
import { createMemoryLeases, createMemoryLeasesOfNodes } from './memory.js';

it('the only node has every lease, as often as it takes it', async () => {
  const leases = createMemoryLeases();
  expect([await leases.take('x'), await leases.take('x'), await leases.take('y')]).toEqual([true, true, true]);
});

it('of several nodes one has a lease, until it releases it or has ended', async () => {
  const leases = createMemoryLeasesOfNodes();
  const [a, b] = [leases.of('a'), leases.of('b')];
  expect([await a.take('x'), await b.take('x'), await b.take('y'), await a.take('x')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  await b.release('x');
  expect(await b.take('x')).toBe(false);
  await a.release('x');
  expect([await b.take('x'), await a.take('x')]).toEqual([true, false]);
  leases.ended('b');
  expect([await a.take('x'), await a.take('y')]).toEqual([true, true]);
});
