import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, ssmlOf } from './ssml.js';

const SPOKEN = { text: 'Hello', voice: 'en-US-AvaNeural', language: 'en-US', speed: 1 };
const HEAD =
  '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US"><voice name="en-US-AvaNeural">';

describe('the markup of a sentence', () => {
  it('is the sentence in the voice', () => {
    expect(ssmlOf(SPOKEN)).toBe(`${HEAD}Hello</voice></speak>`);
  });

  it('has a pace where it is not the usual one', () => {
    expect(ssmlOf({ ...SPOKEN, speed: 1.25 })).toBe(`${HEAD}<prosody rate="1.25">Hello</prosody></voice></speak>`);
  });

  it('has text as text, whoever wrote it', () => {
    const text = `Smith & Sons' <break time="10s"/> ]]> &amp;`;
    const escaped = 'Smith &amp; Sons&apos; &lt;break time=&quot;10s&quot;/&gt; ]]&gt; &amp;amp;';
    expect(ssmlOf({ ...SPOKEN, text })).toBe(`${HEAD}${escaped}</voice></speak>`);
  });

  it('keeps a voice and a language inside their quotes', () => {
    const ssml = ssmlOf({ ...SPOKEN, voice: 'a"><audio src="x', language: 'en"/>' });
    expect(ssml).not.toMatch(/<audio|"\/>/);
  });

  it('has no character that XML does not know', () => {
    expect(escapeXml('a\u0000b\u0008c\ud800d\uffffe\tf\u{1f600}')).toBe('a b c d e\tf\u{1f600}');
  });

  it('has, for any text, only entities of ours after every ampersand and no bracket', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(text)).toMatch(/^(?:[^<>&"']|&(?:amp|lt|gt|quot|apos);)*$/);
      }),
    );
  });
});
