import { sleep, systemClock } from '@rapida/core';
import { RESUMED } from '../assistant.js';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { ANSWERED_MS_MAX, hears, hearsOut, isAnswered, isGreeted, QUESTION } from '../cluster/conversing.js';
import { allCompleted, turnsOf } from '../cluster/on-record.js';
import { Told } from '../cluster/told.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { soundBetween } from '../sip-phone/heard.js';
import { nothingIsLeft, type TestCall } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

const CALLS = 20;
const STAGGER_MS = 250;
/** What is promised: everybody is in conversation again. */
const AGAIN_MS_MAX = 5_000;
/** To be able to tell how late it was. */
const WAITED_MS_MAX = 20_000;
const SPOKEN_TO_EVERY = 5;
/** By WebSocket Asterisk has a few hundred ms of sound in its queue. */
const REST_MS = 700;
/** All of them reach the first node first, by either transport. */
const REACHED = [REACHES.sound1, REACHES.socket1];

/** A node dies with its calls: each goes on at another one, as the same call. */
export const killedNode: Case = {
  name: `three nodes: one of them is killed with ${CALLS} calls`,
  async run(lab: Lab) {
    const cluster = await Cluster.start(lab);
    const told = await Told.of(lab, cluster);
    const { asterisk, dial } = await cluster.exchange(lab);
    await lab.voice.say(QUESTION);
    const calls = await staggered(Array.from({ length: CALLS }), async (_, index) => {
      const call = await dial(REACHED[index % REACHED.length] ?? REACHES.sound1);
      await isGreeted(call);
      await isAnswered(call);
      return call;
    });
    const [dying, taking] = [cluster.node(1), cluster.node(2)];
    const held = await dying.metric('rapida_calls_live');
    assert(held === CALLS, `the node that is to die holds ${held} calls`);

    await Promise.all(calls.filter(isSpokenTo).map(hearsAnAnswerBegin));
    const killedMs = systemClock.nowMs();
    await dying.kill();
    const dead = cluster.isClearedAway('n1');
    const again = await Promise.all(calls.map((call, index) => hearsAgain(call, index, killedMs)));
    const late = again.filter((afterMs) => afterMs > AGAIN_MS_MAX).length;
    const slowest = seconds(Math.max(...again));
    assert(
      late === 0,
      `${late} of ${CALLS} callers heard the assistant later than promised, the last one after ${slowest}`,
    );
    lab.measured(
      'everybody is in conversation again',
      `${CALLS} callers heard the assistant ${seconds(Math.min(...again))} to ${slowest} after the kill`,
    );
    await Promise.all(calls.map(hearsOut));
    await isSorry(lab, calls[1], killedMs);
    const answered = await staggered(calls, isAnswered);
    const goneMs = (await dead) - killedMs;
    const taken = await taking.metric('rapida_calls_live');
    assert(taken === CALLS, `the next node holds ${taken} calls after the dead one was cleared away`);
    lab.measured(
      'they go on',
      `answered after ${ms(Math.max(...answered))} at worst; the dead node was cleared away after ${seconds(goneMs)}, and no call with it`,
    );
    for (const call of calls) call.sip.hangup();
    lab.measured('on record', await areTheSame(cluster, told, calls));
    for (const node of cluster.nodes.slice(1)) await nothingIsLeft(node, asterisk, 5_000);
  },
};

/** One of so many is in the middle of an answer when the node dies. */
function isSpokenTo(_call: TestCall, index: number): boolean {
  return index % SPOKEN_TO_EVERY === 0;
}

async function hearsAnAnswerBegin(call: TestCall): Promise<void> {
  const { lastMs } = await call.say(QUESTION);
  await hears(call, lastMs, ANSWERED_MS_MAX, 'an answer');
}

/** How long after the kill. What Asterisk had of a sentence that broke off is not counted. */
async function hearsAgain(call: TestCall, index: number, killedMs: number): Promise<number> {
  const restMs = isSpokenTo(call, index) ? REST_MS : 0;
  return restMs + (await hears(call, killedMs + restMs, WAITED_MS_MAX, 'the assistant again'));
}

/** Begun one after the other; all have to succeed. */
async function staggered<T, R>(all: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  return Promise.all(
    all.map(async (one, index) => {
      await sleep(systemClock, index * STAGGER_MS);
      return work(one, index);
    }),
  );
}

async function isSorry(lab: Lab, call: TestCall | undefined, sinceMs: number): Promise<void> {
  assert(call !== undefined, 'there is no call');
  await call.understands(soundBetween(call.sip.rtp.heard, sinceMs, systemClock.nowMs()), RESUMED);
  lab.measured('and is told', RESUMED);
}

/** Each call is there once, with all that was said and all that happened; and who wanted to be told was told once. */
async function areTheSame(cluster: Cluster, told: Told, made: readonly TestCall[]): Promise<string> {
  const calls = await allCompleted(cluster, CALLS);
  const spokenTo = new Set(made.filter(isSpokenTo).map(({ from }) => from));
  for (const { id, from } of calls) {
    const turns = await turnsOf(cluster, id);
    assert((spokenTo.has(from) ? TURNS_SPOKEN_TO : TURNS).test(turns), `the turns of call ${id} are ${turns}`);
    const events = await cluster.numberedEvents(id);
    for (const type of ['call.connected', 'call.resumed', 'call.ended']) {
      const times = events.filter((event) => event.type === type).length;
      assert(times === 1, `call ${id} has ${times} events ${type}`);
    }
  }
  const events = await told.knowsOnce(
    cluster,
    calls.map(({ id }) => id),
  );
  return `${calls.length} calls under their ids, each with its whole transcript and one call.resumed; ${events} events told once each`;
}

/** Greeted and answered, lost, and answered once more. An answer that broke off is given again; it may just have been over. */
const TURNS = /^assistant user assistant sorry user assistant$/;
const TURNS_SPOKEN_TO = /^assistant user assistant user (assistant )?sorry user assistant$/;
