import { systemClock } from '@rapida/core';
import { SENTENCES } from './assistant.js';
import type { Asterisk } from './asterisk.js';
import type { CallJson } from './server-json.js';
import type { ServerUnderTest } from './server-under-test.js';
import { firstVoiced, lastVoiced, soundBetween } from './sip-phone/heard.js';
import type { Codec } from './sip-phone/sdp.js';
import type { CallEnd, SipCall } from './sip-phone/sip-call.js';
import type { SipPhone } from './sip-phone/sip-phone.js';
import type { Voice } from './voice.js';
import { assert, poll, until, within } from './wait.js';

/** The assistant has finished when it was silent for this long: pauses between its sentences are shorter. */
const FINISHED_MS = 900;
const ANSWER_MS_MAX = 10_000;
const SPEECH_MS_MAX = 60_000;

export interface CallParts {
  readonly server: ServerUnderTest;
  readonly asterisk: Asterisk;
  readonly phone: SipPhone;
  readonly voice: Voice;
  readonly codec: Codec;
}

export interface HeardSpeech {
  /** From the moment that was asked for until the first sound. */
  readonly afterMs: number;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly sound: Int16Array;
}

let lastCaller = 0;

/** One call of the phone, or to it, with what a caller does and notices. */
export class TestCall {
  readonly sip: SipCall;
  /** The caller's number. */
  readonly from: string;
  readonly answeredMs: number;
  readonly #parts: CallParts;
  readonly #find: () => Promise<CallJson>;
  #record: CallJson | undefined;

  private constructor(parts: CallParts, sip: SipCall, from: string, find: () => Promise<CallJson>) {
    this.#parts = parts;
    this.sip = sip;
    this.from = from;
    this.#find = find;
    this.answeredMs = systemClock.nowMs();
  }

  /** Resolves when Asterisk has answered. */
  static async dial(parts: CallParts, extension = '100'): Promise<TestCall> {
    lastCaller++;
    const from = `1555${String(lastCaller).padStart(7, '0')}`;
    const sip = await parts.phone.dial({ extension, from, codecs: [parts.codec] });
    const status = await within('Asterisk answers the call', ANSWER_MS_MAX, sip.answered);
    assert(status === 200, `Asterisk refused the call with ${status}`);
    return new TestCall(parts, sip, from, () => parts.server.callFrom(from));
  }

  /** The server's call `id` to the phone. Resolves when the phone has answered: `sip` is the call as it came in there. */
  static async taken(parts: CallParts, sip: SipCall, id: string): Promise<TestCall> {
    const status = await within('the phone answers the call', ANSWER_MS_MAX, sip.answered);
    assert(status === 200, `the phone did not take the call: ${status}`);
    const from = parts.phone.invitations.find(({ callId }) => callId === sip.callId)?.caller ?? '';
    return new TestCall(parts, sip, from, () => parts.server.call(id));
  }

  /** The call in the server's books. */
  async record(): Promise<CallJson> {
    this.#record ??= await this.#find();
    return this.#record;
  }

  /** As Asterisk names it where the media has a channel of its own, else as the server took it. */
  async mediaFormat(): Promise<string> {
    const { asterisk, server } = this.#parts;
    const leg = (await asterisk.channels()).find(({ name }) => /^(AudioSocket|WebSocket)\//.test(name));
    if (leg === undefined) return (await server.call((await this.record()).id)).format ?? 'none';
    const shown = await asterisk.cli(`core show channel ${leg.name}`);
    return /NativeFormats: \(([^)]+)\)/.exec(shown)?.[1] ?? shown;
  }

  /** What the assistant says next, to its end. */
  async listen(sinceMs: number, speechMsMax = SPEECH_MS_MAX): Promise<HeardSpeech> {
    const beganMs = await this.hearsFrom(sinceMs);
    const { heard } = this.sip.rtp;
    await until('the assistant finishes', speechMsMax, () => {
      return this.sip.end !== undefined || systemClock.nowMs() - (lastVoiced(heard) ?? 0) >= FINISHED_MS;
    });
    const endedMs = lastVoiced(heard) ?? beganMs;
    const sound = soundBetween(heard, beganMs - 200, endedMs + 300);
    return { afterMs: beganMs - sinceMs, beganMs, endedMs, sound };
  }

