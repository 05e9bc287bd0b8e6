import { systemClock } from '@rapida/core';
import { GREETING, RESUMED } from '../assistant.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { describeWay, OutboundLine, type Way } from '../outbound-line.js';
import { answersAfter, RINGS } from '../sip-phone/behaviour.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, within } from '../wait.js';
import type { Case } from './case.js';

const RINGING = '1001';
const TALKING = '1002';
const WAITING = '1003';
const AFTERWARDS = '1004';
/** Longest that a phone may be left in a call that nobody holds any more. */
const FREE_MS_MAX = 20_000;
/** A call whose media was lost is kept open for a few seconds. */
const CLOSED_MS_MAX = 15_000;
const AN_HOUR_MS = 3_600_000;

/** A line with a call that rings and one that talks. */
async function twoCalls(lab: Lab, way: Way) {
  const line = await OutboundLine.open(lab, way);
  line.callee.onCall(({ called }) => (called === RINGING ? RINGS : answersAfter(300)));
  const ringing = await line.place(RINGING);
  const talking = await line.place(TALKING);
  const call = await line.taken(talking, TALKING);
  await call.listenFor(GREETING, call.answeredMs);
  await line.inState(ringing, 'ringing');
  return { line, ringing, talking, call };
}

/** `core restart now` while one call rings and one talks: both end, each once, and calls can be placed again. */
export function asteriskRestarts(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: Asterisk is restarted`,
    async run(lab: Lab) {
      const { line, ringing, talking, call } = await twoCalls(lab, way);
      const { server, asterisk } = line;
      await asterisk.restart();
      const upMs = systemClock.nowMs();
      await call.ended(5_000);
      const first = await server.endedCall(ringing);
      const second = await server.endedCall(talking);
      assert(
        first.state === 'failed' && first.reason === 'asterisk_lost',
        `the call that rang is recorded as ${first.state}, ${first.reason}`,
      );
      assert(
        ['completed', 'failed'].includes(second.state),
        `the call that talked is recorded as ${second.state}, ${second.reason}`,
      );
      for (const id of [ringing, talking]) await endedOnce(line, id);
      const after = await line.connected(AFTERWARDS);
      await after.listenFor(GREETING, after.answeredMs);
      after.sip.hangup();
      await after.leavesNothing();
      const dialled = [RINGING, TALKING, AFTERWARDS].map((number) => line.dialled(number).length);
      assert(dialled.join() === '1,1,1', `the phones were called ${dialled.join(', ')} times`);
      lab.measured('both ended', `${first.state}, ${first.reason}; ${second.state}, ${second.reason}`);
      lab.measured('placed again', `answered ${ms(after.answeredMs - upMs)} after Asterisk was up`);
    },
  };
}

/**
 * A server that is killed and started again: what it had begun is ended and not begun again, what waits goes on waiting. Who was
 * talking is taken up again where a dialplan has the call.
 */
export function serverIsKilled(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: the server is killed and started again`,
    async run(lab: Lab) {
      const { line, ringing, talking, call } = await twoCalls(lab, way);
      const { server, asterisk } = line;
      const notBefore = new Date(systemClock.wallMs() + AN_HOUR_MS).toISOString();
      const waiting = await line.place(WAITING, { options: { notBefore } });
      const ringingPhone = await line.arrival(RINGING);
      const killedMs = systemClock.nowMs();
      await server.kill();
      await server.restart();
      const upMs = systemClock.nowMs();
      const goesOn = way.mode === 'dialplan';
      if (goesOn) {
        const lost = await call.listenFor(RESUMED, killedMs);
        lab.measured('talking again', `${seconds(lost.afterMs)} after the kill, in the same call`);
        await server.send('POST', `/v1/calls/${talking}/hangup`);
      }
      for (const id of [ringing, talking]) {
        const { state, reason } = await server.endedCall(id, CLOSED_MS_MAX);
        const wanted = goesOn && id === talking ? 'completed, hangup_requested' : 'failed, server_restarted';
        assert(`${state}, ${reason}` === wanted, `recorded as ${state}, ${reason}`);
        await endedOnce(line, id);
      }
      const waits = await server.call(waiting);
      assert(waits.state === 'queued', `the call that waits is recorded as ${waits.state}`);
      const silenced = await within('the phone stops ringing', FREE_MS_MAX, ringingPhone.ended);
      assert(silenced.by === 'peer', 'the ringing was not cancelled');
      const freed = await call.ended(FREE_MS_MAX);
      assert(freed.by === 'peer', 'the phone was not hung up');
      await nothingIsLeft(server, asterisk, 5_000);
      await server.send('POST', `/v1/calls/${waiting}/hangup`);
      const taken = await server.endedCall(waiting);
      assert(taken.state === 'cancelled', `what waited is recorded as ${taken.state}, ${taken.reason}`);
      const dialled = [RINGING, TALKING, WAITING].map((number) => line.dialled(number).length);
      assert(dialled.join() === '1,1,0', `the phones were called ${dialled.join(', ')} times`);
      lab.measured(
        'phones are free',
        `the one that rang ${seconds(silenced.atMs - killedMs)}, the one that talked ${seconds(freed.atMs - killedMs)} after the kill (up again after ${seconds(upMs - killedMs)})`,
      );
    },
  };
}

async function endedOnce({ server }: OutboundLine, id: string): Promise<void> {
  const events = (await server.events(id)).map(({ type }) => type);
  const endings = events.filter((type) => type === 'call.ended' || type === 'call.failed');
  assert(endings.length === 1, `a call ended ${endings.length} times: ${events.join(', ')}`);
}
