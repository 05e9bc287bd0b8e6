import type { AssistantConfig, TurnDetector } from '@rapida/core';

/**
 * The turn is over after a silence: a short one when the words end like a sentence or the recogniser is sure that
 * nothing more can follow, else the patient one.
 */
export function createSilenceTurnDetector(turn: AssistantConfig['turn']): TurnDetector {
  return {
    judge(view) {
      const complete = /[.!?]$/u.test(view.text);
      const neededMs = complete ? Math.min(turn.endpointingCompleteMs, turn.endpointingMs) : turn.endpointingMs;
      if (view.silenceMs >= neededMs) return { verdict: 'commit' };
      return { verdict: 'wait', againInMs: neededMs - view.silenceMs };
    },
  };
}
