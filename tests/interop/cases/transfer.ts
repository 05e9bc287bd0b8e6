import {
  ANNOUNCED,
  GREETING,
  HOURS,
  makeAssistant,
  NOT_CONNECTED,
  NOWHERE_TARGET,
  RECEPTION_TARGET,
} from '../assistant.js';
import { callee } from '../asterisk-configuration.js';
import { configurationFor, describeLine, type Line, targetOf } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { applicationIsThere, describeWay, OutboundLine, type Way } from '../outbound-line.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { answersAfter, BUSY, RINGS } from '../sip-phone/behaviour.js';
import { isVoiced } from '../sip-phone/rtp-stream.js';
import { SipPhone } from '../sip-phone/sip-phone.js';
import { TestCall } from '../test-call.js';
import { assert, poll, until, within } from '../wait.js';
import type { Case } from './case.js';

/** What the dialplan has for it; the phone of the reception is `PJSIP/reception`. */
export const RECEPTION = `[reception]
exten => s,1,Dial(PJSIP/reception,20)
 same => n,Hangup()
`;
const INBOUND_CONTEXT = 'interop-inbound';
const TOLD_MS_MAX = 5_000;
/** Samples of 20 ms at 8 kHz. */
const PACKET = 160;
/** The ends of words are quieter than what counts as sound: of a sentence this much may be missing. */
const SHORTER_MAX = 12 * PACKET;
/** Between two sentences of the voice, which are silent at both ends. */
const BREAK = 3 * PACKET;
/** Longer than the line adds to a sentence, shorter than any other that may follow it. */
const PAUSE = 12 * PACKET;
const PADDING = 20 * PACKET;

/** Who wants a transfer: the assistant, because its caller asked for it, or somebody by REST while it speaks. */
type Ordered = 'by the assistant' | 'by REST';

/** A way for calls to a server, and the phone of a reception that they can be handed to. */
interface Place {
  readonly lab: Lab;
  readonly server: ServerUnderTest;
  readonly reception: SipPhone;
  /** A new call, whose greeting was heard. */
  readonly talks: () => Promise<TestCall>;
  /** How the caller leaves, and whether Asterisk can be asked beforehand if the target exists. */
  readonly by: 'directive' | 'continue';
  readonly asks: boolean;
  /** The number that the reception's phone is to show; undefined: of the call. */
  readonly shown?: string;
}

/** The dialplan of the configuration under test hands over: to a phone that answers, to one that is busy, to nothing. */
export function transfer(line: Line): Case {
  return {
    name: `${describeLine(line)}: transfer by the directive`,
    async run(lab) {
      const server = await lab.server();
      const configuration = configurationFor(line, [targetOf(server, await makeAssistant(server))]);
      const reception = await openReception(lab);
      const { asterisk, phone } = await lab.exchange(configuration, receptionFiles(reception));
      const dial = () => TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      await everyOutcome({ lab, server, reception, talks: greeted(dial), by: 'directive', asks: false }, line);
    },
  };
}

/** A transfer leaves our application for the dialplan by `continue`: the caller stays, media and bridge go. */
export function stasisTransfer(line: Line): Case {
  return {
    name: `inbound stasis ${describeLine(line)}: transfer into the dialplan`,
    async run(lab) {
      const reception = await openReception(lab);
      const files = (assistantId: string) => {
        const stasis = `Stasis(rapida,${assistantId})\n same => n,Hangup()\n`;
        const dialplan = `[${INBOUND_CONTEXT}]\nexten => 100,1,${stasis}[again]\nexten => s,1,${stasis}`;
        return receptionFiles(reception, dialplan);
      };
      const outbound = await OutboundLine.open(lab, { ...line, mode: 'stasis' }, { files, context: INBOUND_CONTEXT });
      await applicationIsThere(outbound);
      const { server, asterisk, caller } = outbound;
      const dial = () => TestCall.dial({ server, asterisk, phone: caller, voice: lab.voice, codec: 'PCMU' });
      const place = { lab, server, reception, talks: greeted(dial), by: 'continue', asks: true } as const;
      await everyOutcome(place, line);
      await backToUs(place);
    },
  };
}

