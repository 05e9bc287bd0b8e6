import { type ChatMessage, type LanguageModel, type LanguageModelRequest, RapidaError } from '@rapida/core';
import type { Analysed, Question } from './question.js';

/** An answer that is longer is no answer. */
export const ANSWER_CHARS_MAX = 30_000;

/**
 * Asks, and where the answer is not what was asked for, says why and asks once more. Fails with `analysis_malformed`, or as
 * the model does.
 */
export async function ask(model: LanguageModel, question: Question, signal: AbortSignal): Promise<Analysed> {
  const { request } = question;
  const first = await answerTo(model, request, signal);
  const read = question.read(first);
  if (read.ok) return read.analysed;
  const repair: readonly ChatMessage[] = [
    { role: 'assistant', text: first },
    { role: 'user', text: `That was not what was asked for: ${read.why}. Answer with the whole JSON object alone.` },
  ];
  const second = question.read(
    await answerTo(model, { ...request, messages: [...request.messages, ...repair] }, signal),
  );
  if (second.ok) return second.analysed;
  throw new RapidaError('analysis_malformed');
}

async function answerTo(model: LanguageModel, request: LanguageModelRequest, signal: AbortSignal): Promise<string> {
  let answer = '';
  for await (const event of model.generate(request, signal)) {
    signal.throwIfAborted();
    if (event.type === 'text') answer += event.text;
    if (answer.length > ANSWER_CHARS_MAX) return '';
  }
  return answer;
}
