import { sleep, systemClock } from '@rapida/core';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { Crowd } from '../cluster/crowd.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, poll } from '../wait.js';
import type { Case } from './case.js';

const CALLS = 40;
const STAGGER_MS = 200;
/** Calls last 12 s; the rest is for a busy machine. */
const DRAIN_MS_MAX = 40_000;
const REACHED = [REACHES.sound1, REACHES.sound2, REACHES.socket3];

/** All nodes are restarted one after the other under calls that come and go: none is cut, and none is turned away. */
export const rollingRestart: Case = {
  name: `three nodes: a rolling restart of all of them under ${CALLS} calls`,
  async run(lab: Lab) {
    const cluster = await Cluster.start(lab);
    const { asterisk, dial } = await cluster.exchange(lab);
    await lab.voice.say('when are you open');
    const crowd = new Crowd({ seats: CALLS, staggerMs: STAGGER_MS, reaches: REACHED, dial });
    await crowd.gather();
    const before = await cluster.liveCalls();
    assert(
      before.every((calls) => calls > 0),
      `calls on each node: ${before.join(', ')}`,
    );
    const startMs = systemClock.nowMs();
    for (const node of cluster.nodes) lab.measured('drained and started again', await restarted(cluster, node));
    const tookMs = systemClock.nowMs() - startMs;
    await crowd.leave();
    const { failures, dialled, stays, fewest } = crowd;
    assert(failures.length === 0, `${failures.length} of ${dialled} calls: ${failures.slice(0, 5).join('; ')}`);
    const calls = await cluster.endedCalls();
    const odd = calls.filter(({ state, disconnectedBy }) => state !== 'completed' || disconnectedBy !== 'user');
    const told = odd.map(({ id, state, reason }) => `${id} ${state} ${reason}`).slice(0, 5);
    assert(odd.length === 0, `${odd.length} calls did not end as their callers did: ${told.join('; ')}`);
    // One that is begun anew at the next node would be a second one.
    assert(calls.length === dialled, `${dialled} calls were dialled, ${calls.length} are on record`);
    for (const node of cluster.nodes) await nothingIsLeft(node, asterisk, 5_000);
    const worst = (name: 'greetedMs' | 'gapMs') => ms(Math.max(...stays.map((stay) => stay[name])));
    lab.measured(
      'no call cut, none refused',
      `${dialled} calls in all, at least ${fewest} at once, three restarts in ${seconds(tookMs)}; worst: greeting after ${worst('greetedMs')}, gap in the sound ${worst('gapMs')}`,
    );
  },
};

async function restarted(cluster: Cluster, node: ServerUnderTest): Promise<string> {
  const held = await node.metric('rapida_calls_live');
  const startMs = systemClock.nowMs();
  const ended = node.drain(DRAIN_MS_MAX);
  await refusesNewCalls(cluster, node);
  const code = await ended;
  const drainedMs = systemClock.nowMs() - startMs;
  assert(code === 0, `the node ended with ${code}`);
  await node.restart();
  const readyMs = systemClock.nowMs() - startMs - drainedMs;
  await poll('the node takes calls again', 10_000, async () =>
    (await node.metric('rapida_calls_live')) > 0 ? 'yes' : undefined,
  );
  return `${held} calls finished in ${seconds(drainedMs)}, ready again after ${seconds(readyMs)}`;
}

/** Says so to whoever asks whether it is ready, and to a dialplan. */
async function refusesNewCalls(cluster: Cluster, node: ServerUnderTest): Promise<void> {
  await poll('the node is not ready any more', 2_000, async () => {
    const { status } = await node.request('GET', '/readyz');
    return status === 503 ? 'yes' : sleep(systemClock, 20).then(() => undefined);
  });
  const status = await cluster.register(node);
  assert(status === 503, `a node that drains answered a new call with ${status}`);
}
