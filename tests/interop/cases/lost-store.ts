import { sleep, systemClock } from '@rapida/core';
import { HOURS } from '../assistant.js';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { isAnswered, isGreeted, QUESTION } from '../cluster/conversing.js';
import { Told } from '../cluster/told.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, poll } from '../wait.js';
import type { Case } from './case.js';

/** What is promised of phase 1 while something is lost. */
const REFUSED_MS_MAX = 1_000;
const BACK_MS_MAX = 15_000;
const ASKED_TIMES = 3;
const REACHED = Object.values(REACHES);

interface Store {
  readonly name: string;
  kill(cluster: Cluster): Promise<void>;
  start(cluster: Cluster): Promise<void>;
}

const REDIS: Store = {
  name: 'Redis',
  kill: ({ redis }) => redis.killServer(),
  start: ({ redis }) => redis.startServer(),
};
const POSTGRESQL: Store = {
  name: 'PostgreSQL',
  kill: ({ postgres }) => postgres.killServer(),
  start: ({ postgres }) => postgres.startServer(),
};

/** Running calls go on, new ones are refused at once, all is found again by itself, and nothing is missing on record. */
function lostStore({ name, kill, start }: Store): Case {
  return {
    name: `three nodes: ${name} is killed under running calls, and comes back`,
    async run(lab: Lab) {
      const cluster = await Cluster.start(lab);
      const told = await Told.of(lab, cluster);
      const { asterisk, dial } = await cluster.exchange(lab);
      await lab.voice.say(QUESTION);
      const calls = await Promise.all(REACHED.map(dial));
      await Promise.all(calls.map(isGreeted));
      const ids = await Promise.all(calls.map(async (call) => (await call.record()).id));

      await kill(cluster);
      lab.measured('new calls are refused', await refusesNewCalls(cluster));
      const answered = await Promise.all(calls.map(isAnswered));
      lab.measured('running calls go on', `answered after ${ms(Math.max(...answered))} at worst without ${name}`);
      // Its end is known while nothing can be written.
      calls[0]?.sip.hangup();
      await sleep(systemClock, 500);

      const startMs = systemClock.nowMs();
      await start(cluster);
      const upMs = systemClock.nowMs();
      await takesNewCalls(cluster);
      lab.measured(
        'found again by itself',
        `new calls are taken by all nodes ${ms(systemClock.nowMs() - upMs)} after it was started, which took ${seconds(upMs - startMs)}`,
      );
      const later = await Promise.all(REACHED.map(dial));
      await Promise.all([...later.map(isGreeted), ...calls.slice(1).map(isAnswered)]);
      for (const call of [...calls, ...later]) call.sip.hangup();

      await allIsOnRecord(cluster, calls.length + later.length);
      const turns = await Promise.all(ids.map((id, index) => hasTurns(cluster, id, index === 0 ? 1 : 2)));
      const events = await told.knowsOnce(cluster, ids);
      lab.measured(
        'nothing is missing',
        `${turns.reduce((sum, one) => sum + one)} turns of ${ids.length} calls, ${events} events told once each`,
      );
      for (const node of cluster.nodes) await nothingIsLeft(node, asterisk, 5_000);
    },
  };
}

export const redisLost: Case = lostStore(REDIS);
export const postgresLost: Case = lostStore(POSTGRESQL);

async function refusesNewCalls(cluster: Cluster): Promise<string> {
  let slowestMs = 0;
  for (let times = 0; times < ASKED_TIMES; times++) {
    const asked = cluster.nodes.map(async (node) => {
      const askedMs = systemClock.nowMs();
      const status = await cluster.register(node);
      const tookMs = systemClock.nowMs() - askedMs;
      assert(status === 503, `a new call was answered with ${status} after ${ms(tookMs)}`);
      slowestMs = Math.max(slowestMs, tookMs);
    });
    await Promise.all(asked);
    await sleep(systemClock, 500);
  }
  assert(slowestMs <= REFUSED_MS_MAX, `a new call was refused after ${ms(slowestMs)} only`);
  return `503 from all nodes within ${ms(slowestMs)}, ${ASKED_TIMES * cluster.nodes.length} times`;
}

async function takesNewCalls(cluster: Cluster): Promise<void> {
  const taken = cluster.nodes.map((node) =>
    poll('the node takes new calls', BACK_MS_MAX, async () => {
      return (await cluster.register(node)) === 200 ? 'taken' : undefined;
    }),
  );
  await Promise.all(taken);
}

async function allIsOnRecord(cluster: Cluster, expected: number): Promise<void> {
  const calls = await cluster.endedCalls();
  assert(calls.length === expected, `${expected} calls were made, ${calls.length} are on record`);
  const odd = calls.filter(({ state, disconnectedBy }) => state !== 'completed' || disconnectedBy !== 'user');
  const told = odd.map(({ id, state, reason }) => `${id} ${state} ${reason}`);
  assert(odd.length === 0, `${odd.length} calls did not end as their callers did: ${told.join('; ')}`);
}

/** So many questions, and an answer to each. The number of its turns. */
async function hasTurns(cluster: Cluster, id: string, questions: number): Promise<number> {
  const turns = await cluster.witness.transcript(id);
  const asked = turns.filter(({ role }) => role === 'user').length;
  const answered = turns.filter(({ role, text }) => role === 'assistant' && text === HOURS).length;
  const found = turns.map(({ role, text }) => `${role}: ${text}`).join(' / ');
  assert(asked === questions && answered === questions, `the transcript of call ${id} is ${found}`);
  return turns.length;
}
