import { normaliseWords, wordsOf } from './phrase-text.js';

/** What callers say to a yes-or-no question, as the grammar offers it and the dialogue understands it. */
export const YES_PHRASES: readonly string[] = [
  'yes',
  'yes please',
  'yeah',
  'yep',
  'sure',
  'okay',
  'correct',
  'right',
  'that is right',
  'that is correct',
  'yes that is right',
  'yes that is correct',
  'of course',
  'yes it is',
];

export const NO_PHRASES: readonly string[] = [
  'no',
  'no thank you',
  'no thanks',
  'nope',
  'wrong',
  'not really',
  'that is wrong',
  'that is not right',
  'no that is wrong',
  'no that is not right',
  'no it is not',
];

export const DIGIT_WORDS: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};

const REPEATS: Readonly<Record<string, number>> = { double: 2, triple: 3 };
const YES_WORDS = new Set(['yes', 'yeah', 'yep', 'yup', 'sure', 'okay', 'ok', 'correct', 'right', 'course', 'true']);
const NO_WORDS = new Set(['no', 'nope', 'nah', 'not', 'wrong', 'incorrect', 'false', "isn't", "don't"]);

/** Yes or no, if it is one of them and not both. On the keys 1 is yes and 2 is no. */
export function understandYesNo(text: string): 'yes' | 'no' | undefined {
  const words = wordsOf(text);
  if (words.length === 1 && words[0] === '1') return 'yes';
  if (words.length === 1 && words[0] === '2') return 'no';
  const first = words[0];
  if (first === undefined) return undefined;
  // "no, that is right" is as unclear as it sounds; "that is not right" is a no.
  const yes = words.some((word) => YES_WORDS.has(word));
  const no = words.some((word) => NO_WORDS.has(word));
  if (no) return yes && YES_WORDS.has(first) ? undefined : 'no';
  return yes ? 'yes' : undefined;
}

/** The figures of what was said, typed or pressed, words between them left out; empty when there are none. */
export function understandDigits(text: string): string {
  let digits = '';
  let repeat = 1;
  let previous = '';
  for (const word of wordsOf(text)) {
    const spoken = DIGIT_WORDS[word] ?? (/^[0-9]+$/.test(word) ? word : '');
    // Recognisers hear the end of "zero" as another "oh".
    if (spoken !== '' && !(word === 'oh' && previous === 'zero')) digits += spoken.repeat(repeat);
    repeat = spoken === '' ? (REPEATS[word] ?? 1) : 1;
    previous = word;
  }
  return digits;
}

/** Whether every word of it is part of a number said digit by digit. */
export function isSpokenDigits(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every((word) => word in DIGIT_WORDS || word in REPEATS);
}

/** Politeness around a request, which says nothing about what is wanted; longest first. */
const POLITE_BEFORE = ['can you tell me', 'i would like to know', 'excuse me', 'hello', 'hi', 'please', 'yes'];
const POLITE_AFTER = ['thank you', 'thanks', 'please'];

export function withoutPoliteness(text: string): string {
  let rest = normaliseWords(text);
  for (const words of POLITE_BEFORE) if (rest.startsWith(`${words} `)) rest = rest.slice(words.length + 1);
  for (const words of POLITE_AFTER) if (rest.endsWith(` ${words}`)) rest = rest.slice(0, -words.length - 1);
  return rest;
}
