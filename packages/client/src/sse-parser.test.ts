import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ServerSentEvent, SSE_CHARS_MAX, SseParser, SseTooLong } from './sse-parser.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Everything that comes out of a text that arrives in pieces of this size. */
function parsed(text: string, size: number): ServerSentEvent[] {
  const whole = bytes(text);
  const parser = new SseParser();
  const events: ServerSentEvent[] = [];
  for (let at = 0; at < whole.length; at += size) events.push(...parser.push(whole.subarray(at, at + size)));
  return events;
}

/** Why each is there, the stream, and what it says as `id|type|data`. */
const VECTORS: readonly (readonly [string, string, readonly string[]])[] = [
  ['an event with all of its fields', 'id: 7\nevent: call.ended\ndata: {"a":1}\n\n', ['7|call.ended|{"a":1}']],
  ['no name, no id', 'data: x\n\n', ['|message|x']],
  ['carriage returns alone end lines as well', 'data: x\r\rdata: y\r\r', ['|message|x', '|message|y']],
  ['both, which are one line end', 'data: x\r\n\r\ndata: y\r\n\r\n', ['|message|x', '|message|y']],
  ['all three in one stream', 'data: x\r\ndata: y\rdata: z\n\r\n', ['|message|x\ny\nz']],
  ['comments keep the connection alive and say nothing', ': keep-alive\n\n:\n\ndata: x\n\n', ['|message|x']],
  ['a name without data is no event, and names no other', 'event: a\n\ndata: x\n\n', ['|message|x']],
  [
    'an id stays until another comes',
    'id: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n',
    ['1|message|x', '1|message|y', '|message|z'],
  ],
  ['an id that comes alone counts', 'id: 1\n\ndata: x\n\n', ['1|message|x']],
  ['an id with a NUL is none', 'id: 1\nid: 2\0\ndata: x\n\n', ['1|message|x']],
  ['one space behind the colon is not of the value', 'data:x\ndata: y\ndata:  z\n\n', ['|message|x\ny\n z']],
  ['empty data is data', 'data\n\ndata:\ndata:\n\n', ['|message|', '|message|\n']],
  ['colons in the value', 'data: a:b: c\n\n', ['|message|a:b: c']],
  ['fields that nobody knows', 'speed: 9\nretry: soon\ndata: x\n\n', ['|message|x']],
  ['letters of two, three and four bytes', 'data: ü€😀\n\n', ['|message|ü€😀']],
  ['a byte order mark in front', '\uFEFFdata: x\n\n', ['|message|x']],
  ['what has not ended is not told', 'data: x\n\ndata: y\n', ['|message|x']],
];

it.each(VECTORS)('%s, in pieces of every size', (_why, text, told) => {
  for (let size = 1; size <= bytes(text).length; size++) {
    const events = parsed(text, size).map(({ lastEventId, type, data }) => `${lastEventId}|${type}|${data}`);
    expect(events, `pieces of ${size}`).toEqual(told);
  }
});

it('says the same whatever the pieces are', () => {
  const line = fc.constantFrom('data: a', 'data:ü😀', 'id: 1', 'id', 'event: e', ': c', '', 'data', 'x:y');
  const end = fc.constantFrom('\n', '\r', '\r\n');
  const stream = fc.array(fc.tuple(line, end), { maxLength: 30 }).map((lines) => lines.flat().join(''));
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (text, sizes) => {
      const whole = bytes(text);
      const parser = new SseParser();
      const events: ServerSentEvent[] = [];
      for (let at = 0, turn = 0; at < whole.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        events.push(...parser.push(whole.subarray(at, at + size)));
        at += size;
      }
      expect(events).toEqual(new SseParser().push(whole));
    }),
  );
});

it('goes on after an id that it was given', () => {
  expect(new SseParser('5').push(bytes('data: x\n\n'))[0]?.lastEventId).toBe('5');
});

it('takes down how long the server asks to wait', () => {
  const parser = new SseParser();
  parser.push(bytes('retry: 1500\nretry: x\n'));
  expect(parser.retryMs).toBe(1_500);
});

it('takes the longest line and no longer one, however it arrives', () => {
  const longest = 'x'.repeat(SSE_CHARS_MAX - 'data: '.length);
  expect(new SseParser().push(bytes(`data: ${longest}\n\n`))).toHaveLength(1);
  expect(() => new SseParser().push(bytes(`data: ${longest}x\n\n`))).toThrow(SseTooLong);
  const parser = new SseParser();
  parser.push(bytes(`data: ${longest}`));
  expect(() => parser.push(bytes('x'))).toThrow(SseTooLong);
});

it('takes no event of lines without end', () => {
  const parser = new SseParser();
  const many = bytes('data:\n'.repeat(100_000));
  expect(() => {
    for (let round = 0; round < 20; round++) parser.push(many);
  }).toThrow(SseTooLong);
});