/** The same for somebody whom the server has called. */
export function outboundTransfer(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: transfer`,
    async run(lab) {
      const reception = await openReception(lab);
      const line = await OutboundLine.open(lab, way, { files: () => receptionFiles(reception) });
      const by = way.mode === 'stasis' ? 'continue' : 'directive';
      let last = 0;
      const dial = async () => {
        const number = `+155512340${last++}0`;
        line.callee.onCall(answersAfter(100));
        return line.taken(await line.place(number), number);
      };
      await everyOutcome({ lab, server: line.server, reception, talks: greeted(dial), by, asks: true, shown: '' }, way);
    },
  };
}

async function everyOutcome(place: Place, { transport }: Line): Promise<void> {
  const [one, other] = (['by the assistant', 'by REST'] as const).toSorted(() =>
    transport === 'audiosocket' ? 0 : -1,
  );
  if (one === undefined || other === undefined) return;
  await meetsReception(place, one);
  await findsItBusy(place, other);
  await Promise.all([findsNothing(place, one), findsNothing(place, other)]);
}

/** The phone rings, shows who calls, is answered, both hear each other, and it is hung up with the caller. */
async function meetsReception(place: Place, ordered: Ordered): Promise<void> {
  const { lab, server, reception } = place;
  reception.onCall(RINGS);
  const call = await place.talks();
  const said = await wants(place, call, ordered, RECEPTION_TARGET);
  await until('the reception rings', 5_000, () => reception.incoming.length > 0);
  const other = reception.incoming.at(-1);
  assert(other !== undefined, 'no call at the reception');
  const record = await server.endedCall((await call.record()).id);
  assert(record.directive === `goto:${RECEPTION_TARGET}`, `the directive is ${record.directive}`);
  await told(server, record.id, [`transferred ${place.by}`]);
  other.accept();
  const greeting = 'I am here now.';
  // Whoever lifts a receiver takes breath; Asterisk joins both meanwhile.
  other.rtp.say(padded(await lab.voice.say(greeting, 'slt'), PADDING));
  const heard = await call.listen(said.endedMs + 500);
  const found = await lab.voice.recognise(heard.sound, [greeting, ANNOUNCED, 'good morning', 'please wait']);
  assert(found === 'i am here now', `the caller heard "${found}" of the reception`);
  call.sip.hangup();
  await within('the reception is hung up', 3_000, other.ended);
  await call.leavesNothing();
  await told(server, record.id, [`transferred ${place.by}`, 'transfer_answered']);
  isCalledBy(place, call);
  lab.measured(
    `to a phone that answers, ${ordered}`,
    `rings ${ms(other.begunMs - said.endedMs)} after the assistant's last word, is heard, is hung up`,
  );
}

async function findsItBusy(place: Place, ordered: Ordered): Promise<void> {
  const { lab, server, reception } = place;
  reception.onCall(BUSY);
  const call = await place.talks();
  await wants(place, call, ordered, RECEPTION_TARGET);
  await call.ended(5_000);
  const { id } = await call.leavesNothing();
  await told(server, id, [`transferred ${place.by}`, 'transfer_failed busy']);
  isCalledBy(place, call);
  lab.measured(`to a phone that is busy, ${ordered}`, 'told so');
}

/** Where Asterisk can be asked nobody is sent there, and the assistant goes on; else the dialplan finds out. */
async function findsNothing(place: Place, ordered: Ordered): Promise<void> {
  const { lab, server } = place;
  const call = await place.talks();
  const said = await wants(place, call, ordered, NOWHERE_TARGET);
  const { id } = await call.record();
  if (place.asks) {
    await call.understands(await lastIn(lab, said.sound, NOT_CONNECTED), NOT_CONNECTED);
    await told(server, id, ['transfer_failed transfer_target_unknown']);
    await call.ask('when are you open', HOURS);
    lab.measured(`to nowhere, ${ordered}`, 'the assistant says so at once, and answers the next turn');
    call.sip.hangup();
  } else {
    await call.ended(8_000);
    await told(server, id, ['transferred directive', 'transfer_failed transfer_target_unknown']);
    lab.measured(`to nowhere, ${ordered}`, 'the caller hears a sorry, is hung up, and it is told so');
  }
  const { directive } = await server.endedCall(id);
  assert(directive === (place.asks ? null : `goto:${NOWHERE_TARGET}`), `the directive is ${directive}`);
}

/** From one assistant to the next: the caller comes into our application again, as a call of its own. */
async function backToUs(place: Place): Promise<void> {
  const { lab, server } = place;
  const call = await place.talks();
  const said = await wants(place, call, 'by REST', 'again,s,1');
  const next = await call.listen(said.endedMs + 50);
  await call.understands(await lastIn(lab, next.sound, GREETING), GREETING);
  const { id } = await call.record();
  const other = await server.callFrom(call.from);
  assert(other.id !== id && other.state === 'connected', `the next call is ${other.id}, ${other.state}`);
  call.sip.hangup();
  await call.leavesNothing();
  lab.measured('to another assistant', 'greeted by it in a call of its own');
}

