import type { AssistantConfig, TurnDetector } from '@rapida/core';

/**
 * The turn is over after a silence: a short one when the words are evidently complete - they end like a sentence, or are
 * a whole phrase that was expected and begins no longer one - else the patient one.
 */
export function createSilenceTurnDetector(turn: AssistantConfig['turn']): TurnDetector {
  return {
    judge(view) {
      const complete = /[.!?]$/u.test(view.text) || isWholePhrase(view.text, view.expected);
      const neededMs = complete ? Math.min(turn.endpointingCompleteMs, turn.endpointingMs) : turn.endpointingMs;
      if (view.silenceMs >= neededMs) return { verdict: 'commit' };
      return { verdict: 'wait', againInMs: neededMs - view.silenceMs };
    },
  };
}

function isWholePhrase(text: string, expected: readonly string[]): boolean {
  const words = normalised(text);
  if (words === '') return false;
  let found = false;
  for (const phrase of expected) {
    const candidate = normalised(phrase);
    if (candidate === words) found = true;
    else if (candidate.startsWith(`${words} `)) return false;
  }
  return found;
}

function normalised(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}']+/gu, ' ')
    .trim();
}
