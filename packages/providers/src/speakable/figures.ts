import type { Counting } from './counting.js';

const SYMBOLS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR' };
const CODES = 'USD|EUR|GBP|CHF|JPY|INR|MXN';

/** A number as it is written, thousands separated or not. */
const NUMBER = String.raw`\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?`;
const MONEY_FIRST = new RegExp(String.raw`([$€£¥₹]|(?:${CODES})\s)\s?(${NUMBER})(?![\d])`, 'g');
const MONEY_LAST = new RegExp(String.raw`(?<![\d.,])(${NUMBER})\s?([€£$]|(?:${CODES})\b)`, 'g');
const ISO_DATE = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const POINTED_DATE = /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/g;
const TIME = /\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s*([ap])\.?m\b(?:\.(?=\s+[a-z]))?)?/gi;
const PHONE = /(?<![\w.])\+?\d[\d\s()/-]{6,}\d(?![\w])/g;
const ORDINAL = /\b(\d{1,4})(?:st|nd|rd|th)\b/g;
const PERCENT = new RegExp(String.raw`(${NUMBER})\s?%`, 'g');
const DEGREES = new RegExp(String.raw`(${NUMBER})\s?°(?:\s?[CF]\b)?`, 'g');
const MINUS = /(^|[\s(])[-−](?=\d)/g;
const RANGE = /(\d)\s?[–—-]\s?(?=\d)/g;
const PLAIN = new RegExp(String.raw`(?<![\w.,])(?:${NUMBER})(?!\w|[.,]\d)`, 'g');

/** From this many figures on, written together, a number is a code and not a quantity. */
const CODE_DIGITS_MIN = 5;

/** Money, dates, times, telephone numbers, percentages and numbers as words. In this order: each would break up the next. */
export function figuresAloud(text: string, counting: Counting): string {
  const { words } = counting;
  const number = (written: string): string => counting.cardinal(plain(written, counting));
  return text
    .replaceAll(MONEY_FIRST, (_, sign: string, amount: string) => money(amount, sign, counting))
    .replaceAll(MONEY_LAST, (_, amount: string, sign: string) => money(amount, sign, counting))
    .replaceAll(ISO_DATE, (whole, year: string, month: string, day: string) => date(whole, day, month, year, counting))
    .replaceAll(POINTED_DATE, (whole, day: string, month: string, year: string) =>
      words.decimal === ',' ? date(whole, day, month, year, counting) : whole,
    )
    .replaceAll(TIME, (_, hours: string, minutes: string, half?: string) => time(hours, minutes, half, counting))
    .replaceAll(PHONE, (written) => (isPhone(written) ? phone(written, counting) : written))
    .replaceAll(ORDINAL, (written, value: string) =>
      words.locale.startsWith('en') ? counting.ordinal(value) : written,
    )
    .replaceAll(MINUS, `$1${words.minus} `)
    .replaceAll(PERCENT, (_, value: string) => `${number(value)} ${words.percent}`)
    .replaceAll(DEGREES, (_, value: string) => `${number(value)} ${words.degrees}`)
    .replaceAll(RANGE, `$1 ${words.to} `)
    .replaceAll(PLAIN, (written) => (isCode(written) ? counting.digits(written) : number(written)));
}

function money(amount: string, sign: string, counting: Counting): string {
  return counting.money(plain(amount, counting), SYMBOLS[sign] ?? sign.trim());
}

/** As `1234.5`: which of point and comma separates thousands depends on the language, and on what follows it. */
function plain(written: string, { words }: Counting): string {
  const bare = written.replaceAll(/[' ]/g, '');
  const other = words.decimal === '.' ? ',' : '.';
  const grouped = words.decimal === '.' ? /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/ : /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
  if (grouped.test(bare)) return bare.replaceAll(other, '').replace(words.decimal, '.');
  return bare.replace(',', '.');
}

function date(whole: string, day: string, month: string, year: string, counting: Counting): string {
  const { words } = counting;
  const name = words.months[Number(month) - 1];
  if (name === undefined || Number(day) < 1 || Number(day) > 31) return whole;
  const bare = String(Number(day));
  const spoken = words.dayForm === 'ordinal' ? counting.ordinal(bare) : counting.cardinal(bare);
  return `${words.date(spoken, name)} ${yearAloud(year, counting)}`;
}

/** "Twenty twenty-six": two numbers, in English. */
function yearAloud(year: string, counting: Counting): string {
  const [century, rest] = [year.slice(0, 2), year.slice(2)];
  if (!counting.words.locale.startsWith('en') || rest.startsWith('0')) return counting.cardinal(year);
  return `${counting.cardinal(century)} ${counting.cardinal(rest)}`;
}

function time(hours: string, minutes: string, half: string | undefined, counting: Counting): string {
  const isFullHour = minutes === '00';
  const spokenMinutes = minutes.startsWith('0') ? counting.digits(minutes) : counting.cardinal(minutes);
  const hour = counting.cardinal(String(Number(hours)));
  if (half === undefined) return counting.words.time(hour, spokenMinutes, isFullHour);
  return `${isFullHour ? hour : `${hour} ${spokenMinutes}`} ${half.toLowerCase()} m`;
}

function isPhone(written: string): boolean {
  const digits = written.replaceAll(/\D/g, '').length;
  return digits >= 7 && digits <= 15 && (written.startsWith('+') || /[\s()/-]/.test(written));
}

/** In the groups in which it is written, each a breath. */
function phone(written: string, counting: Counting): string {
  const groups = written.split(/\D+/).filter((group) => group !== '');
  const [first, ...others] = groups.map((group) => counting.digits(group));
  return [written.startsWith('+') ? `plus ${first}` : first, ...others].join(', ');
}

function isCode(written: string): boolean {
  return /^\d+$/.test(written) && (written.length >= CODE_DIGITS_MIN || written.startsWith('0'));
}
