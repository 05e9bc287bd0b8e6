import type { ChatMessage, LanguageModelRequest } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { fillIn } from '../wire/fill-in.js';
import { toModelMessages } from './messages.js';

function mapped(messages: readonly ChatMessage[], continuing?: boolean) {
  const request: LanguageModelRequest = {
    instructions: '',
    messages,
    tools: [],
    variables: {},
    memo: null,
    ...(continuing !== undefined && { continuing }),
  };
  return toModelMessages(request);
}

describe('variables', () => {
  it('are filled in, also with spaces around, every time', () => {
    expect(fillIn('{{name}} and {{ name }} of {{town}}', { name: 'Ada', town: 'Bern' })).toBe('Ada and Ada of Bern');
  });

  it('leave nothing where they are unknown, and find nothing that every object has', () => {
    expect(fillIn('<{{nobody}}{{constructor}}{{__proto__}}>', {})).toBe('<>');
  });

  it('are not read again after they were filled in, and $ means nothing', () => {
    expect(fillIn('{{a}}', { a: '{{b}} $& $1', b: 'x' })).toBe('{{b}} $& $1');
  });
});

describe('messages', () => {
  it('tell keys and what was not understood apart from words', () => {
    expect(
      mapped([
        { role: 'user', text: 'Hello' },
        { role: 'user', text: '123', via: 'dtmf' },
        { role: 'user', text: '', rejected: true },
      ]),
    ).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'user', content: '[keys] 123' },
      { role: 'user', content: '[the caller said something that could not be understood]' },
    ]);
  });

  it('mark where the caller interrupted, and leave out what was not said at all', () => {
    expect(
      mapped([
        { role: 'assistant', text: 'We are open from', interrupted: true },
        { role: 'assistant', text: '' },
      ]),
    ).toEqual([{ role: 'assistant', content: 'We are open from [the caller interrupted here]' }]);
  });

  it('put each result behind its call, fill in a missing one and leave out one without a call', () => {
    const call = (id: string) => ({ id, name: 'look_up', args: { id } });
    const result = (callId: string): ChatMessage => ({ role: 'tool', callId, name: 'look_up', result: `of ${callId}` });
    const output = (toolCallId: string, value: string) => ({
      type: 'tool-result',
      toolCallId,
      toolName: 'look_up',
      output: { type: 'text', value },
    });
    expect(
      mapped([
        { role: 'assistant', text: 'One moment.', toolCalls: [call('a'), call('b')] },
        result('a'),
        result('stranger'),
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'One moment.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'look_up', input: { id: 'a' } },
          { type: 'tool-call', toolCallId: 'b', toolName: 'look_up', input: { id: 'b' } },
        ],
      },
      {
        role: 'tool',
        content: [output('a', 'of a'), output('b', '[this tool was stopped before it had a result]')],
      },
    ]);
  });

  it('ask to go on with the last message, which then was not interrupted', () => {
    const messages = mapped([{ role: 'assistant', text: 'We are open from', interrupted: true }], true);
    expect(messages[0]).toEqual({ role: 'assistant', content: 'We are open from' });
    expect(messages[1]?.role).toBe('user');
    expect(messages[1]?.content).toMatch(/go on with the very next word/);
    expect(messages.length).toBe(2);
  });
});
