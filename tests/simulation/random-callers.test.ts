import { expect, it } from 'vitest';
import { audit } from './support/audit.js';
import { ASSISTANTS, Chance, randomCaller, randomEngines, randomPacing } from './support/random-caller.js';
import { type CallPlan, openWorld, type World } from './support/world.js';

const CALLS = 600;
const BATCH = 15;
/** Ten seconds of work; more on a machine that has others to do. */
const LONG = { timeout: 120_000 };
/** A caller whose noises were not understood waits for the first prompt; the most patient assistant has it after 2 s. */
const LIMITS = { answerMs: 3_500, silenceMs: 3_500, noticeMs: 100 };

async function planOf(world: World, chance: Chance, index: number): Promise<CallPlan> {
  return {
    pacing: randomPacing(chance),
    assistantId: await world.addAssistant(chance.of(ASSISTANTS)),
    script: randomCaller(chance, chance.between(1_000, 20_000)),
    engines: randomEngines(chance),
    startAfterMs: index * 7,
  };
}

it('whatever callers do and whatever fails: each call ends once, its record says what was heard', LONG, async () => {
  const world = await openWorld();
  const idleTimers = world.clock.pendingTimers;
  const chance = new Chance(7);
  const faults: string[] = [];
  const reasons = new Set<string | null>();
  for (let from = 0; from < CALLS; from += BATCH) {
    const plans: CallPlan[] = [];
    for (let i = 0; i < BATCH; i++) plans.push(await planOf(world, chance, i));
    for (const call of await world.play(plans)) {
      const found = await audit(call, world.calls, LIMITS);
      const name = `call ${from + plans.indexOf(call.plan)}, ${call.plan.pacing}`;
      faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
      reasons.add(found.record.reason);
    }
  }
  expect(faults).toEqual([]);
  expect(world.complaints).toEqual([]);
  expect(world.clock.pendingTimers).toBe(idleTimers);
  const expected = ['caller_hangup', 'caller_silent', 'connection_lost', 'provider_failed', 'socket_error'];
  expect([...reasons].sort()).toEqual(expected);
  await world.close();
});
