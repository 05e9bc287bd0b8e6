import type { SpeakingConfig, TextToSpeech, VoiceProvider } from '@rapida/core';
import { addressesAloud } from './addresses.js';
import { type Counting, loadCounting } from './counting.js';
import { figuresAloud } from './figures.js';
import { withoutMarkup } from './markup.js';
import { LANGUAGES } from './words.js';

/** Makes a text such that a voice says what a person would say. Pure. */
export type Speakable = (text: string) => string;

/**
 * Voices that read figures, dates and abbreviations well by themselves, as their vendors say: better than rules do, because they know the
 * sentence. For all others the text is written out.
 */
const READS_WELL: readonly VoiceProvider[] = ['google-cloud', 'azure-speech', 'openai', 'cartesia'];

export async function loadSpeakable(
  { pronunciations, normalise }: SpeakingConfig,
  language: string,
  provider: VoiceProvider,
): Promise<Speakable> {
  const words = LANGUAGES[language.split('-')[0]?.toLowerCase() ?? ''];
  const writesOut = normalise === 'on' || (normalise === 'auto' && !READS_WELL.includes(provider));
  const counting = writesOut && words !== undefined ? await loadCounting(words) : undefined;
  const pronounced = replacer(pronunciations);
  return (text) => {
    const said = pronounced(normalise === 'off' ? text : withoutMarkup(text));
    const aloud = counting === undefined ? said : writtenOut(said, counting);
    return aloud.replaceAll(/[ \t]{2,}/g, ' ').trim();
  };
}

/** `inner`, given what {@link Speakable} makes of each piece. */
export function speakingAloud(inner: TextToSpeech, speakable: Speakable): TextToSpeech {
  return {
    provider: inner.provider,
    speak: (pieces, voice, signal) => inner.speak(mapped(pieces, speakable), voice, signal),
  };
}

function writtenOut(text: string, counting: Counting): string {
  const { words } = counting;
  const abbreviated = replacer(words.abbreviations, 'exact');
  return abbreviated(figuresAloud(addressesAloud(text, counting), counting)).replaceAll(
    /(\s)&(\s)/g,
    `$1${words.and}$2`,
  );
}

/** Whole words only, the longest first. A written form that ends in a point keeps it where the sentence ends there. */
function replacer(forms: Readonly<Record<string, string>>, how: 'exact' | 'any-case' = 'any-case'): Speakable {
  const written = Object.keys(forms).sort((one, other) => other.length - one.length);
  if (written.length === 0) return (text) => text;
  const spoken = new Map(written.map((form) => [how === 'exact' ? form : form.toLowerCase(), forms[form] ?? form]));
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${written.map(escaped).join('|')})(?![\\p{L}\\p{N}])`,
    how === 'exact' ? 'gu' : 'giu',
  );
  return (text) =>
    text.replaceAll(pattern, (found, offset: number) => {
      const form = spoken.get(how === 'exact' ? found : found.toLowerCase()) ?? found;
      const endsSentence = found.endsWith('.') && text.slice(offset + found.length).trim() === '';
      return endsSentence && !form.endsWith('.') ? `${form}.` : form;
    });
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A view of the pieces that leaves their iterator where it is: it is let go of when this one is. */
function mapped(pieces: AsyncIterable<string>, speakable: Speakable): AsyncIterable<string> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pieces[Symbol.asyncIterator]();
      return {
        async next() {
          const result = await iterator.next();
          return result.done ? result : { done: false, value: speakable(result.value) };
        },
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
