import { GREETING, HOURS } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { applicationIsThere, OutboundLine } from '../outbound-line.js';
import { nothingIsLeft, TestCall } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';
import { interrupt, leaveNumber } from './conversation.js';

const CONTEXT = 'interop-inbound';
const SEEN_MS_MAX = 200;

/** The dialplan hands calls to our application by the number of the assistant. */
function handing(assistantId: string): string {
  return `[${CONTEXT}]\nexten => 100,1,Stasis(rapida,${assistantId})\n same => n,Hangup()\n`;
}

export function stasisInbound(line: Line): Case {
  return {
    name: `inbound stasis ${describeLine(line)}: conversation, caller hangs up`,
    async run(lab: Lab) {
      const { call } = await answered(lab, line, (assistantId) => ({ 'extensions.conf': handing(assistantId) }));
      const greeting = await call.listenFor(GREETING, call.answeredMs);
      lab.measured('greeting is heard', `${ms(greeting.afterMs)} after the answer`);
      await call.ask('when are you open', HOURS);
      await interrupt(lab, call);
      await leaveNumber(lab, call);
      call.sip.hangup();
      const { wallMs } = await call.ended();
      const { endedAt, ...record } = await call.leavesNothing();
      const shown = `${record.state}, ended by ${record.disconnectedBy}, from ${record.from}`;
      assert(shown === `completed, ended by user, from ${call.from}`, `recorded as ${shown}`);
      const seenMs = Date.parse(endedAt ?? '') - wallMs;
      assert(seenMs <= SEEN_MS_MAX, `seen by the server only after ${ms(seenMs)}`);
      lab.measured('hang-up by the caller', `seen ${ms(seenMs)} after the BYE, nothing left behind`);
    },
  };
}

/** A caller who hangs up before the assistant has said anything: whatever was built by then is taken down. */
export function stasisGivesUp(line: Line): Case {
  return {
    name: `inbound stasis ${describeLine(line)}: caller gives up at once`,
    async run(lab: Lab) {
      const { outbound, call } = await answered(lab, line, (assistantId) => ({
        'extensions.conf': handing(assistantId),
      }));
      call.sip.hangup();
      const record = await outbound.server.endedCall((await call.record()).id);
      await nothingIsLeft(outbound.server, outbound.asterisk, 5_000);
      const shown = `${record.state}, ${record.reason}`;
      // The hang-up overtakes the sound, or it does not.
      assert(['failed, hung_up_before_media', 'completed, caller_hangup'].includes(shown), `recorded as ${shown}`);
      lab.measured('undone', `${shown}, nothing left behind`);
    },
  };
}

async function answered(lab: Lab, line: Line, files: (assistantId: string) => Record<string, string>) {
  const outbound = await OutboundLine.open(lab, { ...line, mode: 'stasis' }, { files, context: CONTEXT });
  await applicationIsThere(outbound);
  const { server, asterisk, caller } = outbound;
  const call = await TestCall.dial({ server, asterisk, phone: caller, voice: lab.voice, codec: 'PCMU' });
  return { outbound, call };
}
