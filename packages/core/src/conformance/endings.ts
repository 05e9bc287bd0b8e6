import { expect } from 'vitest';
import { RapidaError } from '../errors.js';
import { isAbort } from '../scope.js';

/** What the engine suites share: how an iteration of a provider may end. */

/** Reads to the end that aborting `signal` makes. What was on its way may still come; another failure may not. */
export async function endsByAbort(iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<void> {
  try {
    while (!(await iterator.next()).done);
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

/** Reads to the end, which must be a failure with one of the provider codes. */
export async function failsAsProvider(iterator: AsyncIterator<unknown>): Promise<void> {
  const thrown = await readAll(iterator).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(RapidaError);
  expect((thrown as RapidaError).code).toMatch(/^provider_/);
}

async function readAll(iterator: AsyncIterator<unknown>): Promise<void> {
  while (!(await iterator.next()).done);
}
