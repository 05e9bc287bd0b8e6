import {
  assistantConfigSchema,
  type ChatMessage,
  type Json,
  type LanguageModelEvent,
  type LanguageModelRequest,
} from '@rapida/core';
import { languageModelConformance } from '@rapida/core/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRuleBasedModel } from './llm.js';

const { dialogue } = assistantConfigSchema.parse({
  name: 'front desk',
  dialogue: {
    intents: [
      {
        name: 'hours',
        phrases: ['what are your opening hours', 'when are you open'],
        reply: 'From nine to five, {{name}}.',
      },
      {
        name: 'order',
        phrases: ['what is the status of my order'],
        collect: [
          { name: 'number', kind: 'digits', prompt: 'What is the number?', digitsMin: 4, digitsMax: 7 },
          { name: 'express', kind: 'yes_no', prompt: 'Is it an express order?' },
        ],
        confirm: 'Order {{number}}, express {{express}}. Is that right?',
        reply: 'Order {{number}} is on its way.',
      },
      {
        name: 'sales',
        phrases: ['transfer me to sales'],
        reply: 'One moment.',
        action: { type: 'transfer', target: 'sales,100,1' },
      },
      { name: 'bye', phrases: ['goodbye'], reply: 'Goodbye.', action: { type: 'end_call' } },
      { name: 'cancel', phrases: ['cancel everything'], confirm: 'Really?', reply: 'Done.' },
    ],
    notUnderstood: ['Sorry?', 'I still do not understand.'],
    help: 'Ask for opening hours.',
  },
});
const llm = createRuleBasedModel(dialogue);

function request(messages: readonly ChatMessage[], memo: Json, more: Partial<LanguageModelRequest> = {}) {
  return { instructions: '', messages, tools: [], variables: { name: 'Ada' }, memo, ...more };
}

async function collect(asked: LanguageModelRequest): Promise<LanguageModelEvent[]> {
  const events: LanguageModelEvent[] = [];
  for await (const event of llm.generate(asked, new AbortController().signal)) events.push(event);
  return events;
}

