import { bytesToPcm16, decodeUlaw, encodeUlaw, pcm16ToBytes, snrDb, tone } from '@rapida/audio';
import { connectAudioSocket } from '@rapida/audiosocket';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import {
  type AudioFrame,
  FRAME_MS,
  FRAME_SAMPLES,
  type ProviderSource,
  RATE_HZ,
  type SpeechToText,
  systemClock,
  type TextToSpeech,
} from '@rapida/core';
import { ScriptedModel } from '@rapida/core/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServerUnderTest, startServerUnderTest } from '../server/support/server-under-test.js';
import { heardOut, type Script } from './support/caller.js';
import type { Pacing } from './support/line.js';
import { openWorld } from './support/world.js';

const TONE_HZ = 1_000;
const LINE_HZ = 8_000;
const TONE_MS = 1_000;
const TONE_DBFS = -6;
/** As long as the memory of the filter between 16 kHz and 8 kHz: by so much may a sound begin or end differently. */
const FILTER_MS = 4;

/** What the recogniser was given, as one stretch of sound. */
class HearingRecogniser implements SpeechToText {
  readonly provider = 'hearing';
  readonly samples: number[] = [];

  open() {
    let close = (): void => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const nothing = (): AsyncIterator<never> => ({ next: () => closed.then(() => ({ done: true, value: undefined })) });
    return {
      write: ({ samples }: AudioFrame) => void this.samples.push(...samples),
      endSegment() {},
      dropSegment() {},
      expect() {},
      close,
      [Symbol.asyncIterator]: nothing,
    };
  }
}

/** Says everything as one second of tone. */
const toneVoice: TextToSpeech = {
  provider: 'tone',
  async *speak(pieces) {
    let piece = 0;
    for await (const _ of pieces) {
      yield { type: 'audio', piece, samples: tone({ hz: TONE_HZ, rateHz: RATE_HZ, ms: TONE_MS, dbfs: TONE_DBFS }) };
      yield { type: 'piece-end', piece: piece++ };
    }
  },
};

/** Takes everything for speech. */
function alwaysSpeech() {
  let frames = 0;
  return { push: () => (frames++ === 0 ? ('start' as const) : undefined), voiced: true, close() {} };
}

function enginesWith(stt: SpeechToText): ProviderSource {
  const llm = new ScriptedModel(systemClock, []);
  return {
    forAssistant: async () => ({ stt, llm, tts: toneVoice, vad: alwaysSpeech }),
    validate: async () => [],
    close: async () => {},
  };
}

/** The caller's tone in frames, as their telephone samples it. */
const CALLERS_TONE = tone({ hz: TONE_HZ, rateHz: LINE_HZ, ms: TONE_MS, dbfs: TONE_DBFS });
const LINE_FRAME_SAMPLES = (LINE_HZ * FRAME_MS) / 1000;
const callersFrames = (): Int16Array[] =>
  Array.from({ length: TONE_MS / FRAME_MS }, (_, index) =>
    CALLERS_TONE.subarray(index * LINE_FRAME_SAMPLES, (index + 1) * LINE_FRAME_SAMPLES),
  );

/** The second without its ends: filters need a moment to begin and to end. */
function middleOf(samples: readonly number[], rateHz: number): Int16Array {
  const margin = rateHz / 50;
  return Int16Array.from(samples).subarray(margin, samples.length - margin);
}

