import { NO_HINTS } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGrammar, transcriptOf } from './grammar.js';

const known = (word: string) => word !== 'xyzzyq';

describe('the grammar of what makes sense to hear', () => {
  it('lists each phrase once, in lower case and without punctuation', () => {
    const { jsgf } = buildGrammar(
      { kind: 'phrases', phrases: ["Where's the   bank?", "where's the bank", 'Caf\u00e9!'] },
      known,
    );
    expect(jsgf).toContain("= where's the bank | cafe ;");
  });

  it('leaves out phrases with an unknown word, so that the others are heard', () => {
    expect(buildGrammar({ kind: 'phrases', phrases: ['a xyzzyq', 'goodbye'] }, known).jsgf).toContain('= goodbye ;');
  });

  it('is none when there is nothing to hear', () => {
    expect(buildGrammar(NO_HINTS, known).jsgf).toBeUndefined();
    expect(buildGrammar({ kind: 'phrases', phrases: ['?!', 'xyzzyq'] }, known).jsgf).toBeUndefined();
  });

  it('has digits only when they were asked for', () => {
    expect(buildGrammar({ kind: 'digits', phrases: ['goodbye'] }, known).jsgf).toContain('= <digits> | goodbye ;');
    expect(buildGrammar({ kind: 'yes_no', phrases: ['goodbye'] }, known).jsgf).not.toContain('digit');
  });

  it('cannot be broken by a phrase', () => {
    fc.assert(
      fc.property(fc.string(), (phrase) => {
        const { jsgf } = buildGrammar({ kind: 'phrases', phrases: [phrase, 'safe'] }, known);
        expect(jsgf).toMatch(/^#JSGF V1\.0;\ngrammar heard;\npublic <heard> = ([a-z0-9' ]+ \| )?safe ;\n$/);
      }),
    );
  });
});

describe('the transcript', () => {
  it('has figures for a number where digits were asked for, and words everywhere else', () => {
    expect(transcriptOf('digits', 'five double one')).toBe('511');
    expect(transcriptOf('digits', 'table for two')).toBe('table for two');
    expect(transcriptOf('phrases', 'one')).toBe('one');
  });
});
