import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffConfigs, diffLines } from './config-diff.js';

describe('the differences of two configurations', () => {
  it('are named by field, lists place by place', () => {
    const before = {
      name: 'a',
      dialogue: { intents: [{ reply: 'x' }] },
      silence: { prompts: ['one', 'two'] },
      gone: 1,
    };
    const after = { name: 'a', dialogue: { intents: [{ reply: 'y' }] }, silence: { prompts: ['one'] }, fresh: {} };
    expect(diffConfigs(before, after)).toEqual([
      { path: 'dialogue.intents.0.reply', before: 'x', after: 'y' },
      { path: 'silence.prompts.1', before: 'two', after: undefined },
      { path: 'gone', before: 1, after: undefined },
      { path: 'fresh', before: undefined, after: {} },
    ]);
  });

  it('are none between a configuration and itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(diffConfigs(value, structuredClone(value))).toEqual([]);
      }),
    );
  });
});

describe('the lines of two texts', () => {
  it('show what is gone and what is new among what stays', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'gone', text: 'b' },
      { kind: 'new', text: 'x' },
      { kind: 'same', text: 'c' },
    ]);
  });

  it('are both texts again, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '')).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const side = (kind: string) =>
          lines
            .filter((line) => line.kind === 'same' || line.kind === kind)
            .map((line) => line.text)
            .join('\n');
        expect([side('gone'), side('new')]).toEqual([before, after]);
      }),
    );
  });
});
