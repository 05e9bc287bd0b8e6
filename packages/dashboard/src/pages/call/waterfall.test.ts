import { describe, expect, it } from 'vitest';
import { spanMs, waterfallAt } from './waterfall.js';

const user = (metrics: Record<string, number>) => ({
  ...{ role: 'user' as const, text: 'when are you open', startMs: 0, endMs: 1_000, interrupted: false },
  metrics,
});
const assistant = (metrics: Record<string, number>) => ({
  ...user(metrics),
  role: 'assistant' as const,
  text: 'From nine.',
});

describe('the waterfall of a turn', () => {
  it('lays the stages of the answer back from its first sound, and says what no stage claims', () => {
    const turns = [
      user({ eos_latency_ms: 700, stt_latency_ms: 470 }),
      assistant({ llm_ttft_ms: 20, llm_piece_ms: 5, tts_ttfb_ms: 200, response_latency_ms: 940 }),
    ];
    expect(waterfallAt(turns, 1)).toEqual({
      responseMs: 940,
      bars: [
        { stage: 'silence', startMs: 0, lengthMs: 700 },
        { stage: 'recognition', startMs: 230, lengthMs: 470 },
        { stage: 'other', startMs: 700, lengthMs: 15 },
        { stage: 'model', startMs: 715, lengthMs: 20 },
        { stage: 'sentence', startMs: 735, lengthMs: 5 },
        { stage: 'voice', startMs: 740, lengthMs: 200 },
      ],
    });
  });

  it('shows a model that was asked before the turn was certain beside the end of the turn', () => {
    const turns = [
      user({ eos_latency_ms: 500 }),
      assistant({ llm_ttft_ms: 400, tts_ttfb_ms: 100, response_latency_ms: 600 }),
    ];
    expect(waterfallAt(turns, 1)?.bars).toEqual([
      { stage: 'silence', startMs: 0, lengthMs: 500 },
      { stage: 'model', startMs: 100, lengthMs: 400 },
      { stage: 'voice', startMs: 500, lengthMs: 100 },
    ]);
  });

  it('begins with the caller: a greeting has none', () => {
    expect(waterfallAt([assistant({ tts_ttfb_ms: 100 })], 0)).toBeUndefined();
  });

  it('is none of a sentence that was nobody’s answer', () => {
    expect(waterfallAt([user({ eos_latency_ms: 500 }), assistant({})], 1)).toBeUndefined();
  });

  it('spans the longest of all', () => {
    const turns = [user({ eos_latency_ms: 500 }), assistant({ llm_ttft_ms: 400, response_latency_ms: 950 })];
    expect(spanMs([waterfallAt(turns, 1) ?? { responseMs: 0, bars: [] }])).toBe(950);
    expect(spanMs([])).toBe(1);
  });
});
