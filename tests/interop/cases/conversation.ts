import { GOODBYE, GREETING, HOURS, NUMBER_PROMPT, NUMBER_THANKS } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { firstVoiced } from '../sip-phone/heard.js';
import type { HeardPacket } from '../sip-phone/rtp-stream.js';
import type { Codec } from '../sip-phone/sdp.js';
import type { TestCall } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

/** As the assistant is configured (its default), and what the way through Asterisk may add. */
const INTERRUPT_AFTER_MS = 300;
const INTERRUPT_EXTRA_MS = 100;
/** A goodbye may be heard shorter than it was made by this much: the first and last frames are hardly loud. */
const GOODBYE_MISSING_MS_MAX = 60;

/** How long a hang-up may take to be seen at the other end. */
const SEEN_MS_MAX = 200;

/** A whole conversation over one kind of line. */
export function conversation(line: Line, codec: Codec): Case {
  return { name: `${describeLine(line)}: conversation (phone ${codec})`, run: (lab) => run(lab, line, codec) };
}

async function run(lab: Lab, line: Line, codec: Codec): Promise<void> {
  const { dial } = await lab.line(line);
  const call = await dial(codec);
  const greeting = await call.listenFor(GREETING, call.answeredMs);
  lab.measured('greeting is heard', `${ms(greeting.afterMs)} after the answer`);
  const wire = await call.mediaFormat();
  assert(wire === line.format, `the media came as ${wire}, not ${line.format}`);

  const hours = await call.ask('when are you open', HOURS);
  await call.isUnderstoodAs('when are you open');
  lab.measured('caller is understood', `answered ${ms(hours.afterMs)} after the last word`);

  await interrupt(lab, call);

  await leaveNumber(lab, call);

  const goodbye = await call.ask('thank you goodbye', GOODBYE);
  const end = await call.ended();
  const wanted = voicedMs(await lab.voice.say(GOODBYE, 'slt'));
  const heard = goodbye.endedMs + 20 - goodbye.beganMs;
  assert(heard >= wanted - GOODBYE_MISSING_MS_MAX, `only ${ms(heard)} of a goodbye of ${ms(wanted)} were heard`);
  assert(end.by === 'peer', 'the server did not hang up');
  lab.measured(
    'goodbye is heard whole',
    `${ms(heard)} of ${ms(wanted)}, hung up ${ms(end.atMs - goodbye.endedMs)} later`,
  );

  const final = await call.leavesNothing();
  assert(final.state === 'completed' && final.disconnectedBy === 'assistant', `recorded as ${JSON.stringify(final)}`);
  const lateMs = end.wallMs - Date.parse(final.endedAt ?? '');
  assert(lateMs <= SEEN_MS_MAX, `the phone was hung up only ${ms(lateMs)} after the record`);
  lab.measured('hang-up by the assistant', `at the phone ${ms(lateMs)} after the record, nothing left behind`);
}

/** Two equal keys one after the other: each must arrive, and only once. */
export async function leaveNumber(lab: Lab, call: TestCall): Promise<void> {
  await call.ask('i want to leave my number', NUMBER_PROMPT);
  call.sip.rtp.press('4711#');
  await call.listenFor(NUMBER_THANKS, call.sip.rtp.heard.at(-1)?.atMs ?? 0);
  await call.isUnderstoodAs('4711');
  lab.measured('keys arrive', '4711#');
}

export async function interrupt(lab: Lab, call: TestCall): Promise<void> {
  const { lastMs } = await call.say('please tell me a story');
  const beganMs = await call.hearsFrom(lastMs);
  // Where the story has no pause for a second: nothing but the interruption can silence it.
  const { heard } = call.sip.rtp;
  const { firstMs, lastMs: saidMs } = await call.sayAt(beganMs + 600, 'what are your opening hours');
  const spoke = heard.some(({ atMs, voiced }) => voiced && atMs <= firstMs && atMs > firstMs - 100);
  assert(spoke, 'the assistant was not speaking when the caller began');
  const silentMs = silentSince(heard, firstMs);
  const answer = await call.listenFor(HOURS, Math.max(saidMs, silentMs + 100));
  const limitMs = INTERRUPT_AFTER_MS + INTERRUPT_EXTRA_MS;
  const tookMs = silentMs - firstMs;
  assert(
    tookMs <= limitMs,
    `the assistant was silent only ${ms(tookMs)} after the caller began (at most ${limitMs} ms)`,
  );
  await call.isUnderstoodAs('what are your opening hours');
  lab.measured(
    'interruption',
    `silent after ${ms(tookMs)} of ${limitMs} ms, answered ${ms(answer.afterMs)} after the last word`,
  );
}

/** The end of the sound that was being heard at `fromMs`: its last loud packet before a pause that is no pause of speech. */
function silentSince(heard: readonly HeardPacket[], fromMs: number): number {
  let atMs = fromMs;
  for (;;) {
    const next = firstVoiced(heard, atMs + 1);
    if (next === undefined || next - atMs > 600) return atMs + 20;
    atMs = next;
  }
}

function voicedMs(samples: Int16Array): number {
  const loud = (at: number) => {
    const frame = samples.subarray(at, at + 160);
    return Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length) > 184;
  };
  let first = 0;
  let last = samples.length - 160;
  while (first < samples.length && !loud(first)) first += 160;
  while (last > first && !loud(last)) last -= 160;
  return (last + 160 - first) / 8;
}
