import { describe, expect, it } from 'vitest';
import { languageModelConformance } from '../conformance/language-model.js';
import { RapidaError } from '../errors.js';
import type { LanguageModel, LanguageModelEvent, LanguageModelRequest } from '../language-model.js';
import { chainOf, ScriptedModel, settle, VirtualClock } from '../testing/index.js';
import { fallingBackLanguageModel } from './llm-fallback.js';

const REQUEST: LanguageModelRequest = {
  instructions: '',
  messages: [{ role: 'user', text: 'When are you open?' }],
  tools: [],
  variables: {},
  memo: null,
};
const BUDGET_MS = 1_500;
const PATIENCE_MS = 8_000;

type Script = readonly (LanguageModelEvent | 'fail' | 'stall')[];

/** Answers each request with the next script, then with the last one, and keeps what it was asked. */
function model(provider: string, ...scripts: Script[]) {
  const asked: LanguageModelRequest[] = [];
  const llm: LanguageModel = {
    provider,
    async *generate(request) {
      const script = scripts[asked.length] ?? scripts.at(-1) ?? [];
      asked.push(request);
      for (const entry of script) {
        if (entry === 'fail') throw new RapidaError('provider_rate_limited');
        if (entry === 'stall') await new Promise(() => {});
        else yield entry;
      }
    },
  };
  return { llm, asked };
}

const text = (words: string): LanguageModelEvent => ({ type: 'text', text: words });

function ask(clock: VirtualClock, models: readonly [LanguageModel, ...LanguageModel[]], request = REQUEST) {
  const [first, ...others] = models;
  const chain = chainOf('llm', clock, first, ...others);
  const llm = fallingBackLanguageModel(chain, { clock, budgetMs: BUDGET_MS, patienceMs: PATIENCE_MS });
  const events: LanguageModelEvent[] = [];
  const over = (async () => {
    for await (const event of llm.generate(request, new AbortController().signal)) events.push(event);
    return 'end';
  })().catch((error: unknown) => error);
  return { chain, events, over, llm };
}

describe('a chain of language models', () => {
  it('lets the next one answer where the first fails at once', async () => {
    const [a, b] = [model('a', ['fail']), model('b', [text('From nine to five.')])];
    const { events, over, chain } = ask(new VirtualClock(), [a.llm, b.llm]);
    expect(await over).toBe('end');
    expect(events).toEqual([text('From nine to five.')]);
    expect(b.asked).toEqual([REQUEST]);
    expect(chain.incidents).toEqual([{ kind: 'llm', provider: 'a', code: 'provider_rate_limited', next: 'b' }]);
  });

  it('lets the next one go on where the first breaks off or stalls in the middle of a sentence', async () => {
    for (const how of ['fail', 'stall'] as const) {
      const clock = new VirtualClock();
      const [a, b] = [model('a', [text('We are '), text('open '), how]), model('b', [text('from nine to five.')])];
      const { events, over } = ask(clock, [a.llm, b.llm]);
      await settle();
      await clock.advance(how === 'stall' ? BUDGET_MS : 0);
      expect(await over).toBe('end');
      expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(
        'We are open from nine to five.',
      );
      expect(b.asked[0]).toEqual({
        ...REQUEST,
        messages: [...REQUEST.messages, { role: 'assistant', text: 'We are open' }],
        continuing: true,
      });
    }
  });

  it('gives the last one more time than those before it', async () => {
    const clock = new VirtualClock();
    const { over } = ask(clock, [model('a', ['stall']).llm, model('b', ['stall']).llm]);
    let ended = false;
    void over.then(() => {
      ended = true;
    });
    await clock.advance(BUDGET_MS + PATIENCE_MS - 1);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(await over).toMatchObject({ code: 'provider_timeout' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks nobody else after a tool call: it may have had its effect', async () => {
    const call: LanguageModelEvent = { type: 'tool-call', call: { id: '1', name: 'book', args: {} } };
    const [a, b] = [model('a', [call, 'fail']), model('b', [text('no')])];
    const { over, events } = ask(new VirtualClock(), [a.llm, b.llm]);
    expect(await over).toMatchObject({ code: 'provider_rate_limited' });
    expect(events).toEqual([call]);
    expect(b.asked).toEqual([]);
  });

  it('stays with the one that took over, for the rest of the call', async () => {
    const clock = new VirtualClock();
    const [a, b] = [model('a', ['fail'], [text('a')]), model('b', [text('one')], [text('two')])];
    const { llm, over } = ask(clock, [a.llm, b.llm]);
    await over;
    for await (const event of llm.generate(REQUEST, new AbortController().signal)) expect(event).toEqual(text('two'));
    expect(a.asked).toHaveLength(1);
  });

  it('gives a memo back to the one that wrote it and to nobody else', async () => {
    const memo: LanguageModelEvent = { type: 'memo', memo: { step: 3 } };
    const [a, b] = [model('a', [memo], ['fail']), model('b', [text('hello')])];
    const { llm, events, over } = ask(new VirtualClock(), [a.llm, b.llm]);
    await over;
    const [kept] = events;
    if (kept?.type !== 'memo') throw new Error('no memo came');
    for await (const _ of llm.generate({ ...REQUEST, memo: kept.memo }, new AbortController().signal));
    expect(a.asked[1]?.memo).toEqual({ step: 3 });
    expect(b.asked[0]?.memo).toBeNull();
  });

  it('expects of the caller what the model that wrote the memo expects', () => {
    const clock = new VirtualClock();
    const inner = new ScriptedModel(clock, [], { phrases: ['yes please'] });
    const { llm } = ask(clock, [model('a').llm, inner]);
    expect(llm.expectations?.({ from: 1, memo: 5 }).phrases).toEqual(['yes please', 'memo 5']);
    expect(llm.expectations?.(null).phrases).toEqual([]);
  });
});

languageModelConformance('a chain whose first fails', async () => {
  const clock = new VirtualClock();
  const chain = chainOf('llm', clock, model('a', ['fail']).llm, model('b', [text('Good '), text('morning.')]).llm);
  const llm = fallingBackLanguageModel(chain, { clock, budgetMs: BUDGET_MS, patienceMs: PATIENCE_MS });
  return { llm, request: REQUEST, expected: /^Good morning\.$/, close() {} };
});
