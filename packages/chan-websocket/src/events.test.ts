import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChanWebSocketError } from './errors.js';
import { formatEvent } from './event-format.js';
import {
  type AsteriskEvent,
  type CorrelatedEvent,
  type DtmfEndEvent,
  EVENT_CHARS_MAX,
  type MediaStartEvent,
  parseEvent,
  type SignalEvent,
  type StatusEvent,
} from './events.js';

const word = fc.stringMatching(/^[!-~]{1,20}$/);
const sentence = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const count = fc.integer({ min: 0, max: 999_999_999 });
const channelId = fc.option(word, { nil: undefined });

function events(
  value: fc.Arbitrary<string>,
  variables: fc.Arbitrary<ReadonlyMap<string, string>>,
): fc.Arbitrary<AsteriskEvent> {
  const size = fc.option(count, { nil: undefined });
  return fc.oneof(
    fc.record<MediaStartEvent>({
      event: fc.constant('MEDIA_START'),
      connectionId: value,
      channel: value,
      channelId: fc.option(value, { nil: undefined }),
      format: value,
      optimalFrameSize: size,
      ptimeMs: size,
      channelVariables: variables,
    }),
    fc.record<StatusEvent>({
      event: fc.constant('STATUS'),
      channelId,
      queueLength: count,
      xonLevel: count,
      xoffLevel: count,
      queueFull: fc.boolean(),
      bulkMedia: fc.boolean(),
      mediaPaused: fc.boolean(),
    }),
    fc.record<DtmfEndEvent>({
      event: fc.constant('DTMF_END'),
      channelId,
      digit: fc.constantFrom(...'0123456789ABCD*#'),
    }),
  );
}

const unnamed = (id: fc.Arbitrary<string | undefined>): fc.Arbitrary<AsteriskEvent> =>
  fc.oneof(
    fc.record<SignalEvent>({ event: fc.constantFrom('MEDIA_XOFF', 'MEDIA_XON', 'QUEUE_DRAINED'), channelId: id }),
    fc.record<CorrelatedEvent>({
      event: fc.constantFrom('MEDIA_MARK_PROCESSED', 'MEDIA_BUFFERING_COMPLETED'),
      channelId: id,
      correlationId: fc.oneof(fc.constant(''), sentence),
    }),
  );

describe('events', () => {
  it('come back from JSON as they were, whatever is in them', () => {
    const variables = fc
      .uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { selector: ([name]) => name })
      .map((entries) => new Map(entries.filter(([name]) => name !== '__proto__')));
    const any = fc.oneof(events(fc.string({ minLength: 1 }), variables), unnamed(channelId));
    fc.assert(
      fc.property(any, (event) => {
        expect(parseEvent(formatEvent(event, 'json'))).toEqual({ ok: true, event, form: 'json' });
      }),
    );
  });

  it('come back from plain text as they were, where plain text can carry them', () => {
    const plain = fc.oneof(events(word, fc.constant(new Map())), unnamed(fc.constant(undefined)));
    fc.assert(
      fc.property(plain, (event) => {
        expect(parseEvent(formatEvent(event, 'plain-text'))).toEqual({ ok: true, event, form: 'plain-text' });
      }),
    );
  });

  it('never throw, whatever text arrives', () => {
    const names = ['MEDIA_START', 'DTMF_END', 'STATUS', 'ERROR', 'MEDIA_XON', 'MEDIA_MARK_PROCESSED'];
    const lines = fc.tuple(fc.constantFrom(...names), fc.string()).map(([name, rest]) => `${name} ${rest}`);
    const json = fc.json().map((value) => `{"event":"MEDIA_START","format":"ulaw","channel_variables":${value}}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), lines, json, fc.json()), (text) => {
        const parsed = parseEvent(text);
        if (parsed.ok) expect(parsed.event.event).toMatch(/^[A-Z_]+$/);
        else expect(['too_long', 'malformed', 'unknown_event']).toContain(parsed.code);
      }),
    );
  });

  it('are not parsed when longer than the limit, even if they would be good', () => {
    const start = '{"event":"MEDIA_XON","channel_id":"';
    const fill = EVENT_CHARS_MAX - start.length - 2;
    expect(parseEvent(`${start}${'x'.repeat(fill)}"}`).ok).toBe(true);
    expect(parseEvent(`${start}${'x'.repeat(fill + 1)}"}`)).toEqual({ ok: false, code: 'too_long' });
  });

  it('keep only those channel variables that are text', () => {
    const parsed = parseEvent(
      '{"event":"MEDIA_START","format":"ulaw","channel_variables":{"A":"1","B":2,"__proto__":"x","C":null}}',
    );
    const variables = parsed.ok && parsed.event.event === 'MEDIA_START' ? [...parsed.event.channelVariables] : [];
    expect(variables).toEqual([
      ['A', '1'],
      ['__proto__', 'x'],
    ]);
  });

  it('refuse to write a value with a space in plain text', () => {
    const event: AsteriskEvent = { event: 'DTMF_END', channelId: 'a b', digit: '1' };
    expect(() => formatEvent(event, 'plain-text')).toThrow(ChanWebSocketError);
  });
});
