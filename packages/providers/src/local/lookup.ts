import type { AssistantConfig, ConfigProblem } from '@rapida/core';
import { FLITE_VOICES } from './flite.js';
import { wordsOf } from './phrase-text.js';

/**
 * Problems only the engines know: a voice that does not exist, and words of phrases that the local recogniser cannot
 * hear. `findUnknown` gets normalised words, each once, and answers with those that are unknown.
 */
export async function findLocalProblems(
  config: AssistantConfig,
  findUnknown: (words: readonly string[]) => Promise<readonly string[]>,
): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  if (config.tts.provider === 'local' && !FLITE_VOICES.includes(config.tts.voice)) {
    problems.push({ path: 'tts.voice', message: `The local voices are ${FLITE_VOICES.join(', ')}.` });
  }
  if (config.stt.provider !== 'local') return problems;
  const phrases = config.dialogue.intents.flatMap((intent, i) =>
    intent.phrases.map((phrase, k) => ({
      path: `dialogue.intents.${i}.phrases.${k}`,
      words: new Set(wordsOf(phrase)),
    })),
  );
  const words = [...new Set(phrases.flatMap((phrase) => [...phrase.words]))];
  const unknown = new Set(words.length === 0 ? [] : await findUnknown(words));
  for (const phrase of phrases) {
    if (phrase.words.size === 0) problems.push({ path: phrase.path, message: 'The phrase has no words.' });
    for (const word of phrase.words) {
      if (unknown.has(word)) problems.push({ path: phrase.path, message: unknownWordMessage(word) });
    }
  }
  return problems;
}

function unknownWordMessage(word: string): string {
  const hint = /[0-9]/.test(word) ? 'write figures as words' : 'say it in other words, or spell it as it sounds';
  return `The word "${word}" is not known to the local recogniser: ${hint}.`;
}
