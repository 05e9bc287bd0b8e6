import { systemClock } from '@rapida/core';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { isAnswered, isGreeted, QUESTION } from '../cluster/conversing.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, poll } from '../wait.js';
import type { Case } from './case.js';

const REFUSED_MS_MAX = 1_000;
/** A node that is not heard of is taken for dead within this, and known to be alive again. */
const NOTICED_MS_MAX = 15_000;
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
    const node = cluster.node(1);
    const held = await node.metric('rapida_calls_live');
    assert(held === APART.length, `the node that is to be cut off holds ${held} calls`);

    for (const relay of cluster.relays) relay.cut();
    const cutMs = systemClock.nowMs();
    const askedMs = systemClock.nowMs();
    const status = await cluster.register(node);
    const refusedMs = systemClock.nowMs() - askedMs;
    assert(status === 503, `the node that is cut off answered a new call with ${status} after ${ms(refusedMs)}`);
    assert(refusedMs <= REFUSED_MS_MAX, `the node that is cut off refused a new call after ${ms(refusedMs)} only`);
    const dialledMs = systemClock.nowMs();
    const moved = await Promise.all(APART.map(dial));
    const greetedMs = Math.max(...(await Promise.all(moved.map(isGreeted))));
    lab.measured(
      'new calls go to the others',
      `503 after ${ms(refusedMs)}; callers were greeted ${seconds(greetedMs + (moved[0]?.answeredMs ?? 0) - dialledMs)} after they dialled`,
    );
    const answered = await Promise.all([...apart, ...elsewhere].map(isAnswered));
    lab.measured('running calls go on', `answered after ${ms(Math.max(...answered))} at worst`);

    await poll('the others take the node for dead', NOTICED_MS_MAX, async () =>
      (await cluster.states()).n1 === 'up' ? undefined : 'dead',
    );
    lab.measured('taken for dead', `${seconds(systemClock.nowMs() - cutMs)} after it was cut off`);

    for (const relay of cluster.relays) relay.mend();
    const mendedMs = systemClock.nowMs();
    await poll('the others know the node again', NOTICED_MS_MAX, async () =>
      (await cluster.states()).n1 === 'up' ? 'up' : undefined,
    );
    const knownMs = systemClock.nowMs() - mendedMs;
    await poll('the node takes calls again', NOTICED_MS_MAX, async () =>
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
    lab.measured('on record', `answered after ${ms(Math.max(...again))} at worst afterwards; ${counted.join(', ')}`);
    for (const one of cluster.nodes) await nothingIsLeft(one, asterisk, 5_000);
  },
};
