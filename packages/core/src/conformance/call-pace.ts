import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallPace } from '../call-pace.js';

export interface PaceUnderTest {
  readonly here: CallPace;
  /** The same, or another node of the installation. */
  readonly there: CallPace;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The promises of {@link CallPace}. */
export function callPaceConformance(name: string, make: () => Promise<PaceUnderTest>): void {
  describe(`${name} as CallPace`, () => {
    let test: PaceUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(() => test.close());

    it('spaces turns evenly, on all nodes together, and leaves other names alone', async () => {
      const { here, there } = test;
      expect(await here.take('a', 4)).toBe(0);
      expect(await there.take('a', 4)).toBeCloseTo(250);
      expect(await there.take('b', 4)).toBe(0);
      await test.advance(100);
      expect(await here.take('a', 4)).toBeCloseTo(150);
      await test.advance(150);
      expect(await there.take('a', 4)).toBe(0);
    });

    it('saves nothing up while it is idle: there is no burst afterwards', async () => {
      const { here, there } = test;
      await here.take('a', 1);
      await test.advance(60_000);
      expect(await here.take('a', 1)).toBe(0);
      expect(await there.take('a', 1)).toBeCloseTo(1_000);
    });

    it('keeps its distance from what was begun late', async () => {
      const { here, there } = test;
      await here.take('a', 1);
      await test.advance(900);
      here.begun('a', 1);
      await vi.waitFor(async () => expect(await there.take('a', 1)).toBeCloseTo(1_000));
    });

    it('gives one turn, however many ask at once', async () => {
      const { here, there } = test;
      const asked = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? here : there).take('a', 1));
      expect((await Promise.all(asked)).filter((waitMs) => waitMs === 0)).toHaveLength(1);
    });
  });
}
