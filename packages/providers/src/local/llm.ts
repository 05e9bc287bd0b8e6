import type {
  ChatMessage,
  Dialogue,
  Json,
  LanguageModel,
  LanguageModelEvent,
  LanguageModelRequest,
  RecognitionHints,
} from '@rapida/core';
import { type DialogueMemo, openQuestion, readMemo } from './dialogue-memo.js';
import { type Answer, answer, type Heard } from './dialogue-step.js';

/** Said after a tool was refused: had it worked, nobody would be there to hear. */
const TOOL_REFUSED = 'I am sorry, I cannot do that at the moment.';

/**
 * The rule-based model: answers from `dialogue` and nothing else, the same each time. It never fails. The dialogue is
 * read, not copied: do not change it.
 */
export function createRuleBasedModel(dialogue: Dialogue): LanguageModel {
  return {
    provider: 'local',
    async *generate(request, signal): AsyncGenerator<LanguageModelEvent> {
      if (signal.aborted) return;
      const memo = readMemo(request.memo);
      if (request.continuing === true) {
        const rest = unheardRest(memo.said, request.messages);
        if (rest !== '') yield { type: 'text', text: rest };
        return;
      }
      yield* eventsOf(answerTo(dialogue, memo, request), request.messages.length);
    },
    expectations: (memo) => expectations(dialogue, readMemo(memo)),
  };
}

function answerTo(dialogue: Dialogue, memo: DialogueMemo, request: LanguageModelRequest): Answer {
  const last = request.messages.at(-1);
  if (last?.role === 'tool') return { text: TOOL_REFUSED, memo: { ...memo, said: TOOL_REFUSED } };
  return answer(dialogue, memo, heardLast(request.messages), request.variables);
}

function* eventsOf({ text, action, memo }: Answer, turn: number): Generator<LanguageModelEvent> {
  yield { type: 'memo', memo: memo as Json };
  if (action !== undefined) {
    const args = action.type === 'transfer' ? { target: action.target } : {};
    yield { type: 'tool-call', call: { id: `rule-${turn}`, name: action.type, args } };
  }
  // After the action: one that is refused must not have been announced.
  if (text !== '') yield { type: 'text', text };
}

function expectations(dialogue: Dialogue, memo: DialogueMemo): RecognitionHints {
  const question = openQuestion(dialogue, memo);
  const phrases = dialogue.intents.flatMap((intent) => intent.phrases);
  if (question === undefined) return { phrases, kind: 'phrases' };
  return { phrases, kind: question.type === 'slot' ? question.slot.kind : 'yes_no' };
}

/** Everything the caller said since the assistant spoke. Rejected only if nothing at all was understood. */
function heardLast(messages: readonly ChatMessage[]): Heard {
  const texts: string[] = [];
  let rejected = false;
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i];
    if (message?.role !== 'user') break;
    if (message.rejected === true) rejected = true;
    else if (message.text.trim() !== '') texts.unshift(message.text);
  }
  return { text: texts.join(' '), rejected: rejected && texts.length === 0 };
}

/** From the first word that was not heard; from the beginning when what was heard is not the beginning of it. */
function unheardRest(said: string, messages: readonly ChatMessage[]): string {
  const last = messages.findLast((message) => message.role === 'assistant');
  const heard = last?.text.trim() ?? '';
  return said.startsWith(heard) ? said.slice(heard.length).trim() : said;
}
