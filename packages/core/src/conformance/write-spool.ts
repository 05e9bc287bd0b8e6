import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpooledWrite, WriteSpool } from '../write-spool.js';

export interface WriteSpoolUnderTest {
  readonly spool: WriteSpool;
  /** Closes it and opens it again, as after a restart. */
  reopened(): Promise<WriteSpool>;
  remove(): Promise<void>;
}

function aWrite(id: string, callId = '7'): SpooledWrite {
  const data = { text: 'Grüße 👋\n\u2028"', deep: [{ n: 1.5 }], nothing: null };
  const write = { operation: 'appendEvent', args: [callId, { type: 'x', atMs: 1.25, data }] } as const;
  return { id, atMs: 9.5, write: { ...write, args: [...write.args] }, mayBeStored: id === 'b' };
}

/** The promises of {@link WriteSpool}. `make` gives an empty one. */
export function writeSpoolConformance(name: string, make: () => Promise<WriteSpoolUnderTest>): void {
  describe(`${name} as a WriteSpool`, () => {
    let made: WriteSpoolUnderTest;
    let spool: WriteSpool;
    beforeEach(async () => {
      made = await make();
      spool = made.spool;
    });
    afterEach(() => made.remove());

    async function take(from: WriteSpool): Promise<(string | undefined)[]> {
      const ids = [];
      for (let first = await from.first(); first !== undefined; first = await from.first()) {
        ids.push(first.id);
        await from.removeFirst();
      }
      return ids;
    }

    it('gives back what it was given, in the order in which it came', async () => {
      const all = [aWrite('a'), aWrite('b', '8'), aWrite('c')];
      expect(await Promise.all(all.map((write) => spool.add(write)))).toEqual([true, true, true]);
      expect(spool.entries).toBe(3);
      for (const write of all) {
        expect(await spool.first()).toEqual(write);
        expect(await spool.first()).toEqual(write);
        await spool.removeFirst();
      }
      expect(await spool.first()).toBeUndefined();
      expect(spool.entries).toBe(0);
    });

    it('knows whose writes wait from the moment they come', async () => {
      expect(spool.holds('7')).toBe(false);
      const adding = spool.add(aWrite('a'));
      expect(spool.holds('7')).toBe(true);
      await adding;
      await spool.add(aWrite('b'));
      expect(spool.holds('8')).toBe(false);
      await spool.first();
      await spool.removeFirst();
      expect(spool.holds('7')).toBe(true);
      await spool.first();
      await spool.removeFirst();
      expect(spool.holds('7')).toBe(false);
    });

    it('takes more while it gives', async () => {
      await spool.add(aWrite('a'));
      expect((await spool.first())?.id).toBe('a');
      await spool.add(aWrite('b'));
      await spool.removeFirst();
      await spool.add(aWrite('c'));
      expect(await take(spool)).toEqual(['b', 'c']);
      await spool.add(aWrite('d'));
      expect(await take(spool)).toEqual(['d']);
    });

    it('does not remove what it has not given', async () => {
      await expect(spool.removeFirst()).rejects.toThrow();
    });

    it('has what waits when it is opened again, and takes nothing once closed', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await spool.add(aWrite(id));
      const again = await made.reopened();
      await spool.close();
      expect(await spool.add(aWrite('e'))).toBe(false);
      expect(again.entries).toBe(4);
      expect(again.holds('7')).toBe(true);
      await again.add(aWrite('f'));
      expect(await take(again)).toEqual(['a', 'b', 'c', 'd', 'f']);
    });
  });
}