  /** When the assistant is heard for the first time after a moment. */
  async hearsFrom(sinceMs: number): Promise<number> {
    const { heard } = this.sip.rtp;
    let beganMs: number | undefined;
    await until('the assistant is heard', ANSWER_MS_MAX, () => {
      beganMs = firstVoiced(heard, sinceMs);
      return beganMs !== undefined;
    });
    return beganMs ?? sinceMs;
  }

  /** The same, and it must be this sentence. */
  async listenFor(sentence: string, sinceMs: number): Promise<HeardSpeech> {
    const speech = await this.listen(sinceMs);
    await this.understands(speech.sound, sentence);
    return speech;
  }

  async understands(sound: Int16Array, sentence: string): Promise<void> {
    const found = await this.#parts.voice.recognise(sound, [...new Set([...SENTENCES, sentence])]);
    assert(
      normalise(found) === normalise(sentence),
      `expected to hear "${sentence}", heard ${found === '' ? 'nothing that was expected' : `"${found}"`} in ${Math.round(sound.length / 8)} ms of sound`,
    );
  }

  /** Speaks. Resolves when it has left, with the times of its first and last sound. */
  async say(text: string): Promise<{ readonly firstMs: number; readonly lastMs: number }> {
    const samples = await this.#parts.voice.say(text);
    const { rtp } = this.sip;
    rtp.firstVoicedSentMs = undefined;
    rtp.say(samples);
    await until('the caller has spoken', samples.length / 8 + 5_000, () => rtp.idle);
    return { firstMs: rtp.firstVoicedSentMs ?? 0, lastMs: rtp.lastVoicedSentMs ?? 0 };
  }

  /** Speaks at a moment to come. */
  async sayAt(atMs: number, text: string): Promise<{ readonly firstMs: number; readonly lastMs: number }> {
    await this.#parts.voice.say(text);
    await until('it is time to speak', 60_000, () => systemClock.nowMs() >= atMs);
    return this.say(text);
  }

  /** Speaks and hears this sentence in answer. */
  async ask(text: string, sentence: string): Promise<HeardSpeech> {
    const { lastMs } = await this.say(text);
    return this.listenFor(sentence, lastMs);
  }

  /** The server has understood the caller so; by a look into its transcript. */
  async isUnderstoodAs(text: string): Promise<void> {
    const { id } = await this.record();
    await poll(`the transcript has "${text}"`, 5_000, async () => {
      const turns = await this.#parts.server.transcript(id);
      return turns.some(({ role, text: said }) => role === 'user' && normalise(said) === normalise(text))
        ? 'yes'
        : undefined;
    });
  }

  /** What the server has of the conversation, for a case that fails. */
  async asTold(): Promise<string> {
    const { id } = await this.record();
    const turns = await this.#parts.server.transcript(id);
    return `call ${id}: ${turns.map(({ role, text }) => `${role}: ${text}`).join(' / ')}`;
  }

  async ended(msMax = SPEECH_MS_MAX): Promise<CallEnd> {
    return within('the call ends', msMax, this.sip.ended);
  }

  /** The final record; and nothing is left behind, in Asterisk or in the server. */
  async leavesNothing(msMax = 3_000): Promise<CallJson> {
    const { server, asterisk } = this.#parts;
    const record = await server.endedCall((await this.record()).id);
    await nothingIsLeft(server, asterisk, msMax);
    return record;
  }
}

export async function nothingIsLeft(server: ServerUnderTest, asterisk: Asterisk, msMax = 3_000): Promise<void> {
  let left = '';
  const clean = poll('clean', msMax, async () => {
    const channels = await asterisk.channels();
    const bridges = await asterisk.bridges();
    const sockets = server.openSockets();
    const live = await server.metric('rapida_calls_live');
    const legs = await server.metric('rapida_outbound_legs');
    const names = [...channels.map(({ name }) => name), ...bridges].join(' ');
    left = `${channels.length} channels, ${bridges.length} bridges (${names}), ${live} live calls, ${legs} legs, ${sockets} sockets`;
    return channels.length + bridges.length + live + legs + sockets === 0 ? 'clean' : undefined;
  });
  await clean.catch(() => {
    throw new Error(`left behind ${msMax} ms after the call: ${left}`);
  });
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9']+/g, ' ')
    .trim();
}