/** From the first to the last sample that is louder than noise. */
function sounding(samples: readonly number[]): readonly number[] {
  const isLoud = (sample: number): boolean => Math.abs(sample) > 1_000;
  return samples.slice(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
}

interface Leg {
  readonly heard: number[];
  say(samples: Int16Array): boolean;
  hangup(): void;
}

type Connect = (server: ServerUnderTest, contextId: string) => Promise<Leg>;

const overAudioSocket: Connect = async ({ server }, contextId) => {
  const heard: number[] = [];
  const client = await connectAudioSocket({
    clock: systemClock,
    host: '127.0.0.1',
    port: server.audiosocketPort,
    uuid: contextId,
    behaviour: 'new',
    onAudio: (pcm) => void heard.push(...bytesToPcm16(pcm)),
  });
  return { heard, say: (samples) => client.sendAudio(pcm16ToBytes(samples)), hangup: () => client.hangup() };
};

const overWebSocket: Connect = async ({ url }, contextId) => {
  const heard: number[] = [];
  const client = connectChanWebSocket({
    clock: systemClock,
    url: `${url.replace(/^http/, 'ws')}/v1/talk/asterisk/ctx?contextId=${contextId}`,
    channelVariables: { RAPIDA_CONTEXT_ID: contextId },
    onRtp: (frame) => void heard.push(...decodeUlaw(frame)),
  });
  expect(await client.opened).toMatchObject({ ok: true });
  return { heard, say: (samples) => client.sendMedia(encodeUlaw(samples)), hangup: () => client.hangup() };
};

describe.each([
  { name: 'AudioSocket', connect: overAudioSocket, snrDbMin: 60 },
  { name: 'mu-law over WebSocket', connect: overWebSocket, snrDbMin: 30 },
])('a tone through the whole server, $name', ({ connect, snrDbMin }) => {
  const recogniser = new HearingRecogniser();
  let server: ServerUnderTest;
  let leg: Leg;

  beforeAll(async () => {
    server = await startServerUnderTest({ providers: enginesWith(recogniser) });
    const config = { name: 'tone', greeting: 'Beep.', turn: { interruptAfterMs: 5_000 } };
    const { id } = await server.api.send<{ id: string }>('POST', '/v1/assistants', config);
    leg = await connect(server, await server.api.register(id));
    // All at once: how late this process runs must not be heard.
    for (const frame of callersFrames()) expect(leg.say(frame)).toBe(true);
  });

  afterAll(async () => {
    leg.hangup();
    await server.stop();
  });

  it('comes from the caller to the recogniser whole and clean', async () => {
    await vi.waitFor(() => expect(recogniser.samples.length).toBeGreaterThanOrEqual(RATE_HZ - FRAME_SAMPLES), 5_000);
    // Behind it there is the silence of a caller who has stopped.
    const second = recogniser.samples.slice(0, RATE_HZ - FRAME_SAMPLES);
    expect(snrDb(middleOf(second, RATE_HZ), RATE_HZ, TONE_HZ)).toBeGreaterThanOrEqual(snrDbMin);
  });

  it('comes from the voice to the caller whole and clean', async () => {
    const lengthMs = () => (sounding(leg.heard).length * 1000) / LINE_HZ;
    await vi.waitFor(() => expect(lengthMs()).toBeGreaterThan(TONE_MS - FILTER_MS), 5_000);
    const heard = sounding(leg.heard);
    expect(lengthMs()).toBeLessThan(TONE_MS + FILTER_MS);
    expect(snrDb(middleOf(heard, LINE_HZ), LINE_HZ, TONE_HZ)).toBeGreaterThanOrEqual(snrDbMin);
  });
});

describe.each(['local', 'peer'] as const)('two minutes of speech, %s pacing', (pacing: Pacing) => {
  it('arrive without a gap, a repetition or a loss', async () => {
    const total = (SPOKEN_MS * RATE_HZ) / 1000;
    const world = await openWorld();
    const assistantId = await world.addAssistant({ greeting: 'x'.repeat(SPOKEN_MS / 100) });
    const script: Script = (hearing) => heardOut(hearing, SPOKEN_MS + 10_000);
    const voice = { msPerChar: 100, paint: numbered } as const;
    const [call] = await world.play([{ pacing, assistantId, script, engines: { voice }, keeps: 'frames' }], 200_000);
    await world.close();
    const frames = call?.hearing.frames ?? [];
    const first = frames.findIndex(({ samples }) => samples[0] !== 0);
    const heard = frames.slice(first, first + total / FRAME_SAMPLES);
    // Not a sample is another one, and each frame comes a frame time after the one before.
    const wrong = heard.findIndex(({ samples }, frame) =>
      samples.some((sample, i) => sample !== numberedSample(frame * FRAME_SAMPLES + i)),
    );
    expect(wrong).toBe(-1);
    expect(heard).toHaveLength(total / FRAME_SAMPLES);
    expect(call?.hearing.voicedFrames).toBe(total / FRAME_SAMPLES);
    const startMs = heard[0]?.atMs ?? 0;
    const offBeat = heard.filter(({ atMs }, frame) => Math.abs(atMs - startMs - frame * FRAME_MS) > 1);
    expect(offBeat).toEqual([]);
  });
});

const SPOKEN_MS = 120_000;
/** No two samples within 1.5 s are alike, and none is quiet. */
const numberedSample = (at: number): number => 4_000 + (at % 24_989);
const numbered = (_tag: number, samples: number, from: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => numberedSample(from + i));
