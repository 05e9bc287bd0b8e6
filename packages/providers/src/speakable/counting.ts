import type { LanguageWords } from './words.js';

/** What is used of a locale of `n2words`. */
interface Counter {
  toCardinal(value: string): string;
  toOrdinal(value: string): string;
  toCurrency(value: string): string;
}

/** Numbers of one language as words. Synchronous once it is made. */
export interface Counting {
  cardinal(value: string): string;
  ordinal(value: string): string;
  /** An amount with its currency (ISO 4217), e.g. `12.50`, `EUR`. */
  money(amount: string, currency: string): string;
  /** One figure after the other. */
  digits(text: string): string;
  readonly words: LanguageWords;
}

/** Beyond it nobody listens to a number: it is read figure by figure. */
const DIGITS_MAX = 15;

export async function loadCounting(words: LanguageWords): Promise<Counting> {
  const base = await load(words.locale);
  const money = new Map<string, Counter>();
  for (const [currency, locale] of Object.entries(words.money)) money.set(currency, await load(locale));
  const digits = (text: string) => [...text.replaceAll(/\D/g, '')].map((digit) => base.toCardinal(digit)).join(' ');
  /** What looks like a number and is none (`1.2.3`) is read figure by figure. */
  const cardinal = (value: string) => (/^\d+(?:\.\d+)?$/.test(value) ? base.toCardinal(value) : digits(value));
  return {
    words,
    digits,
    cardinal: (value) => (value.replaceAll(/\D/g, '').length > DIGITS_MAX ? digits(value) : cardinal(value)),
    ordinal: (value) => base.toOrdinal(value),
    money(amount, currency) {
      const counter = money.get(currency);
      if (counter !== undefined && /^\d+(?:\.\d+)?$/.test(amount)) return counter.toCurrency(amount);
      const [whole = '0', cents = '00'] = amount.split('.');
      const name = words.currencies[currency] ?? currency;
      return [cardinal(whole), name, cents === '00' ? '' : cardinal(cents.padEnd(2, '0'))].join(' ').trim();
    },
  };
}

/** Each is a module of some kilobytes. */
function load(locale: string): Promise<Counter> {
  return import(`n2words/${locale}`) as Promise<Counter>;
}
