import { levelOf } from './level.js';

/** How loud both sides are just now, from 0 to 100 each. */
export interface Levels {
  readonly caller: number;
  readonly assistant: number;
}

export const SILENT: Levels = { caller: 0, assistant: 0 };

/** 64 ms at 16 kHz: as long as an ear takes for one moment. */
const WINDOW_SAMPLES = 1_024;

/** Measures what is really played: the caller on the left, the assistant on the right. */
export function openMeter(context: AudioContext, played: AudioNode): () => Levels {
  const sides = context.createChannelSplitter(2);
  played.connect(sides);
  const side = (channel: number) => {
    const analyser = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES });
    sides.connect(analyser, channel);
    const samples = new Float32Array(WINDOW_SAMPLES);
    return () => {
      analyser.getFloatTimeDomainData(samples);
      return levelOf(samples);
    };
  };
  const [caller, assistant] = [side(0), side(1)];
  return () => ({ caller: caller(), assistant: assistant() });
}