interface Said {
  readonly endedMs: number;
  /** With what followed at once. */
  readonly sound: Int16Array;
}

/** What the assistant says before it hands over, heard to its end. */
async function wants({ lab, server }: Place, call: TestCall, ordered: Ordered, target: string): Promise<Said> {
  const nowhere = target === NOWHERE_TARGET;
  const sentence = ordered === 'by REST' ? HOURS : ANNOUNCED;
  const asks = nowhere ? 'please call the other office' : 'can i speak to a person';
  const { lastMs } = await call.say(ordered === 'by REST' ? 'when are you open' : asks);
  const { id } = await call.record();
  await call.hearsFrom(lastMs);
  if (ordered === 'by REST') await server.send('POST', `/v1/calls/${id}/transfer`, { target });
  const said = await call.listen(lastMs);
  const whole = await spoken(lab, sentence);
  const { first, last } = voicedPart(said.sound);
  // Where the transfer fails, something else follows before it is silent.
  const followed = last - first > whole + PAUSE;
  const sound = followed ? said.sound.subarray(0, first + whole + BREAK) : said.sound;
  await call.understands(padded(sound), sentence);
  const heard = followed ? whole : last - first;
  assert(heard > whole - SHORTER_MAX, `heard ${ms(heard / 8)} of the sentence, which has ${ms(whole / 8)}`);
  return { endedMs: followed ? said.beganMs + whole / 8 : said.endedMs, sound: said.sound };
}

/** The end of what was heard, as long as this sentence is: what was said before it must not confuse the recogniser. */
async function lastIn(lab: Lab, sound: Int16Array, sentence: string): Promise<Int16Array> {
  const { last } = voicedPart(sound);
  return padded(sound.subarray(Math.max(0, last - (await spoken(lab, sentence)) - BREAK)));
}

/** The recogniser wants to hear that a sentence is over. */
function padded(sound: Int16Array, before = 0): Int16Array {
  const whole = new Int16Array(before + sound.length + PADDING);
  whole.set(sound, before);
  return whole;
}

/** Samples from the first to the last sound of a sentence of the assistant. */
async function spoken(lab: Lab, sentence: string): Promise<number> {
  const { first, last } = voicedPart(await lab.voice.say(sentence, 'slt'));
  return last - first;
}

/** Counted in samples: they are as long as they were spoken, however late their packets came. */
function voicedPart(sound: Int16Array): { readonly first: number; readonly last: number } {
  const packets = Array.from({ length: Math.floor(sound.length / PACKET) }, (_, i) =>
    isVoiced(sound.subarray(i * PACKET, (i + 1) * PACKET)),
  );
  return { first: packets.indexOf(true) * PACKET, last: packets.lastIndexOf(true) * PACKET };
}

/** The number of the caller, not of the house. */
function isCalledBy({ reception, shown }: Place, call: TestCall): void {
  const invitation = reception.invitations.at(-1);
  const from = shown ?? call.from;
  assert(from === '' || invitation?.caller === from, `the reception sees ${invitation?.caller}, not ${from}`);
}

/** What is on record about transfers of a call, as `<event> <by or reason>`. */
async function told(server: ServerUnderTest, id: string, expected: readonly string[]): Promise<void> {
  let seen = '';
  const there = poll('the outcome is told', TOLD_MS_MAX, async () => {
    const events = (await server.events(id)).filter(({ type }) => type.startsWith('call.transfer'));
    seen = events.map(({ type, data }) => `${type.slice(5)} ${data.by ?? data.reason ?? ''}`.trim()).join(', ');
    return seen === expected.join(', ') ? 'told' : undefined;
  });
  await there.catch(() => {
    throw new Error(`told was "${seen}", not "${expected.join(', ')}"`);
  });
}

function greeted(dial: () => Promise<TestCall>): () => Promise<TestCall> {
  return async () => {
    const call = await dial();
    await call.listenFor(GREETING, call.answeredMs);
    return call;
  };
}

async function openReception(lab: Lab): Promise<SipPhone> {
  const reception = await SipPhone.open();
  lab.stopLater(() => reception.close());
  return reception;
}

function receptionFiles(reception: SipPhone, dialplan = ''): Record<string, string> {
  return { 'pjsip.conf': callee('reception', reception.port), 'extensions.conf': `${RECEPTION}${dialplan}` };
}