function textOf(events: readonly LanguageModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

function memoOf(events: readonly LanguageModelEvent[]): Json {
  const memos = events.filter((event) => event.type === 'memo');
  expect(memos).toHaveLength(1);
  return memos[0]?.memo ?? null;
}

/** `null` is speech that was not understood. */
async function talk(...said: (string | null)[]): Promise<{ texts: string[]; memo: Json; last: LanguageModelEvent[] }> {
  let memo: Json = null;
  let last: LanguageModelEvent[] = [];
  const texts: string[] = [];
  for (const text of said) {
    last = await collect(
      request([text === null ? { role: 'user', text: '', rejected: true } : { role: 'user', text }], memo),
    );
    memo = memoOf(last);
    texts.push(textOf(last));
  }
  return { texts, memo, last };
}

languageModelConformance(
  'rule-based',
  async () => ({
    llm,
    request: request([{ role: 'user', text: 'When are you open?' }], null),
    expected: /^From nine to five, Ada\.$/,
    close() {},
  }),
  { memos: ['not ours', { intent: 'order', slot: 0 }, { intent: 'gone', slot: 3 }] },
);

describe('what the rule-based model understands', () => {
  it.each([
    'what are your opening hours',
    'What are your opening hours?',
    'hello what are your opening hours please',
    'Hi, I was wondering about your opening hours today.',
    'when are you open',
  ])('takes "%s" for the opening hours', async (text) => {
    expect((await talk(text)).texts).toEqual(['From nine to five, Ada.']);
  });

  it.each(['what is the', 'do you sell bicycles', ''])('does not understand "%s"', async (text) => {
    expect((await talk(text)).texts).toEqual(['Sorry?']);
  });

  it('joins what the caller said in several pieces since it spoke', async () => {
    const messages: ChatMessage[] = [
      { role: 'user', text: 'goodbye' },
      { role: 'assistant', text: 'Yes?' },
      { role: 'user', text: '', rejected: true },
      { role: 'user', text: 'what are your' },
      { role: 'user', text: 'opening hours' },
    ];
    expect(textOf(await collect(request(messages, null)))).toBe('From nine to five, Ada.');
  });

  it('says the sentences for what was not understood one after the other, with help from the last on', async () => {
    const last = 'I still do not understand. Ask for opening hours.';
    expect((await talk(null, 'bicycles', null, 'when are you open', null)).texts).toEqual([
      'Sorry?',
      last,
      last,
      'From nine to five, Ada.',
      'Sorry?',
    ]);
  });

  it('says nothing for an unknown variable', async () => {
    const asked = request([{ role: 'user', text: 'when are you open' }], null, { variables: {} });
    expect(textOf(await collect(asked))).toBe('From nine to five, .');
  });
});

describe('what the rule-based model asks', () => {
  it('collects slot after slot, confirms, and answers', async () => {
    expect((await talk('what is the status of my order', '4711', 'yes', 'that is right')).texts).toEqual([
      'What is the number?',
      'Is it an express order?',
      'Order 4 7 1 1, express yes. Is that right?',
      'Order 4 7 1 1 is on its way.',
    ]);
  });

  it.each([['four seven one one'], ['4-7-1-1'], ['It is four, seven, double one.'], ['4711']])(
    'takes "%s" for 4711',
    async (said) => {
      const { texts } = await talk('what is the status of my order', said, 'no');
      expect(texts.at(-1)).toBe('Order 4 7 1 1, express no. Is that right?');
    },
  );

  it('asks again when there are too few or too many digits', async () => {
    const { texts } = await talk('what is the status of my order', '47', '12345678', '1234567');
    expect(texts.slice(1)).toEqual([
      'Sorry? What is the number?',
      'I still do not understand. Ask for opening hours. What is the number?',
      'Is it an express order?',
    ]);
  });

  it('begins to collect again after a "no" to what it read back', async () => {
    const { texts } = await talk(
      'what is the status of my order',
      '4711',
      'no',
      'no that is wrong',
      '4712',
      'no',
      'yes',
    );
    expect(texts.slice(3)).toEqual([
      'What is the number?',
      'Is it an express order?',
      'Order 4 7 1 2, express no. Is that right?',
      'Order 4 7 1 2 is on its way.',
    ]);
  });

  it('drops what has nothing to collect after a "no"', async () => {
    const { texts, memo } = await talk('cancel everything', 'no', 'yes');
    expect(texts[1]).toBe('All right. What else can I do for you? Ask for opening hours.');
    expect(texts[2]).toBe('Sorry?');
    expect(llm.expectations?.(memo).kind).toBe('phrases');
  });

  it('leaves an open question for another intent', async () => {
    const { texts, memo } = await talk('what is the status of my order', 'when are you open');
    expect(texts[1]).toBe('From nine to five, Ada.');
    expect(llm.expectations?.(memo).kind).toBe('phrases');
  });

  it('expects the phrases of all intents, and the kind of answer that is due', async () => {
    const phrases = dialogue.intents.flatMap((intent) => intent.phrases);
    expect(llm.expectations?.(null)).toEqual({ kind: 'phrases', phrases });
    const kinds: string[] = [];
    for (const said of [[], ['4711'], ['4711', 'yes']]) {
      const { memo } = await talk('what is the status of my order', ...said);
      const hints = llm.expectations?.(memo);
      kinds.push(hints?.kind ?? '');
      expect(hints?.phrases).toEqual(phrases);
    }
    expect(kinds).toEqual(['digits', 'yes_no', 'yes_no']);
  });
});

describe('what the rule-based model does', () => {
  it('asks to end the call before it says goodbye, so that a refusal is never announced as done', async () => {
    const { last } = await talk('goodbye');
    expect(last.map(({ type }) => type)).toEqual(['memo', 'tool-call', 'text']);
    expect(last[1]).toMatchObject({ call: { name: 'end_call', args: {} } });
  });

  it('transfers to the target of the intent', async () => {
    const { last } = await talk('transfer me to sales');
    expect(last[1]).toMatchObject({ call: { name: 'transfer', args: { target: 'sales,100,1' } } });
  });

  it('is sorry when a tool was refused, and does not try again', async () => {
    const messages: ChatMessage[] = [
      { role: 'user', text: 'transfer me to sales' },
      { role: 'tool', callId: 'rule-1', name: 'transfer', result: 'not allowed' },
    ];
    const events = await collect(request(messages, null));
    expect(textOf(events)).toBe('I am sorry, I cannot do that at the moment.');
    expect(events.some(({ type }) => type === 'tool-call')).toBe(false);
  });

  it('goes on from where it was stopped by mistake', async () => {
    const { memo } = await talk('when are you open');
    const messages: ChatMessage[] = [
      { role: 'user', text: 'when are you open' },
      { role: 'assistant', text: 'From nine', interrupted: true },
    ];
    expect(textOf(await collect(request(messages, memo, { continuing: true })))).toBe('to five, Ada.');
  });

  it('has a memo of at most a few kB and an answer for every sequence of utterances', async () => {
    const sayings = [
      'what is the status of my order',
      '4711',
      'yes',
      'no',
      'goodbye',
      'cancel everything',
      '',
      'mumble',
      null,
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...sayings), { minLength: 1, maxLength: 12 }), async (said) => {
        const { texts, memo } = await talk(...said);
        for (const text of texts) expect(text).not.toBe('');
        expect(JSON.stringify(memo).length).toBeLessThan(4_096);
        expect(llm.expectations?.(JSON.parse(JSON.stringify(memo)))).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });
});
