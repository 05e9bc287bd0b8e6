import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallContext, CallContextStore } from '../call-context-store.js';
import type { Clock } from '../clock.js';
import { newContextId } from '../ids.js';
import { VirtualClock } from '../testing/index.js';

export interface ContextStoreLimits {
  /** Unclaimed contexts at once. */
  readonly contextsMax: number;
}

const TTL_MS = 300_000;
const CONTEXTS_MAX = 200;

function aContext(): CallContext {
  return { contextId: newContextId(), callId: '18446744073709551615', projectId: '1', assistantId: '2' };
}

/** The promises of {@link CallContextStore}. `make` gives an empty one that goes by `clock` and keeps to the limits. */
export function callContextStoreConformance(
  name: string,
  make: (clock: Clock, limits: ContextStoreLimits) => CallContextStore | Promise<CallContextStore>,
): void {
  describe(`${name} as a CallContextStore`, () => {
    let clock: VirtualClock;
    let store: CallContextStore;
    beforeEach(async () => {
      clock = new VirtualClock();
      store = await make(clock, { contextsMax: CONTEXTS_MAX });
    });
    afterEach(async () => {
      await store.close();
      expect(clock.pendingTimers).toBe(0);
    });

    async function put(ttlMs = TTL_MS): Promise<CallContext> {
      const context = aContext();
      await store.put(context, ttlMs);
      return context;
    }

    it('gives a context to the first who takes it and tells the second that it is used', async () => {
      const [context, other] = [await put(), await put()];
      expect(await store.take(context.contextId)).toEqual({ ok: true, context });
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_used' });
      expect(await store.take(other.contextId)).toEqual({ ok: true, context: other });
    });

    it('gives a context to exactly one of a hundred who take it at once', async () => {
      const context = await put();
      const claims = await Promise.all(Array.from({ length: 100 }, () => store.take(context.contextId)));
      const won = claims.filter((claim) => claim.ok);
      expect(won).toEqual([{ ok: true, context }]);
      for (const claim of claims) if (!claim.ok) expect(claim.code).toBe('context_used');
    });

    it('does not know a context that was never put', async () => {
      await put();
      for (const id of [newContextId(), '', 'x'.repeat(10_000), '__proto__']) {
        expect(await store.take(id)).toEqual({ ok: false, code: 'context_unknown' });
      }
    });

    it('gives a context until its time has passed, and not from then on', async () => {
      const [a, b] = [await put(1_000), await put(1_000)];
      await clock.advance(999);
      expect((await store.take(a.contextId)).ok).toBe(true);
      await clock.advance(1);
      expect(await store.take(b.contextId)).toEqual({ ok: false, code: 'context_expired' });
      expect(await store.take(b.contextId)).toEqual({ ok: false, code: 'context_expired' });
    });

    it('says used, not expired, of a context that was taken before its time passed', async () => {
      const context = await put(1_000);
      await store.take(context.contextId);
      await clock.advance(1_001);
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_used' });
      expect(await store.expired()).toEqual([]);
    });

    it('reports each expired context once, whether a claim or nobody noticed before', async () => {
      const [short, tried] = [await put(1_000), await put(1_000)];
      const long = await put(5_000);
      expect(await store.expired()).toEqual([]);
      await clock.advance(1_000);
      await store.take(tried.contextId);
      const reported = await store.expired();
      expect(reported).toHaveLength(2);
      expect(reported).toEqual(expect.arrayContaining([short, tried]));
      expect(await store.expired()).toEqual([]);
      expect(await store.take(short.contextId)).toEqual({ ok: false, code: 'context_expired' });
      await clock.advance(4_000);
      expect(await store.expired()).toEqual([long]);
    });

    it('refuses more contexts than it holds, and has room again for each that is taken', async () => {
      const held = [];
      for (let n = 0; n < CONTEXTS_MAX; n++) held.push(await put());
      await expect(put()).rejects.toMatchObject({ code: 'at_capacity' });
      expect((await store.take(held[0]!.contextId)).ok).toBe(true);
      const last = await put();
      await expect(put()).rejects.toMatchObject({ code: 'at_capacity' });
      expect((await store.take(last.contextId)).ok).toBe(true);
    });

    it('has room again when the time of what it holds has passed, and still reports that', async () => {
      for (let n = 0; n < CONTEXTS_MAX; n++) await put(1_000);
      await clock.advance(1_000);
      await put();
      expect(await store.expired()).toHaveLength(CONTEXTS_MAX);
    });

    it('gives a context once more that is put again, with what it has become, whatever became of it before', async () => {
      const [waiting, used, expired] = [await put(), await put(), await put(1_000)];
      await store.take(used.contextId);
      await clock.advance(1_000);
      await store.take(expired.contextId);
      for (const before of [waiting, used, expired, aContext()]) {
        const context = { ...before, resumed: { leg: 1, connectedAtMs: 5 } };
        await store.putAgain(context, TTL_MS);
        expect(await store.take(context.contextId)).toEqual({ ok: true, context });
        expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_used' });
      }
      expect(await store.expired()).toEqual([]);
    });

    it('lets a context that is put again expire after its new time', async () => {
      const context = await put(1_000);
      await clock.advance(900);
      await store.putAgain(context, 1_000);
      await clock.advance(900);
      expect(await store.expired()).toEqual([]);
      await clock.advance(100);
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_expired' });
      expect(await store.expired()).toEqual([context]);
    });

    it('gives a context that is put again to exactly one of a hundred who take it at once', async () => {
      const context = await put();
      await store.take(context.contextId);
      await store.putAgain(context, TTL_MS);
      const claims = await Promise.all(Array.from({ length: 100 }, () => store.take(context.contextId)));
      expect(claims.filter((claim) => claim.ok)).toEqual([{ ok: true, context }]);
    });

    it('needs no further room for one that waits and is put again, and refuses others where there is none', async () => {
      const held = [];
      for (let n = 0; n < CONTEXTS_MAX; n++) held.push(await put());
      await store.putAgain(held[0]!, TTL_MS);
      await expect(store.putAgain(aContext(), TTL_MS)).rejects.toMatchObject({ code: 'at_capacity' });
      expect(await store.take(held[0]!.contextId)).toMatchObject({ ok: true });
    });

    it('does not take a context again that was put before', async () => {
      const context = await put();
      await expect(store.put(context, TTL_MS)).rejects.toThrow();
      await store.take(context.contextId);
      await expect(store.put(context, TTL_MS)).rejects.toThrow();
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_used' });
    });

    it('takes back what nobody has claimed, which can be put again, and reports nothing of it', async () => {
      const context = await put(1_000);
      expect(await store.withdraw(context.contextId)).toBe(true);
      expect(await store.withdraw(context.contextId)).toBe(false);
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_unknown' });
      await clock.advance(2_000);
      expect(await store.expired()).toEqual([]);
      await store.put(context, TTL_MS);
      expect(await store.take(context.contextId)).toEqual({ ok: true, context });
    });

    it('does not take back what was claimed, or has expired', async () => {
      const [claimed, expired] = [await put(), await put(1_000)];
      await store.take(claimed.contextId);
      await clock.advance(1_000);
      expect(await store.withdraw(claimed.contextId)).toBe(false);
      expect(await store.withdraw(expired.contextId)).toBe(false);
      expect(await store.expired()).toEqual([expired]);
      await expect(store.put(claimed, TTL_MS)).rejects.toThrow();
    });

    it('ends each context in one way: taken once, reported once, or still held', async () => {
      const step = fc.oneof(
        fc.record({ act: fc.constant('put' as const), ms: fc.integer({ min: 1, max: 50 }) }),
        fc.record({ act: fc.constant('take' as const), ms: fc.nat(20) }),
        fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 }) }),
        fc.record({ act: fc.constant('expired' as const), ms: fc.constant(0) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const ownClock = new VirtualClock();
          const own = await make(ownClock, { contextsMax: CONTEXTS_MAX });
          const made: { context: CallContext; expiresAtMs: number; end: 'taken' | 'expired' | undefined }[] = [];
          const report = async () => {
            const due = made.filter(({ end, expiresAtMs }) => end === undefined && expiresAtMs <= ownClock.nowMs());
            const reported = (await own.expired()).map(({ contextId }) => contextId);
            expect(reported.sort()).toEqual(due.map(({ context }) => context.contextId).sort());
            for (const entry of due) entry.end = 'expired';
          };
          for (const { act, ms } of steps) {
            if (act === 'wait') await ownClock.advance(ms);
            if (act === 'expired') await report();
            if (act === 'put') {
              const context = aContext();
              await own.put(context, ms);
              made.push({ context, expiresAtMs: ownClock.nowMs() + ms, end: undefined });
            }
            const entry = act === 'take' ? made[ms] : undefined;
            if (entry === undefined) continue;
            const claim = await own.take(entry.context.contextId);
            if (entry.end === 'taken') expect(claim).toEqual({ ok: false, code: 'context_used' });
            else if (entry.expiresAtMs <= ownClock.nowMs())
              expect(claim).toEqual({ ok: false, code: 'context_expired' });
            else {
              expect(claim).toEqual({ ok: true, context: entry.context });
              entry.end = 'taken';
            }
          }
          await ownClock.advance(50);
          await report();
          expect(made.every(({ end }) => end !== undefined)).toBe(true);
          await own.close();
        }),
        { numRuns: 60 },
      );
    });

    it('closes twice', async () => {
      await put();
      await store.close();
      await store.close();
    });
  });
}
