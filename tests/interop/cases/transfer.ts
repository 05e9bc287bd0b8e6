import { GREETING, makeAssistant } from '../assistant.js';
import { callee } from '../asterisk-configuration.js';
import { configurationFor, describeLine, type Line, targetOf } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { SipPhone } from '../sip-phone/sip-phone.js';
import { TestCall } from '../test-call.js';
import { assert, until, within } from '../wait.js';
import type { Case } from './case.js';

/** What the dialplan has for it; the phone of the reception is `PJSIP/reception`. */
export const RECEPTION = `[reception]
exten => s,1,Dial(PJSIP/reception,20)
 same => n,Hangup()
`;

/** The assistant connects the caller with somebody else: the phone of the reception rings, answers, and both hear each other. */
export function transfer(line: Line): Case {
  return {
    name: `${describeLine(line)}: transfer by the directive`,
    async run(lab: Lab) {
      const server = await lab.server();
      const configuration = configurationFor(line, [targetOf(server, await makeAssistant(server))]);
      const reception = await SipPhone.open();
      lab.stopLater(() => reception.close());
      const { asterisk, phone } = await lab.exchange(configuration, {
        'pjsip.conf': callee('reception', reception.port),
        'extensions.conf': RECEPTION,
      });
      const call = await TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      await call.listenFor(GREETING, call.answeredMs);
      const figure = await meetReception(lab, server, call, reception);
      await call.leavesNothing();
      lab.measured('reception', figure);
    },
  };
}

/** Asks for a person, is connected with the reception, and hangs up. What was measured. */
export async function meetReception(
  lab: Lab,
  server: ServerUnderTest,
  call: TestCall,
  reception: SipPhone,
): Promise<string> {
  const asked = await call.ask('can i speak to a person', 'One moment, please.');
  await until('the reception rings', 5_000, () => reception.incoming.length > 0);
  const record = await server.endedCall((await call.record()).id);
  assert(record.directive === 'goto:reception,s,1', `the directive is ${record.directive}`);
  const other = reception.incoming[0];
  assert(other !== undefined, 'no call at the reception');
  other.accept();
  const greeting = 'I am here now.';
  other.rtp.say(await lab.voice.say(greeting, 'slt'));
  const heard = await call.listen(asked.endedMs + 500);
  const found = await lab.voice.recognise(heard.sound, [
    greeting,
    'One moment, please.',
    'good morning',
    'please wait',
  ]);
  assert(found === 'i am here now', `the caller heard "${found}" of the reception`);
  call.sip.hangup();
  await within('the reception is hung up', 3_000, other.ended);
  return `rings ${ms(other.begunMs - asked.endedMs)} after the assistant's last word, is heard, is hung up`;
}
