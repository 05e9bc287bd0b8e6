import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallPlaces, PlaceTaken } from '../call-places.js';

export interface PlacesUnderTest {
  readonly here: CallPlaces;
  /** Another node of the installation; undefined where there is none. */
  readonly there?: CallPlaces;
  readonly thereId?: string;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

const TAKEN: PlaceTaken = { outcome: 'taken' };
const TTL_MS = 1_000;
/** More than any place is believed to be kept without a word. */
const LONG_MS = 10 * 60_000;

const all = (max: number | null) => [{ counted: 'all', max }];
const of = (assistantId: string, max: number | null) => [
  { counted: 'all', max: null },
  { counted: `assistant:${assistantId}`, max },
];
const full = (counted: string): PlaceTaken => ({ outcome: 'full', counted });

/** The promises of {@link CallPlaces}. */
export function callPlacesConformance(name: string, make: () => Promise<PlacesUnderTest>): void {
  describe(`${name} as CallPlaces`, () => {
    let test: PlacesUnderTest;
    let here: CallPlaces;
    beforeEach(async () => {
      test = await make();
      here = test.here;
    });
    afterEach(() => test.close());

    /** What nobody waits for is done a moment later. */
    const eventually = (places: CallPlaces, id: string, outcome: PlaceTaken, limits = all(1)): Promise<void> =>
      vi.waitFor(async () => expect(await places.take(id, limits, TTL_MS)).toEqual(outcome), { interval: 5 });

    it('have room for so many, say what is full, and take the next when one is free', async () => {
      expect(await here.take('a', all(2), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('b', all(2), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('c', all(2), TTL_MS)).toEqual(full('all'));
      here.release('a');
      here.release('a');
      await eventually(here, 'c', TAKEN, all(2));
      expect(await here.take('d', all(2), TTL_MS)).toEqual(full('all'));
    });

    it('count under each name apart, also where there is no limit yet', async () => {
      expect(await here.take('a', of('1', null), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('b', of('2', 1), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('c', of('1', 1), TTL_MS)).toEqual(full('assistant:1'));
      expect(await here.take('d', all(2), TTL_MS)).toEqual(full('all'));
      expect(await here.take('e', of('3', 0), TTL_MS)).toEqual(full('assistant:3'));
    });

    it('take nothing where one of several limits is reached', async () => {
      const both = [...all(5), { counted: 'assistant:1', max: 1 }];
      await here.take('a', both, TTL_MS);
      expect(await here.take('b', both, TTL_MS)).toEqual(full('assistant:1'));
      expect(await here.take('c', all(2), TTL_MS)).toEqual(TAKEN);
    });

    it('give a call one place, and say that it is held', async () => {
      expect(await here.take('a', all(1), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('a', all(1), TTL_MS)).toEqual({ outcome: 'held' });
      here.keep('a', ['all']);
      expect(await here.take('a', all(1), TTL_MS)).toEqual({ outcome: 'held' });
    });

    it('come free when nobody claimed them in time, also where nobody says so', async () => {
      await here.take('a', of('1', null), TTL_MS);
      await test.advance(TTL_MS + 1);
      expect(await here.take('b', of('1', 1), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('a', all(2), TTL_MS)).toEqual(TAKEN);
    });

    it('are kept however long a call takes, among what it was taken for', async () => {
      await here.take('a', of('1', null), TTL_MS);
      here.keep('a', ['all']);
      await test.advance(LONG_MS);
      expect(await here.take('b', of('1', 1), TTL_MS)).toEqual(full('assistant:1'));
    });

    it('keep a call that nothing is known of: its caller was promised a place', async () => {
      await here.take('a', all(1), TTL_MS);
      here.keep('forgotten', ['all', 'assistant:1']);
      await eventually(here, 'b', full('assistant:1'), of('1', 1));
      here.release('a');
      expect(await here.take('b', all(1), TTL_MS)).toEqual(full('all'));
      here.release('forgotten');
      await eventually(here, 'b', TAKEN);
    });

    it('are never more than there are, however many come at once', async () => {
      const { there = here } = test;
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? here : there).take(`call-${n}`, all(7), TTL_MS)),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'taken')).toHaveLength(7);
    });

    it('are one where a call was let in by one node and has its media at another', async () => {
      const { there } = test;
      if (there === undefined) return;
      await here.take('a', all(2), TTL_MS);
      there.keep('a', ['all']);
      await test.advance(LONG_MS);
      // What the first one hears late frees nothing.
      here.release('a');
      expect(await here.take('b', all(2), TTL_MS)).toEqual(TAKEN);
      expect(await there.take('c', all(2), TTL_MS)).toEqual(full('all'));
      there.release('a');
      await eventually(here, 'c', TAKEN, all(2));
    });

    it('come free with their node, except those that went on at another one', async () => {
      const { there, thereId = '' } = test;
      if (there === undefined) return;
      await there.take('waits', all(null), LONG_MS);
      await there.take('moves', all(null), LONG_MS);
      there.keep('talks', ['all']);
      await eventually(here, 'moves', { outcome: 'held' });
      await here.take('own', all(null), LONG_MS);
      here.keep('moves', ['all']);
      await eventually(there, 'z', full('all'), all(4));
      await here.dropOf(thereId);
      expect(await here.take('b', all(3), TTL_MS)).toEqual(TAKEN);
      expect(await here.take('c', all(3), TTL_MS)).toEqual(full('all'));
    });
  });
}
