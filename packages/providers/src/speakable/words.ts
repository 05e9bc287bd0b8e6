/** What a language needs to have figures and signs read aloud. */
export interface LanguageWords {
  /** The locale of `n2words` that counts in it. */
  readonly locale: string;
  /** Locales whose money it says well, by currency; others are a number and a name. */
  readonly money: Readonly<Record<string, string>>;
  readonly currencies: Readonly<Record<string, string>>;
  readonly decimal: '.' | ',';
  readonly at: string;
  readonly dot: string;
  readonly slash: string;
  readonly dash: string;
  readonly underscore: string;
  readonly and: string;
  readonly minus: string;
  readonly percent: string;
  readonly degrees: string;
  readonly to: string;
  readonly months: readonly string[];
  /** A day and a month, said together. */
  readonly date: (day: string, month: string) => string;
  /** Days are counted (`first`) or numbered (`eins`). */
  readonly dayForm: 'ordinal' | 'cardinal';
  readonly time: (hours: string, minutes: string, isFullHour: boolean) => string;
  /** Written form to spoken form; the written form ends where a word ends. */
  readonly abbreviations: Readonly<Record<string, string>>;
}

const ENGLISH: LanguageWords = {
  locale: 'en-US',
  money: { USD: 'en-US', GBP: 'en-GB', INR: 'en-IN' },
  currencies: { USD: 'dollars', EUR: 'euros', GBP: 'pounds', CHF: 'Swiss francs', JPY: 'yen', INR: 'rupees' },
  ...{ decimal: '.', at: 'at', dot: 'dot', slash: 'slash', dash: 'dash', underscore: 'underscore', and: 'and' },
  ...{ percent: 'percent', degrees: 'degrees', to: 'to', minus: 'minus' },
  months: 'January February March April May June July August September October November December'.split(' '),
  date: (day, month) => `${month} ${day}`,
  dayForm: 'ordinal',
  time: (hours, minutes, isFullHour) => (isFullHour ? `${hours} o'clock` : `${hours} ${minutes}`),
  abbreviations: {
    ...{ 'Dr.': 'Doctor', 'Mr.': 'Mister', 'Mrs.': 'Missis', 'Ms.': 'Miss', 'Prof.': 'Professor', 'St.': 'Street' },
    ...{ 'Ave.': 'Avenue', 'Rd.': 'Road', 'No.': 'number', 'approx.': 'approximately', 'e.g.': 'for example' },
    ...{ 'i.e.': 'that is', 'etc.': 'and so on', 'vs.': 'versus', 'ext.': 'extension', 'min.': 'minutes' },
    ...{ km: 'kilometres', kg: 'kilograms', cm: 'centimetres', mm: 'millimetres', kWh: 'kilowatt hours' },
    ...{ Mon: 'Monday', Tue: 'Tuesday', Wed: 'Wednesday', Thu: 'Thursday', Fri: 'Friday' },
  },
};

const GERMAN: LanguageWords = {
  locale: 'de-DE',
  money: { EUR: 'de-DE' },
  currencies: { USD: 'Dollar', EUR: 'Euro', GBP: 'Pfund', CHF: 'Franken', JPY: 'Yen' },
  ...{ decimal: ',', at: 'ät', dot: 'Punkt', slash: 'Schrägstrich', dash: 'Strich', underscore: 'Unterstrich' },
  ...{ and: 'und', percent: 'Prozent', degrees: 'Grad', to: 'bis', minus: 'minus' },
  months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
  date: (day, month) => `${day}r ${month}`,
  dayForm: 'ordinal',
  time: (hours, minutes, isFullHour) => (isFullHour ? `${hours} Uhr` : `${hours} Uhr ${minutes}`),
  abbreviations: {
    ...{ 'Dr.': 'Doktor', 'Hr.': 'Herr', 'Fr.': 'Frau', 'Prof.': 'Professor', 'Str.': 'Straße', 'Nr.': 'Nummer' },
    ...{
      'z. B.': 'zum Beispiel',
      'z.B.': 'zum Beispiel',
      'd. h.': 'das heißt',
      'd.h.': 'das heißt',
      'usw.': 'und so weiter',
    },
    ...{ 'ca.': 'circa', 'bzw.': 'beziehungsweise', 'Tel.': 'Telefon', km: 'Kilometer', kg: 'Kilogramm' },
  },
};

const FRENCH: LanguageWords = {
  locale: 'fr-FR',
  money: { EUR: 'fr-FR' },
  currencies: { USD: 'dollars', EUR: 'euros', GBP: 'livres', CHF: 'francs suisses', JPY: 'yens' },
  ...{ decimal: ',', at: 'arobase', dot: 'point', slash: 'barre oblique', dash: 'tiret', underscore: 'tiret bas' },
  ...{ and: 'et', percent: 'pour cent', degrees: 'degrés', to: 'à', minus: 'moins' },
  months: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  date: (day, month) => `${day === 'un' ? 'premier' : day} ${month}`,
  dayForm: 'cardinal',
  time: (hours, minutes, isFullHour) => (isFullHour ? `${hours} heures` : `${hours} heures ${minutes}`),
  abbreviations: {
    'M.': 'Monsieur',
    Mme: 'Madame',
    'Dr.': 'Docteur',
    'etc.': 'et cetera',
    km: 'kilomètres',
    kg: 'kilos',
  },
};

const SPANISH: LanguageWords = {
  locale: 'es-ES',
  money: { EUR: 'es-ES', MXN: 'es-MX', USD: 'es-US' },
  currencies: { USD: 'dólares', EUR: 'euros', GBP: 'libras', CHF: 'francos suizos', JPY: 'yenes' },
  ...{ decimal: ',', at: 'arroba', dot: 'punto', slash: 'barra', dash: 'guion', underscore: 'guion bajo' },
  ...{ and: 'y', percent: 'por ciento', degrees: 'grados', to: 'a', minus: 'menos' },
  months: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
  date: (day, month) => `${day} de ${month}`,
  dayForm: 'cardinal',
  time: (hours, minutes, isFullHour) => (isFullHour ? `${hours} en punto` : `${hours} y ${minutes}`),
  abbreviations: {
    'Sr.': 'Señor',
    'Sra.': 'Señora',
    'Dr.': 'Doctor',
    'Dra.': 'Doctora',
    'etc.': 'etcétera',
    km: 'kilómetros',
  },
};

const ITALIAN: LanguageWords = {
  locale: 'it-IT',
  money: { EUR: 'it-IT' },
  currencies: { USD: 'dollari', EUR: 'euro', GBP: 'sterline', CHF: 'franchi svizzeri', JPY: 'yen' },
  ...{ decimal: ',', at: 'chiocciola', dot: 'punto', slash: 'barra', dash: 'trattino', underscore: 'trattino basso' },
  ...{ and: 'e', percent: 'per cento', degrees: 'gradi', to: 'a', minus: 'meno' },
  months: 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(' '),
  date: (day, month) => `${day === 'uno' ? 'primo' : day} ${month}`,
  dayForm: 'cardinal',
  time: (hours, minutes, isFullHour) => (isFullHour ? `le ${hours}` : `le ${hours} e ${minutes}`),
  abbreviations: { 'Sig.': 'Signor', 'Dott.': 'Dottor', 'ecc.': 'eccetera', km: 'chilometri', kg: 'chili' },
};

/** By the first part of the language tag. In other languages only markup and pronunciations are seen to. */
export const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  it: ITALIAN,
};
