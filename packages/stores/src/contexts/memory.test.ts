import { newContextId } from '@rapida/core';
import { callContextStoreConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { createMemoryContextStore } from './memory.js';

callContextStoreConformance('memory', (clock, limits) => createMemoryContextStore({ clock, ...limits }));

const aContext = () => ({ contextId: newContextId(), callId: '3', projectId: '1', assistantId: '2' });

describe('call contexts in memory', () => {
  it('remembers why a claim failed for `rememberMs` after the claim, then forgets', async () => {
    const clock = new VirtualClock();
    const store = createMemoryContextStore({ clock, rememberMs: 1_000 });
    const [used, expired] = [aContext(), aContext()];
    await store.put(used, 500);
    await store.put(expired, 500);
    await store.take(used.contextId);
    await clock.advance(500);
    await store.take(expired.contextId);
    await clock.advance(499);
    expect(await store.take(used.contextId)).toEqual({ ok: false, code: 'context_used' });
    await clock.advance(1);
    expect(await store.take(used.contextId)).toEqual({ ok: false, code: 'context_unknown' });
    expect(await store.take(expired.contextId)).toEqual({ ok: false, code: 'context_expired' });
    await clock.advance(500);
    expect(await store.take(expired.contextId)).toEqual({ ok: false, code: 'context_unknown' });
  });

  it('remembers the last `rememberedMax` failed claims only', async () => {
    const store = createMemoryContextStore({ clock: new VirtualClock(), rememberedMax: 2 });
    const contexts = [aContext(), aContext(), aContext()];
    for (const context of contexts) {
      await store.put(context, 1_000);
      await store.take(context.contextId);
    }
    const codes = [];
    for (const { contextId } of contexts) {
      const claim = await store.take(contextId);
      codes.push(claim.ok ? 'ok' : claim.code);
    }
    expect(codes).toEqual(['context_unknown', 'context_used', 'context_used']);
  });

  it('drops the oldest expired contexts that nobody asks for and counts them', async () => {
    const clock = new VirtualClock();
    const store = createMemoryContextStore({ clock, contextsMax: 1, rememberedMax: 2 });
    const contexts = [aContext(), aContext(), aContext()];
    for (const context of contexts) {
      await store.put(context, 1_000);
      await clock.advance(1_000);
    }
    expect(store.expiredDropped).toBe(0);
    expect(await store.expired()).toEqual(contexts.slice(1));
    expect(store.expiredDropped).toBe(1);
  });

  it('holds 10 000 contexts when not told otherwise', async () => {
    const store = createMemoryContextStore({ clock: new VirtualClock() });
    for (let n = 0; n < 10_000; n++) await store.put(aContext(), 1_000);
    await expect(store.put(aContext(), 1_000)).rejects.toMatchObject({ code: 'at_capacity' });
  });

  it('treats a time to live that is no number, or none, as passed', async () => {
    const store = createMemoryContextStore({ clock: new VirtualClock() });
    for (const ttlMs of [Number.NaN, 0, -1]) {
      const context = aContext();
      await store.put(context, ttlMs);
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_expired' });
    }
  });

  it('takes nothing in and knows nothing after it is closed', async () => {
    const store = createMemoryContextStore({ clock: new VirtualClock() });
    const context = aContext();
    await store.put(context, 1_000);
    await store.close();
    expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_unknown' });
    await expect(store.put(aContext(), 1_000)).rejects.toMatchObject({ code: 'store_failed' });
  });
});
