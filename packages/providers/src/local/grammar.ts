import type { RecognitionHints } from '@rapida/core';
import { DIGIT_WORDS, isSpokenDigits, NO_PHRASES, understandDigits, YES_PHRASES } from './answers.js';
import { normaliseWords } from './phrase-text.js';

/** What makes sense to hear, ready for the decoder. */
export interface PhraseGrammar {
  readonly kind: RecognitionHints['kind'];
  /** Java Speech Grammar Format; undefined when there is nothing to expect. */
  readonly jsgf: string | undefined;
}

const PHRASES_MAX = 3_200;
const HEADER = '#JSGF V1.0;\ngrammar heard;\n';

/**
 * The loop over these, each a word of its own, fits any speech roughly. Fourteen cost less than half of all 39 (26 ms
 * per second of sound, it grows with the square) and tell strangers from friends as well.
 */
export const PHONES: readonly string[] = 'AA AE IY ER OW UW AY D K N L S SH F'.split(' ');
export const phoneWord = (phone: string): string => `phone${phone.toLowerCase()}`;
export const PHONE_LOOP_JSGF = `${HEADER}public <any> = <phone>+ ;\n<phone> = ${PHONES.map(phoneWord).join(' | ')} ;\n`;

/**
 * Phrases with words the recogniser does not know are left out (one of them would make the decoder refuse the whole
 * grammar), and so are those beyond the first 3,200.
 */
export function buildGrammar(hints: RecognitionHints, isKnownWord: (word: string) => boolean): PhraseGrammar {
  const listed = new Set([...hints.phrases.map(normaliseWords), ...(hints.kind === 'yes_no' ? YES_NO : [])]);
  const phrases = [...listed].filter((phrase) => phrase !== '' && phrase.split(' ').every(isKnownWord));
  const digits = hints.kind === 'digits' ? ['<digits>'] : [];
  const alternatives = [...digits, ...phrases.slice(0, PHRASES_MAX)];
  if (alternatives.length === 0) return { kind: hints.kind, jsgf: undefined };
  return {
    kind: hints.kind,
    jsgf: `${HEADER}public <heard> = ${alternatives.join(' | ')} ;\n${digits.length > 0 ? DIGITS : ''}`,
  };
}

/** What a transcript says about the words the decoder found. */
export function transcriptOf(kind: RecognitionHints['kind'], words: string): string {
  return kind === 'digits' && isSpokenDigits(words) ? understandDigits(words) : words;
}

const YES_NO = [...YES_PHRASES, ...NO_PHRASES];
const DIGITS = `<digits> = ([double] <digit>)+ ;\n<digit> = ${Object.keys(DIGIT_WORDS).join(' | ')} ;\n`;
