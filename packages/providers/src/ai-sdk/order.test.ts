import type { ModelMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { inOrder } from './order.js';

const RULES = { startsWithUser: true, answersTools: true, callId: /^[A-Za-z0-9]{9}$/ };
const user = (content: string): ModelMessage => ({ role: 'user', content });
const says = (...texts: string[]): ModelMessage => ({
  role: 'assistant',
  content: texts.map((text) => ({ type: 'text', text })),
});
const calls = (id: string): ModelMessage => ({
  role: 'assistant',
  content: [{ type: 'tool-call', toolCallId: id, toolName: 'hold', input: {} }],
});
const result = (id: string, value: string): ModelMessage => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: id, toolName: 'hold', output: { type: 'text', value } }],
});

describe('the order of messages', () => {
  it('begins with the caller where a vendor wants it, and only there', () => {
    expect(inOrder([says('Hello.'), user('Hi')], RULES, true)).toEqual([
      user('[the call begins]'),
      says('Hello.'),
      user('Hi'),
    ]);
    expect(inOrder([says('Hello.'), user('Hi')], { ...RULES, startsWithUser: false }, true)).toEqual([
      says('Hello.'),
      user('Hi'),
    ]);
  });

  it('is never empty', () => {
    expect(inOrder([], { ...RULES, startsWithUser: false }, true)).toEqual([user('[the call begins]')]);
  });

  it('makes one message of two by the same one, and none of a blank one', () => {
    expect(
      inOrder([user('Hi'), user('[keys] 1'), says('One.'), says(' '), says('Two.'), user('Yes')], RULES, true),
    ).toEqual([user('Hi\n[keys] 1'), says('One. Two.'), user('Yes')]);
  });

  it('keeps what was said before a call of a tool in front of it', () => {
    expect(
      inOrder([user('Hi'), says('One moment.'), calls('abcdef123'), result('abcdef123', 'ok')], RULES, true),
    ).toEqual([
      user('Hi'),
      { role: 'assistant', content: [says('One moment.').content[0], calls('abcdef123').content[0]] },
      result('abcdef123', 'ok'),
    ]);
  });

  it('puts the assistant between a tool and the caller, where a vendor wants it', () => {
    const messages = [user('Hi'), calls('abcdef123'), result('abcdef123', 'ok'), user('Wait')];
    expect(inOrder(messages, RULES, true).map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'tool', 'assistant', 'user'],
    ]);
    expect(inOrder(messages, { ...RULES, answersTools: false }, true)).toEqual(messages);
  });

  it('gives a call and its result the same id that the vendor takes, the same each time', () => {
    const [, call, told] = inOrder([user('Hi'), calls('toolu_1'), result('toolu_1', '')], RULES, true);
    const id = (call!.content[0] as { toolCallId: string }).toolCallId;
    expect(id).toMatch(RULES.callId);
    expect(told).toEqual(result(id, '[nothing]'));
    expect(inOrder([user('Hi'), calls('toolu_1'), result('toolu_1', '')], RULES, true)[1]).toEqual(call);
  });

  it('has no calls where the request has no tools', () => {
    expect(inOrder([user('Hi'), calls('abcdef123'), result('abcdef123', 'ok')], RULES, false)).toEqual([user('Hi')]);
  });

  it('ends with the silence of the caller after a word of the assistant', () => {
    expect(inOrder([user('Hi'), says('Hello.')], RULES, true).at(-1)).toEqual(user('[the caller says nothing]'));
  });
});
