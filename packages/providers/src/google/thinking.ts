/** Models of the third generation that know the level below "low"; the others refuse it. */
const MINIMAL = /gemini-3(-flash|\.1-flash-lite|\.[56]-flash)/;

interface Thinking {
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: 'minimal' | 'low';
}

/**
 * The least that a Gemini thinks: nobody waits on the telephone. Until 2.5 it is a number of tokens, afterwards a level; asking for both,
 * or the wrong one, is refused (https://ai.google.dev/gemini-api/docs/thinking). Undefined for a model that does not think.
 */
export function leastThinking(model: string): Thinking | undefined {
  if (!/gemini-/.test(model) || /gemini-(1|2\.0|pro$)/.test(model)) return undefined;
  // 2.5 Pro cannot be kept from it: 128 tokens are its least.
  if (/gemini-2\.5/.test(model)) return { thinkingBudget: /2\.5-pro/.test(model) ? 128 : 0 };
  return { thinkingLevel: MINIMAL.test(model) ? 'minimal' : 'low' };
}
