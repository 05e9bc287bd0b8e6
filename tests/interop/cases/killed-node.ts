import { sleep, systemClock } from '@rapida/core';
import { GREETING, HOURS, RESUMED } from '../assistant.js';
import { Cluster } from '../cluster/cluster.js';
import { REACHES } from '../cluster/cluster-configuration.js';
import { hears, hearsOut, isAnswered, isGreeted, QUESTION } from '../cluster/conversing.js';
import { Told } from '../cluster/told.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import type { TurnJson } from '../server-json.js';
import { soundBetween } from '../sip-phone/heard.js';
import { nothingIsLeft, type TestCall } from '../test-call.js';
import { assert, poll } from '../wait.js';
import type { Case } from './case.js';

const CALLS = 20;
const STAGGER_MS = 250;
/** What is promised: everybody is in conversation again. */
const AGAIN_MS_MAX = 5_000;
/** A dead node is found out within this. */
const NOTICED_MS_MAX = 15_000;
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

    const killedMs = systemClock.nowMs();
    await dying.kill();
    const again = await Promise.all(calls.map((call) => hears(call, killedMs, AGAIN_MS_MAX, 'the assistant again')));
    lab.measured(
      'everybody is in conversation again',
      `${CALLS} callers heard the assistant ${seconds(Math.min(...again))} to ${seconds(Math.max(...again))} after the kill`,
    );
    await Promise.all(calls.map(hearsOut));
    await isSorry(lab, calls[0], killedMs);
    const answered = await staggered(calls, isAnswered);
    await poll('the others take the node for dead', NOTICED_MS_MAX, async () =>
      (await cluster.states()).n1 === undefined ? 'gone' : undefined,
    );
    const goneMs = systemClock.nowMs() - killedMs;
    const taken = await taking.metric('rapida_calls_live');
    assert(taken === CALLS, `the next node holds ${taken} calls after the dead one was cleared away`);
    lab.measured(
      'they go on',
      `answered after ${ms(Math.max(...answered))} at worst; the dead node was cleared away after ${seconds(goneMs)}, and no call with it`,
    );
    for (const call of calls) call.sip.hangup();
    lab.measured('on record', await goesOnAsTheSame(cluster, told));
    for (const node of cluster.nodes.slice(1)) await nothingIsLeft(node, asterisk, 5_000);
  },
};

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
async function goesOnAsTheSame(cluster: Cluster, told: Told): Promise<string> {
  const calls = await cluster.endedCalls();
  assert(calls.length === CALLS, `${CALLS} calls were made, ${calls.length} are on record`);
  const odd = calls.filter(({ state, disconnectedBy }) => state !== 'completed' || disconnectedBy !== 'user');
  const ends = odd.map(({ id, state, reason }) => `${id} ${state} ${reason}`).slice(0, 5);
  assert(odd.length === 0, `${odd.length} calls did not end as their callers did: ${ends.join('; ')}`);
  for (const { id } of calls) {
    const turns = await cluster.witness.transcript(id);
    assert(said(turns) === SAID, `the transcript of call ${id} is ${said(turns)}`);
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

const SAID = said([
  ...[turn('assistant', GREETING), turn('user', QUESTION), turn('assistant', HOURS)],
  ...[turn('assistant', RESUMED), turn('user', QUESTION), turn('assistant', HOURS)],
]);

function turn(role: TurnJson['role'], text: string): Pick<TurnJson, 'role' | 'text'> {
  return { role, text };
}

function said(turns: readonly Pick<TurnJson, 'role' | 'text'>[]): string {
  const words = (text: string) => text.toLowerCase().replaceAll(/[^a-z ]/g, '');
  return turns.map(({ role, text }) => `${role}: ${words(text)}`).join(' / ');
}
