/** How much a model thinks before it answers; the names are OpenAI's. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high';

/** The models of GPT-6 that need not reason: the SDK's table of 3.0.141. */
const GPT_6_WITHOUT = ['gpt-6-sol', 'gpt-6-luna', 'gpt-6.1-terra'];

/**
 * The least that a model of OpenAI reasons: nobody waits on the telephone. Undefined for one that does not reason, or whose effort
 * cannot be chosen.
 */
export function leastEffort(model: string): Effort | undefined {
  if (/^o\d/.test(model)) return 'low';
  const [, major, minor, variant = ''] = /^gpt-(\d+)(?:\.(\d+))?(?:-(.+))?$/.exec(model) ?? [];
  if (major === undefined || Number(major) < 5 || /^(chat|pro)/.test(variant)) return undefined;
  if (/codex/.test(variant)) return 'low';
  if (major === '5') return minor === undefined ? 'minimal' : 'none';
  return GPT_6_WITHOUT.includes(model) ? 'none' : 'low';
}
