import { ScriptedModel, ScriptedRecogniser, ToneVoice } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { Rehearsal } from './testing/rehearsal.js';

/** Frames are the grain of everything a caller hears. */
const FRAME_MS = 20;

interface Delays {
  readonly sttMs: number;
  readonly endpointingMs: number;
  readonly ttftMs: number;
  readonly deltaMs: number;
  readonly ttfbMs: number;
}

const CASES: readonly Delays[] = [
  { sttMs: 40, endpointingMs: 500, ttftMs: 100, deltaMs: 5, ttfbMs: 80 },
  { sttMs: 40, endpointingMs: 200, ttftMs: 400, deltaMs: 30, ttfbMs: 250 },
  { sttMs: 700, endpointingMs: 300, ttftMs: 50, deltaMs: 0, ttfbMs: 20 },
  { sttMs: 150, endpointingMs: 1_000, ttftMs: 900, deltaMs: 60, ttfbMs: 600 },
];

describe('the response time', () => {
  it.each(CASES)('is the sum of its stages, within one frame: %o', async (delays) => {
    const { sttMs, endpointingMs, ttftMs, deltaMs, ttfbMs } = delays;
    const call = new Rehearsal({
      config: { turn: { endpointingMs, endpointingCompleteMs: endpointingMs } },
      stt: (clock) => new ScriptedRecogniser(clock, ['when are you open'], { latencyMs: sttMs }),
      llm: (clock) => new ScriptedModel(clock, ['We are open from nine to five. Come in.'], { ttftMs, deltaMs }),
      tts: (clock) => new ToneVoice(clock, { ttfbMs }),
    }).start();
    await call.speak(600);
    const spokenMs = call.clock.nowMs();
    await call.silentUntil(() => call.playout.framesPlayed > 0);
    const heardAfterMs = call.clock.nowMs() - spokenMs;
    await call.silence(8_000);

    const [user, assistant] = call.turns;
    const { eos_latency_ms: eos = 0 } = user?.metrics ?? {};
    const { llm_ttft_ms: ttft = 0, llm_piece_ms: sentence = 0, tts_ttfb_ms: ttfb = 0 } = assistant?.metrics ?? {};
    const measured = assistant?.metrics.response_latency_ms ?? 0;
    // Of known delay: what each stage says is what it was made to take.
    expect(Math.abs(ttft - ttftMs)).toBeLessThanOrEqual(1);
    expect(Math.abs(ttfb - ttfbMs)).toBeLessThanOrEqual(FRAME_MS);
    expect(eos).toBeGreaterThanOrEqual(endpointingMs);
    expect(Math.abs(eos + ttft + sentence + ttfb - measured)).toBeLessThanOrEqual(FRAME_MS);
    expect(Math.abs(heardAfterMs - measured)).toBeLessThanOrEqual(FRAME_MS);
  });
});
