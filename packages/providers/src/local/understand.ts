import type { Intent } from '@rapida/core';
import { withoutPoliteness } from './answers.js';
import { normaliseWords, wordsOf } from './phrase-text.js';

/** Words that say little about what is wanted. */
const FILLERS = new Set(
  (
    'a an the i you we it me my your our us is are am be do does did can could would will to of for in on at and or ' +
    'please hello hi what how when where who want like have has there that this with just about tell'
  ).split(' '),
);
const FILLER_WEIGHT = 0.15;
/** Share of the weight of words in common from which a sentence is taken for a phrase. */
const OVERLAP_MIN = 0.6;
/** By how much another intent must be worse for the best one to be sure. */
const LEAD_MIN = 0.08;

/**
 * The intent somebody asked for: a phrase of it exactly (politeness aside), else the one with clearly most of its words
 * in what was said, as behind a recogniser of free speech. Undefined when none is sure.
 */
export function understandIntent(intents: readonly Intent[], text: string): Intent | undefined {
  return exactIntent(intents, text) ?? similarIntent(intents, text);
}

function exactIntent(intents: readonly Intent[], text: string): Intent | undefined {
  const said = new Set([normaliseWords(text), withoutPoliteness(text)]);
  said.delete('');
  return intents.find((intent) => intent.phrases.some((phrase) => said.has(normaliseWords(phrase))));
}

function similarIntent(intents: readonly Intent[], text: string): Intent | undefined {
  const said = new Set(wordsOf(text));
  if (said.size === 0) return undefined;
  let best: Intent | undefined;
  let bestScore = 0;
  let secondScore = 0;
  for (const intent of intents) {
    const score = Math.max(...intent.phrases.map((phrase) => overlap(said, new Set(wordsOf(phrase)))));
    if (score > bestScore) {
      secondScore = bestScore;
      bestScore = score;
      best = intent;
    } else secondScore = Math.max(secondScore, score);
  }
  return bestScore >= OVERLAP_MIN && bestScore - secondScore >= LEAD_MIN ? best : undefined;
}

/** 0 to 1. What the phrase has is worth more than what was said besides. */
function overlap(said: ReadonlySet<string>, phrase: ReadonlySet<string>): number {
  const common = weightOf([...phrase].filter((word) => said.has(word)));
  // Without a word that means something there is nothing in common.
  if (common < 1) return 0;
  return (0.8 * common) / weightOf(phrase) + (0.2 * common) / weightOf(said);
}

function weightOf(words: Iterable<string>): number {
  let sum = 0;
  for (const word of words) sum += FILLERS.has(word) ? FILLER_WEIGHT : 1;
  return sum;
}
