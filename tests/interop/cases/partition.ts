import { systemClock } from '@rapida/core';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { isAnswered, isGreeted, QUESTION } from '../cluster/conversing.js';
import { hasTurns } from '../cluster/on-record.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, poll } from '../wait.js';
import type { Case } from './case.js';

/** As long as a dialplan waits: a PostgreSQL that falls silent, rather than is gone, is waited for. */
const REFUSED_MS_MAX = 5_000;
/** When it is known to be silent. */
const REFUSED_AGAIN_MS_MAX = 1_000;
/** A node that is reachable again is known to be, and takes calls, within this. */
const BACK_MS_MAX = 15_000;
/** Starting where the first node is asked first, by both transports; and two that have nothing to do with it. */
const APART = [REACHES.sound1, REACHES.socket1];
const ELSEWHERE = [REACHES.sound2, REACHES.socket3];

/** One node reaches neither PostgreSQL nor Redis, and nothing tells it so: packets are lost. */
export const partition: Case = {
  name: 'three nodes: one of them is cut off from PostgreSQL and Redis, and comes back',
  async run(lab: Lab) {
    const cluster = await Cluster.start(lab, { firstNodeIsApart: true });
    const { asterisk, dial } = await cluster.exchange(lab);
    await lab.voice.say(QUESTION);
    const apart = await Promise.all(APART.map(dial));
    const elsewhere = await Promise.all(ELSEWHERE.map(dial));
    await Promise.all([...apart, ...elsewhere].map(isGreeted));
    const ids = await Promise.all([...apart, ...elsewhere].map(async (call) => (await call.record()).id));
    const node = cluster.node(1);
    const held = await node.metric('rapida_calls_live');
    assert(held === APART.length, `the node that is to be cut off holds ${held} calls`);

    for (const relay of cluster.relays) relay.cut();
    const cutMs = systemClock.nowMs();
    const dead = cluster.isClearedAway('n1');
    const refusedMs = await refusesNewCall(cluster, node, REFUSED_MS_MAX);
    const dialledMs = systemClock.nowMs();
    const moved = await Promise.all(APART.map(dial));
    const answeredMs = Math.max(...moved.map((call) => call.answeredMs)) - dialledMs;
    const greetedMs = answeredMs + Math.max(...(await Promise.all(moved.map(isGreeted))));
    const refusedAgainMs = await refusesNewCall(cluster, node, REFUSED_AGAIN_MS_MAX);
    lab.measured(
      'new calls go to the others',
      `503 after ${ms(refusedMs)}, then after ${ms(refusedAgainMs)}; callers were greeted ${seconds(greetedMs)} after they dialled`,
    );
    const answered = await Promise.all([...apart, ...elsewhere].map(isAnswered));
    lab.measured('running calls go on', `answered after ${ms(Math.max(...answered))} at worst`);

    lab.measured('taken for dead', `${seconds((await dead) - cutMs)} after it was cut off`);

    for (const relay of cluster.relays) relay.mend();
    const mendedMs = systemClock.nowMs();
    await poll('the others know the node again', BACK_MS_MAX, async () =>
      (await cluster.states()).n1 === 'up' ? 'up' : undefined,
    );
    const knownMs = systemClock.nowMs() - mendedMs;
    await poll('the node takes calls again', BACK_MS_MAX, async () =>
      (await cluster.register(node)) === 200 ? 'taken' : undefined,
    );
    lab.measured(
      'back',
      `known to the others ${seconds(knownMs)} after it was mended, takes calls after ${seconds(systemClock.nowMs() - mendedMs)} at most`,
    );
    const again = await Promise.all([...apart, ...elsewhere].map(isAnswered));
    const last = await dial(REACHES.sound1);
    await isGreeted(last);
    assert((await node.metric('rapida_calls_live')) > 0, 'the node that came back got no call');
    for (const call of [...apart, ...elsewhere, ...moved, last]) call.sip.hangup();
    const calls = await cluster.endedCalls();
    const ends = calls.map(({ state, reason }) => `${state} ${reason}`);
    const counted = [...new Set(ends)].map((end) => `${ends.filter((one) => one === end).length} ${end}`);
    const made = APART.length * 2 + ELSEWHERE.length + 1;
    assert(calls.length === made, `${made} calls were made, ${calls.length} are on record: ${counted.join(', ')}`);
    const turns = await Promise.all(ids.map((id) => hasTurns(cluster, id, 2)));
    lab.measured(
      'on record',
      `answered after ${ms(Math.max(...again))} at worst afterwards; ${counted.join(', ')}; all ${turns.reduce((sum, one) => sum + one)} turns of the ${ids.length} that ran through it`,
    );
    for (const one of cluster.nodes) await nothingIsLeft(one, asterisk, 5_000);
  },
};

/** How long it took to. */
async function refusesNewCall(cluster: Cluster, node: ServerUnderTest, limitMs: number): Promise<number> {
  const askedMs = systemClock.nowMs();
  const status = await cluster.register(node);
  const tookMs = systemClock.nowMs() - askedMs;
  assert(status === 503, `the node that is cut off answered a new call with ${status} after ${ms(tookMs)}`);
  assert(tookMs <= limitMs, `the node that is cut off refused a new call after ${ms(tookMs)} only`);
  return tookMs;
}
