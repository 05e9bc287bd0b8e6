import type { LiveEvent } from '@rapida/client';
import { expect, it } from 'vitest';
import { CALLS_MAX, LINE_CHARS_MAX, Spoken } from './spoken-words.js';

function event(type: string, data: LiveEvent['data'] = {}, callId = '1'): LiveEvent {
  return { id: 'e', callId, assistantId: '2', seq: null, type, at: '2030-01-01T00:00:00.000Z', data };
}

function spokenAfter(...events: readonly LiveEvent[]): Spoken {
  const spoken = new Spoken();
  for (const one of events) spoken.tell(one);
  return spoken;
}

const PARTIAL = event('caller.partial', { text: 'when are' });
const SAID = event('caller.said', { text: 'when are you open' });

it('shows what the caller is understood to say until it is understood', () => {
  expect(spokenAfter(PARTIAL).of('1')).toEqual([{ who: 'caller', text: 'when are', partial: true, isOpen: true }]);
  expect(spokenAfter(PARTIAL, SAID).of('1')).toEqual([
    { who: 'caller', text: 'when are you open', partial: false, isOpen: false },
  ]);
});

it('leaves the question beside the answer, which is told sentence by sentence', () => {
  const spoken = spokenAfter(
    SAID,
    event('assistant.saying', { text: 'From nine,' }),
    event('assistant.saying', { text: 'until five.' }),
  );
  expect(spoken.of('1')).toEqual([
    { who: 'caller', text: 'when are you open', partial: false, isOpen: false },
    { who: 'assistant', text: 'From nine, until five.', partial: false, isOpen: true },
  ]);
});

it('begins a new line for the next answer, and shows two at most', () => {
  const spoken = spokenAfter(
    SAID,
    event('assistant.saying', { text: 'From nine.' }),
    event('turn', { role: 'user', text: 'when are you open' }),
    event('turn', { role: 'assistant', text: 'From nine.' }),
    event('assistant.saying', { text: 'Are you still there?' }),
  );
  expect(spoken.of('1').map(({ text }) => text)).toEqual(['From nine.', 'Are you still there?']);
});

it('keeps the end of an answer that is very long', () => {
  const spoken = spokenAfter(
    event('assistant.saying', { text: 'a'.repeat(LINE_CHARS_MAX) }),
    event('assistant.saying', { text: 'the end' }),
  );
  const [line] = spoken.of('1');
  expect(line?.text).toHaveLength(LINE_CHARS_MAX);
  expect(line?.text).toMatch(/the end$/);
});

it('knows nothing of a call that is over', () => {
  expect(spokenAfter(SAID, event('call.ended')).of('1')).toEqual([]);
});

it('says whether anything is said otherwise, and gives the same list until then', () => {
  const spoken = spokenAfter(SAID);
  const lines = spoken.of('1');
  expect(spoken.tell(event('call.state', { state: 'connected' }))).toBe(false);
  expect(spoken.of('1')).toBe(lines);
  expect(spoken.tell(event('assistant.saying', { text: 'From nine.' }))).toBe(true);
});

it('keeps the words of so many calls, those that were told longest ago go first', () => {
  const spoken = spokenAfter(event('caller.said', { text: 'old' }, 'oldest'));
  for (let call = 0; call < CALLS_MAX; call++) spoken.tell(event('caller.said', { text: 'new' }, `c${call}`));
  expect(spoken.of('oldest')).toEqual([]);
  expect(spoken.of('c0')).toHaveLength(1);
});

it('forgets everything after a time in which nobody told', () => {
  const spoken = spokenAfter(SAID);
  spoken.forget();
  expect(spoken.of('1')).toEqual([]);
});
