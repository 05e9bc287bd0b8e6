import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FINAL_STATES } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { CountingCalls } from './support/counting-calls.js';
import { ASSISTANTS, Chance, randomCaller, randomEngines, randomPacing } from './support/random-caller.js';
import { type CallPlan, openWorld, type PlayedCall, type World } from './support/world.js';

const CALLS = 10_000;
/** Side by side. */
const BATCH = 250;
const WARM_CALLS = 2_000;
/** Of the heap: the compiler's own notes take about 100, a single kept frame of sound would be 640. */
const GROWTH_BYTES_PER_CALL_MAX = 400;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function heapBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await settle();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

/** What holds the process open, timers of the test runner aside. */
const handles = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => !['Timeout', 'Immediate'].includes(kind));

function plansOf(chance: Chance, assistants: readonly string[]): CallPlan[] {
  return Array.from({ length: BATCH }, () => ({
    pacing: randomPacing(chance),
    assistantId: chance.of(assistants),
    // Between one second and four, more often short.
    script: randomCaller(chance, 1_000 + 3_000 * chance.next() ** 2),
    engines: randomEngines(chance),
    startAfterMs: chance.between(0, 2_000),
  }));
}

interface Tally {
  readonly states: Map<string, number>;
  readonly faults: string[];
  utterances: number;
}

function account(tally: Tally, store: CountingCalls, { callId, ledger, engines }: PlayedCall): void {
  const kept = store.forget(callId);
  const expected = kept?.state === 'completed' ? 'call.ended' : 'call.failed';
  if (kept === undefined || !FINAL_STATES.includes(kept.state)) tally.faults.push(`${callId} is ${kept?.state}`);
  if (kept?.ends.join() !== expected) tally.faults.push(`${callId}: ${kept?.state} with [${kept?.ends.join()}]`);
  if (engines.recogniser.opened !== engines.recogniser.closed) tally.faults.push(`${callId}: a recogniser is open`);
  tally.faults.push(...ledger.faults().map((fault) => `${callId}: ${fault}`));
  tally.utterances += ledger.begun.length;
  tally.states.set(kept?.state ?? '', (tally.states.get(kept?.state ?? '') ?? 0) + 1);
}

it('leaves nothing behind after ten thousand calls', { timeout: 300_000 }, async () => {
  const store = new CountingCalls();
  const handlesBefore = handles();
  const world: World = await openWorld({ calls: store, contextsRemembered: 500 });
  const idleTimers = world.clock.pendingTimers;
  const assistants = await Promise.all(ASSISTANTS.map((config) => world.addAssistant(config)));
  const chance = new Chance(20_260_101);
  const tally: Tally = { states: new Map(), faults: [], utterances: 0 };
  let warmBytes = 0;
  for (let done = 0; done < CALLS; done += BATCH) {
    if (done === WARM_CALLS) warmBytes = await heapBytes();
    for (const call of await world.play(plansOf(chance, assistants))) account(tally, store, call);
  }
  const growthBytes = ((await heapBytes()) - warmBytes) / (CALLS - WARM_CALLS);
  expect(tally.faults).toEqual([]);
  expect(tally.utterances).toBeGreaterThan(CALLS);
  expect(Math.min(...['completed', 'failed'].map((state) => tally.states.get(state) ?? 0))).toBeGreaterThan(1_000);
  expect(world.complaints).toEqual([]);
  expect(store.created).toBe(CALLS);
  expect(store.remembered).toBe(0);
  expect(world.useCases.health.liveCalls).toBe(0);
  expect(world.clock.pendingTimers).toBe(idleTimers);
  expect(growthBytes).toBeLessThan(GROWTH_BYTES_PER_CALL_MAX);
  await world.close();
  expect(world.clock.pendingTimers).toBe(0);
  expect(handles()).toEqual(handlesBefore);
});
