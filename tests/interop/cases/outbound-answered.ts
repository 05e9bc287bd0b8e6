import { systemClock } from '@rapida/core';
import { GREETING, HOURS } from '../assistant.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { describeWay, OutboundLine, type Way } from '../outbound-line.js';
import { answersAfter } from '../sip-phone/behaviour.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';
import { interrupt, leaveNumber } from './conversation.js';

const SEEN_MS_MAX = 200;
const NUMBER = '+15551230001';
/** What a call that goes well leaves behind; anything else of these in between is a fault. */
const STEPS = ['channel_created', 'call.ringing', 'call.answered', 'call.connected', 'call.ended'];
const WATCHED = [...STEPS, 'call.failed', 'call.retrying', 'call.transferred'];

/** The phone of somebody rings, is answered, and a whole conversation is held until he hangs up. */
export function outboundConversation(way: Way): Case {
  return { name: `outbound ${describeWay(way)}: conversation, callee hangs up`, run: (lab) => converse(lab, way) };
}

async function converse(lab: Lab, way: Way): Promise<void> {
  const line = await OutboundLine.open(lab, way);
  const { server, callee } = line;
  callee.onCall(answersAfter(300));
  const id = await line.place(NUMBER, { fromNumber: 'Ann <15550002222>' });
  const call = await line.taken(id, NUMBER);
  const greeting = await call.listenFor(GREETING, call.answeredMs);
  lab.measured('greeting is heard', `${ms(greeting.afterMs)} after the answer`);
  const [invitation] = line.dialled(NUMBER);
  const shown = `${invitation?.callerName} <${invitation?.caller}>`;
  assert(shown === 'Ann <15550002222>', `the phone shows ${shown}`);
  const wire = await call.mediaFormat();
  assert(wire === way.format, `the media came as ${wire}, not ${way.format}`);

  const hours = await call.ask('when are you open', HOURS);
  lab.measured('callee is understood', `answered ${ms(hours.afterMs)} after the last word`);
  await interrupt(lab, call);
  await leaveNumber(lab, call);

  call.sip.hangup();
  const { wallMs } = await call.ended();
  const record = await call.leavesNothing();
  assert(
    record.state === 'completed' && record.disconnectedBy === 'user',
    `recorded as ${record.state}, ended by ${record.disconnectedBy}, ${record.reason}`,
  );
  const seenMs = Date.parse(record.endedAt ?? '') - wallMs;
  assert(seenMs <= SEEN_MS_MAX, `seen by the server only after ${ms(seenMs)}`);
  const steps = (await server.events(id)).map(({ type }) => type).filter((type) => WATCHED.includes(type));
  assert(steps.join() === STEPS.join(), `the events are ${steps.join(', ')}`);
  assert(line.dialled(NUMBER).length === 1, 'the phone was called more than once');
  lab.measured(
    'hang-up by the callee',
    `seen ${ms(seenMs)} after the BYE (at most ${SEEN_MS_MAX}), nothing left behind`,
  );
}

/** `/hangup` while both talk: the phone is hung up at once. */
export function outboundHangup(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: server hangs up`,
    async run(lab: Lab) {
      const line = await OutboundLine.open(lab, way);
      const call = await line.connected(NUMBER);
      await call.listenFor(GREETING, call.answeredMs);
      const { id } = await call.record();
      const orderedMs = systemClock.nowMs();
      await line.server.send('POST', `/v1/calls/${id}/hangup`);
      const { by, atMs } = await call.ended(5_000);
      const record = await call.leavesNothing();
      assert(by === 'peer', 'the phone was not hung up');
      assert(
        record.state === 'completed' && record.disconnectedBy === 'system',
        `recorded as ${record.state}, ended by ${record.disconnectedBy}, ${record.reason}`,
      );
      const seenMs = atMs - orderedMs;
      assert(seenMs <= SEEN_MS_MAX, `the phone was hung up only after ${ms(seenMs)}`);
      lab.measured('seen by the phone', `${ms(seenMs)} after the order (at most ${SEEN_MS_MAX}), nothing left behind`);
    },
  };
}
