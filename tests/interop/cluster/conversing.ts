import { sleep, systemClock } from '@rapida/core';
import { firstVoiced, lastVoiced } from '../sip-phone/heard.js';
import type { TestCall } from '../test-call.js';

/** What callers ask, and wait for at most. */
export const QUESTION = 'when are you open';
export const GREETED_MS_MAX = 10_000;
export const ANSWERED_MS_MAX = 10_000;
/** The assistant has finished when it was silent for this long. */
const FINISHED_MS = 900;
const SPEECH_MS_MAX = 20_000;
const LOOK_MS = 50;

/** Waits on the line; fails where the call is ended by the other side. */
export async function staysOn(call: TestCall, delayMs: number): Promise<void> {
  const cut = await Promise.race([sleep(systemClock, delayMs).then(() => undefined), call.sip.ended]);
  if (cut !== undefined) throw new Error(`was cut ${Math.round(cut.atMs - call.answeredMs)} ms after the answer`);
}

/** How long after a moment the assistant was heard. */
export async function hears(call: TestCall, sinceMs: number, msMax: number, what: string): Promise<number> {
  for (;;) {
    const atMs = firstVoiced(call.sip.rtp.heard, sinceMs);
    if (atMs !== undefined) return atMs - sinceMs;
    if (systemClock.nowMs() - sinceMs > msMax) throw new Error(`did not hear ${what} within ${msMax} ms`);
    await staysOn(call, LOOK_MS);
  }
}

/** Hears the assistant out. */
export async function hearsOut(call: TestCall): Promise<void> {
  const startMs = systemClock.nowMs();
  while (systemClock.nowMs() - (lastVoiced(call.sip.rtp.heard) ?? 0) < FINISHED_MS) {
    if (systemClock.nowMs() - startMs > SPEECH_MS_MAX) throw new Error('the assistant does not finish');
    await staysOn(call, LOOK_MS);
  }
}

/** Is greeted, to the end. How long it took until that began. */
export async function isGreeted(call: TestCall): Promise<number> {
  const greetedMs = await hears(call, call.answeredMs, GREETED_MS_MAX, 'a greeting');
  await hearsOut(call);
  return greetedMs;
}

/** Asks and is answered, to the end. How long it took until the answer began. */
export async function isAnswered(call: TestCall): Promise<number> {
  const { lastMs } = await call.say(QUESTION);
  const answeredMs = await hears(call, lastMs, ANSWERED_MS_MAX, 'an answer');
  await hearsOut(call);
  return answeredMs;
}
