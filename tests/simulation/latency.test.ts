import { FRAME_MS, type TranscriptTurn, type TurnStage } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { heardOut, type Script, silentFor, speak } from './support/caller.js';
import { openWorld } from './support/world.js';

/** Delays of one case, in ms. */
interface Delays {
  readonly stt: number;
  readonly endpointing: number;
  readonly ttft: number;
  readonly delta: number;
  readonly ttfb: number;
}

const STAGES: readonly TurnStage[] = ['eos_latency_ms', 'tools_ms', 'llm_ttft_ms', 'llm_piece_ms', 'tts_ttfb_ms'];

const everyDelay: readonly Delays[] = [40, 350, 900].flatMap((stt) =>
  [300, 700].flatMap((endpointing) =>
    [30, 410].flatMap((ttft) =>
      [0, 25].flatMap((delta) => [20, 270].map((ttfb) => ({ stt, endpointing, ttft, delta, ttfb }))),
    ),
  ),
);

const oneQuestion: Script = function* (hearing) {
  yield* silentFor(200);
  yield* speak(700);
  yield* heardOut(hearing);
};

describe.each(['local', 'peer'] as const)('engines of known delay, %s pacing', { timeout: 60_000 }, (pacing) => {
  it('make stages whose sum is the response time that the caller hears, to within a frame', async () => {
    const world = await openWorld();
    const plans = await Promise.all(
      everyDelay.map(async ({ stt, endpointing, ttft, delta, ttfb }) => {
        const turn = { endpointingMs: endpointing, endpointingCompleteMs: endpointing };
        return {
          ...({ pacing, script: oneQuestion } as const),
          assistantId: await world.addAssistant({ greeting: '', turn }),
          engines: {
            ...{ hears: ['when are you open'], answers: ['We open at nine in the morning.'] },
            ...{ sttMs: stt, model: { ttftMs: ttft, deltaMs: delta }, voice: { ttfbMs: ttfb } },
          },
        };
      }),
    );
    const calls = await world.play(plans);
    expect(calls).toHaveLength(everyDelay.length);
    for (const [index, plan] of plans.entries()) {
      const call = calls.find((one) => one.plan === plan);
      const delays = everyDelay[index];
      if (call === undefined || delays === undefined) throw new Error('a call is missing');
      const name = JSON.stringify(delays);
      const metrics = metricsOf(await world.calls.turns(call.callId));
      const heardMs = (call.hearing.voicedAtMs[0] ?? 0) - (call.phone.speeches[0]?.endMs ?? 0);
      const sumMs = STAGES.reduce((sum, stage) => sum + (metrics[stage] ?? 0), 0);
      expect(Math.abs(sumMs - (metrics.response_latency_ms ?? 0)), name).toBeLessThanOrEqual(FRAME_MS);
      expect(Math.abs(sumMs - heardMs), name).toBeLessThanOrEqual(FRAME_MS);
      // Each stage is what its engine took: the detector is sure of the end after 200 ms.
      const { stt, endpointing, ttft, delta, ttfb } = delays;
      expect(metrics, name).toMatchObject({ stt_latency_ms: stt, llm_ttft_ms: ttft, tts_ttfb_ms: ttfb });
      // A sentence of seven words, which is known to be whole when the answer is over.
      expect(metrics.llm_piece_ms, name).toBe(7 * delta);
      expect(metrics.eos_latency_ms, name).toBe(Math.max(endpointing, 200 + stt));
    }
    await world.close();
  });
});

/** Of the caller's turn and of its answer. */
function metricsOf(turns: readonly TranscriptTurn[]): TranscriptTurn['metrics'] {
  expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant']);
  return Object.assign({}, ...turns.map(({ metrics }) => metrics));
}
