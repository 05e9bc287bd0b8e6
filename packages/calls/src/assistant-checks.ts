import type { AssistantConfig, ConfigProblem } from '@rapida/core';
import { extractionProblem } from './after-call/extraction.js';

/** What is wrong with a configuration as a whole, beyond the forms of its fields. Empty when all is well. */
export function configProblems(config: AssistantConfig): readonly ConfigProblem[] {
  return [...languageProblems(config), ...afterCallProblems(config)];
}

/** The engines that need no key understand and speak English only. */
function languageProblems({ language, stt, tts, realtime, fallback }: AssistantConfig): ConfigProblem[] {
  if (/^en(-|$)/.test(language)) return [];
  const own = realtime === undefined ? [['stt', stt] as const, ['tts', tts] as const] : [];
  const spare = (['stt', 'tts'] as const).flatMap((kind) =>
    fallback[kind].map((engine, index) => [`fallback.${kind}.${index}`, engine] as const),
  );
  return [...own, ...spare]
    .filter(([, { provider }]) => provider === 'local')
    .map(([path]) => ({ path: 'language', message: `${path}.provider is local, which has English only` }));
}

function afterCallProblems({ afterCall, llm }: AssistantConfig): ConfigProblem[] {
  const problem = afterCall.extract && extractionProblem(afterCall.extract);
  const problems = problem === undefined ? [] : [{ path: 'afterCall.extract', message: problem }];
  if (!wantsAnalysis({ afterCall }) || llm.provider !== 'local') return problems;
  return [
    ...problems,
    { path: 'afterCall', message: 'llm.provider is local, which follows rules and cannot judge a conversation' },
  ];
}

/** Whether anything is to be done when a call has ended. */
export function wantsAnalysis({ afterCall }: Pick<AssistantConfig, 'afterCall'>): boolean {
  const { summary, extract, success } = afterCall;
  return summary || extract !== undefined || success !== '';
}
