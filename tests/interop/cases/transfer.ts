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
import { soundBetween } from '../sip-phone/heard.js';
import { type HeardPacket, isVoiced } from '../sip-phone/rtp-stream.js';
import { SipPhone } from '../sip-phone/sip-phone.js';
import { type HeardSpeech, TestCall } from '../test-call.js';
import { assert, poll, until, within } from '../wait.js';
import type { Case } from './case.js';

/** What the dialplan has for it; the phone of the reception is `PJSIP/reception`. */
const RECEPTION = `[reception]
exten => s,1,Dial(PJSIP/reception,20)
 same => n,Hangup()
`;
const INBOUND_CONTEXT = 'interop-inbound';
/** Samples of 20 ms at 8 kHz. */
const PACKET = 160;
const PADDING = 20 * PACKET;
/** Between two sentences of the voice; within this one there is none at its end. */
const BREAK_MS = 80;
/** Shorter than what else may follow, longer than what the line adds. */
const PAUSE_MS = 250;
const TOLD_MS_MAX = 5_000;
/** The ends of words are quieter than what counts as sound. */
const SHORTER_MS_MAX = 250;

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
    await call.understands(await lastIn(lab, call, said.speech, NOT_CONNECTED), NOT_CONNECTED);
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
  await call.understands(await lastIn(lab, call, next, GREETING), GREETING);
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
  readonly speech: HeardSpeech;
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
  const wholeMs = await spokenMs(lab, sentence);
  // Where the transfer fails, something else follows before it is silent.
  const followed = said.endedMs > said.beganMs + wholeMs + PAUSE_MS;
  const { heard } = call.sip.rtp;
  const endedMs = followed ? pauseAfter(heard, said.beganMs + wholeMs - PAUSE_MS / 2) : said.endedMs;
  await call.understands(padded(soundBetween(heard, said.beganMs - 200, endedMs + 40)), sentence);
  const heardMs = endedMs - said.beganMs;
  assert(heardMs > wholeMs - SHORTER_MS_MAX, `heard ${ms(heardMs)} of the sentence, which has ${ms(wholeMs)}`);
  return { endedMs, speech: said };
}

/** The end of what was heard, as long as this sentence is: what was said before it must not confuse the recogniser. */
async function lastIn(lab: Lab, call: TestCall, { endedMs }: HeardSpeech, sentence: string): Promise<Int16Array> {
  const beganMs = endedMs - (await spokenMs(lab, sentence));
  return padded(soundBetween(call.sip.rtp.heard, beganMs - BREAK_MS / 2, endedMs + 300));
}

/** When it is silent for the first time after a moment, for longer than between two words. */
function pauseAfter(heard: readonly HeardPacket[], sinceMs: number): number {
  let quietSinceMs: number | undefined;
  for (const { atMs, voiced } of heard) {
    if (atMs < sinceMs) continue;
    if (voiced) quietSinceMs = undefined;
    else quietSinceMs ??= atMs;
    if (quietSinceMs !== undefined && atMs - quietSinceMs >= BREAK_MS) return quietSinceMs;
  }
  return sinceMs;
}

/** The recogniser wants to hear that a sentence is over. */
function padded(sound: Int16Array, before = 0): Int16Array {
  const whole = new Int16Array(before + sound.length + PADDING);
  whole.set(sound, before);
  return whole;
}

/** From the first to the last sound of a sentence of the assistant. */
async function spokenMs(lab: Lab, sentence: string): Promise<number> {
  const samples = await lab.voice.say(sentence, 'slt');
  const packets = Array.from({ length: Math.floor(samples.length / PACKET) }, (_, i) =>
    samples.subarray(i * PACKET, (i + 1) * PACKET),
  );
  const first = packets.findIndex(isVoiced);
  return (packets.findLastIndex(isVoiced) - first) * 20;
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
