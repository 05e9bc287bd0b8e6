import { settle } from '@rapida/core/testing';

/** Lets the machine run, and no clock, until it is so: for what a socket brings. The limit is the test's own. */
export async function when(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settle();
}
