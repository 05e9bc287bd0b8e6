import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSpeakable } from './index.js';

const PLAIN = { pronunciations: {}, normalise: 'on' } as const;

async function say(text: string, language = 'en-US', speaking: Parameters<typeof loadSpeakable>[0] = PLAIN) {
  return (await loadSpeakable(speaking, language, 'local'))(text);
}

describe('a text made speakable in English', () => {
  it.each([
    ['It costs $12.50.', 'It costs twelve dollars and fifty cents.'],
    ['It costs 3 EUR, or £4.', 'It costs three euros, or four pounds.'],
    ['That is 20 CHF.', 'That is twenty Swiss francs.'],
    ['We have 1,234 rooms.', 'We have one thousand two hundred thirty-four rooms.'],
    ['About 3.5 km away.', 'About three point five kilometres away.'],
    ['5% off', 'five percent off'],
    ['Version 1.2.3 is here.', 'Version 1.2.3 is here.'],
    ['That is €12.50.', 'That is twelve euros fifty.'],
    ['It is -3 °C.', 'It is minus three degrees.'],
    ['On 2026-12-01 we are closed.', 'On December first twenty twenty-six we are closed.'],
    ['Open from 9:00 to 17:30.', "Open from nine o'clock to seventeen thirty."],
    ['At 9:05 pm.', 'At nine zero five p m.'],
    ['Call +1 555 123-4567 now.', 'Call plus one, five five five, one two three, four five six seven now.'],
    ['Your code is 48213.', 'Your code is four eight two one three.'],
    ['Room 007', 'Room zero zero seven'],
    ['You are the 3rd.', 'You are the third.'],
    ['Rooms 12-14', 'Rooms twelve to fourteen'],
    ['Write to anna.b@example.com.', 'Write to anna dot b at example dot com.'],
    ['See https://www.example.com/rooms.', 'See www dot example dot com slash rooms.'],
    ['Ask Dr. Miller at Main St.', 'Ask Doctor Miller at Main Street.'],
    ['Bed & breakfast', 'Bed and breakfast'],
    ['Version 2 of GPT-4o is here.', 'Version two of GPT-4o is here.'],
  ])('%s', async (text, spoken) => {
    expect(await say(text)).toBe(spoken);
  });
});

describe('a text made speakable in other languages', () => {
  it.each([
    ['de-DE', 'Das kostet 12,50 €.', 'Das kostet zwölf Euro und fünfzig Cent.'],
    ['de-DE', 'Am 01.12.2026 um 9:30.', 'Am erster Dezember zweitausendsechsundzwanzig um neun Uhr dreißig.'],
    [
      'de-DE',
      '1.234,5 Punkte, z.B. heute',
      'eintausendzweihundertvierunddreißig komma fünf Punkte, zum Beispiel heute',
    ],
    ['fr-FR', 'Cela fait 5 %.', 'Cela fait cinq pour cent.'],
    ['es-ES', 'Son 20 €.', 'Son veinte euros.'],
    ['it-IT', 'Alle 9:30', 'Alle le nove e trenta'],
  ])('%s: %s', async (language, text, spoken) => {
    expect(await say(text, language)).toBe(spoken);
  });

  it('leaves the figures of a language it does not know as they are, and still takes markup away', async () => {
    expect(await say('**Цена** 12', 'ru-RU')).toBe('Цена 12');
  });
});

describe('what a model writes for the eye', () => {
  it.each([
    ['**We** are _open_ `now`.', 'We are open now.'],
    ['# Hours\n- Monday\n- Tuesday', 'Hours\nMonday\nTuesday'],
    ['See [our page](https://example.com/x).', 'See our page.'],
    ['Great! 🎉👍🏽', 'Great!'],
    ['2 * 3 and snake_case_name', '2 * 3 and snake_case_name'],
  ])('%j is said as %j', async (text, spoken) => {
    expect(await say(text, 'xx')).toBe(spoken);
  });
});

describe('pronunciations', () => {
  const pronunciations = { SQL: 'sequel', 'Asterisk PBX': 'Asterisk P B X', C: 'see' };

  it('replace whole words, the longest first, whatever the case', async () => {
    const speaking = { pronunciations, normalise: 'off' } as const;
    expect(await say('sql, MySQL, Asterisk PBX and C.', 'en-US', speaking)).toBe(
      'sequel, MySQL, Asterisk P B X and see.',
    );
  });

  it('of words with signs in them are taken to the letter', async () => {
    const speaking = { pronunciations: { 'C++': 'see plus plus', '$(x)': 'odd' }, normalise: 'off' } as const;
    expect(await say('I like C++ and $(x) a lot', 'en-US', speaking)).toBe('I like see plus plus and odd a lot');
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    '12',
    '1,234.5',
    '€',
    '$ 3',
    '9:61',
    '2026-13-40',
    '%',
    '°C',
    '+1 2',
    '@',
    '.',
    'a@b.co',
    '**',
    '_',
    ' ',
    '-',
    '(',
    'é',
    '\n',
  );
  const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

  it('is made speakable without failing, in every language', async () => {
    for (const language of ['en-US', 'de-DE', 'fr-FR', 'es-ES', 'it-IT']) {
      const speakable = await loadSpeakable(PLAIN, language, 'local');
      fc.assert(
        fc.property(texts, (text) => {
          expect(speakable(text)).not.toMatch(/undefined|NaN|\[object/);
        }),
      );
    }
  });
});

describe('voices that read well by themselves', () => {
  it('get figures as they are, but no markup', async () => {
    const speakable = await loadSpeakable({ pronunciations: {}, normalise: 'auto' }, 'en-US', 'azure-speech');
    expect(speakable('**It** costs $12.50.')).toBe('It costs $12.50.');
  });
});
