import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillHeader, fillJson, fillUrl } from './template.js';

describe('an address with values', () => {
  it('has each value as one piece of it, whatever is in it', () => {
    const url = fillUrl('https://api.example.com/orders/{{order}}?by={{ caller }}', {
      order: '7/../../admin',
      caller: '+1 555&x=1#',
    });
    expect(url).toBe('https://api.example.com/orders/7%2F..%2F..%2Fadmin?by=%2B1%20555%26x%3D1%23');
  });

  it('never leads elsewhere', () => {
    const template = 'https://api.example.com/a/{{v}}/z';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (v) => {
        if (/^\.{1,2}$/.test(v)) return;
        const { origin, pathname } = new URL(fillUrl(template, { v }));
        expect(origin).toBe('https://api.example.com');
        expect(pathname.split('/')).toHaveLength(4);
        expect(pathname).toMatch(/^\/a\/.*\/z$/);
      }),
    );
  });

  it.each(['.', '..'])('refuses %j, which would shorten it', (v) => {
    expect(() => fillUrl('https://x.example/{{v}}/y', { v })).toThrow(
      expect.objectContaining({ code: 'tool_refused' }),
    );
  });

  it('has nothing where a value is missing', () => {
    expect(fillUrl('https://x.example/{{a}}?b={{constructor}}', {})).toBe('https://x.example/?b=');
  });
});

describe('a header with values', () => {
  it('stays one header', () => {
    expect(fillHeader('id {{v}}', { v: 'a\r\nx-admin: 1' })).toBe('id a  x-admin: 1');
  });
});

describe('a body with values', () => {
  it('has them as JSON, and within quotes as the inside of a text', () => {
    const body = fillJson('{"n": {{n}}, "who": "caller {{who}}", "list": {{list}}, "none": {{none}}}', {
      n: 3,
      who: 'A "B" \\ C\n',
      list: [1, 'x'],
    });
    expect(JSON.parse(body)).toEqual({ n: 3, who: 'caller A "B" \\ C\n', list: [1, 'x'], none: null });
  });

  it('is JSON whatever the values are', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        expect(JSON.parse(fillJson('{"a": "x{{text}}y", "b": {{value}}}', { text, value }))).toEqual({
          a: `x${text}y`,
          b: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });
});
