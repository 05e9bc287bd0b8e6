import type { Dialogue, Intent } from '@rapida/core';
import { understandDigits, understandYesNo } from './answers.js';
import { type DialogueMemo, openQuestion, type Question, type Slot } from './dialogue-memo.js';
import { fillIn } from './speakable.js';
import { understandIntent } from './understand.js';

export interface Heard {
  readonly text: string;
  /** Speech that was not understood. */
  readonly rejected: boolean;
}

export interface Answer {
  readonly text: string;
  readonly action?: NonNullable<Intent['action']>;
  readonly memo: DialogueMemo;
}

export type Variables = Readonly<Record<string, string>>;

/** Said after a "no" to something that has nothing to collect again. */
const DECLINED = 'All right. What else can I do for you?';

/** One turn of the dialogue. Pure. */
export function answer(dialogue: Dialogue, memo: DialogueMemo, heard: Heard, variables: Variables): Answer {
  const turn = new Turn(dialogue, memo, variables);
  const question = openQuestion(dialogue, memo);
  const text = heard.rejected ? '' : heard.text;
  const answered = question === undefined ? undefined : turn.takeAnswer(question, text);
  if (answered !== undefined) return answered;
  const intent = understandIntent(dialogue.intents, text);
  return intent === undefined ? turn.notUnderstood(question) : turn.begin(intent);
}

class Turn {
  readonly #dialogue: Dialogue;
  readonly #memo: DialogueMemo;
  readonly #variables: Variables;

  constructor(dialogue: Dialogue, memo: DialogueMemo, variables: Variables) {
    this.#dialogue = dialogue;
    this.#memo = memo;
    this.#variables = variables;
  }

  /** Undefined when it is no answer to the question. */
  takeAnswer(question: Question, text: string): Answer | undefined {
    const { intent } = question;
    if (question.type === 'slot') {
      const value = slotValue(question.slot, text);
      if (value === undefined) return undefined;
      return this.#goOn(intent, this.#memo.slot + 1, { ...this.#memo.values, [question.slot.name]: value });
    }
    const verdict = understandYesNo(text);
    if (verdict === 'yes') return this.#finish(intent, this.#memo.values);
    if (verdict === 'no')
      return intent.collect.length > 0 ? this.begin(intent) : this.#say(`${DECLINED} ${this.#dialogue.help}`, {});
    return undefined;
  }

  begin(intent: Intent): Answer {
    return this.#goOn(intent, 0, {});
  }

  /** Asks the open question again; the last `notUnderstood` comes with the help. */
  notUnderstood(question: Question | undefined): Answer {
    const { notUnderstood, help } = this.#dialogue;
    const last = notUnderstood.length - 1;
    const index = Math.min(this.#memo.misses, last);
    const sentences = [notUnderstood[index] ?? '', index === last ? help : ''];
    if (question !== undefined) sentences.push(this.#wording(question));
    const text = sentences.filter((sentence) => sentence !== '').join(' ');
    const { intent, slot, values, misses } = this.#memo;
    const open = question === undefined ? {} : { intent, slot, values };
    return this.#say(text, { ...open, misses: misses + 1 });
  }

  #goOn(intent: Intent, slot: number, values: Readonly<Record<string, string>>): Answer {
    const memo = { intent: intent.name, slot, values: { ...values } };
    const question = openQuestion(this.#dialogue, { ...memo, misses: 0, said: '' });
    return question === undefined ? this.#finish(intent, values) : this.#say(this.#wording(question), memo);
  }

  #finish(intent: Intent, values: Variables): Answer {
    const done = this.#say(intent.reply, {}, values);
    return intent.action === undefined ? done : { ...done, action: intent.action };
  }

  #wording(question: Question): string {
    return question.type === 'slot' ? question.slot.prompt : (question.intent.confirm ?? '');
  }

  #say(sentence: string, memo: Partial<DialogueMemo>, values: Variables = memo.values ?? {}): Answer {
    const text = fillIn(sentence, (name) => (Object.hasOwn(values, name) ? values[name] : this.#variable(name)));
    return { text, memo: { slot: 0, values: {}, misses: 0, ...memo, said: text } };
  }

  #variable(name: string): string | undefined {
    return Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
  }
}

function slotValue(slot: Slot, text: string): string | undefined {
  if (slot.kind === 'yes_no') return understandYesNo(text);
  const digits = understandDigits(text);
  return digits.length >= slot.digitsMin && digits.length <= slot.digitsMax ? digits : undefined;
}
