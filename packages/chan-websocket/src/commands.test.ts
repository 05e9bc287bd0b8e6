import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, formatCommand, parseCommand } from './commands.js';
import { ChanWebSocketError } from './errors.js';

function codeOf(write: () => unknown): string {
  try {
    write();
  } catch (error) {
    if (error instanceof ChanWebSocketError) return error.code;
    throw error;
  }
  return 'written';
}

const id = fc.stringMatching(/^[!-~]([ -~]{0,38}[!-~])?$/).filter((text) => !/["\\]/.test(text));
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { command: 'ANSWER' },
    { command: 'HANGUP' },
    { command: 'START_MEDIA_BUFFERING' },
    { command: 'FLUSH_MEDIA' },
    { command: 'PAUSE_MEDIA' },
    { command: 'CONTINUE_MEDIA' },
    { command: 'GET_STATUS' },
    { command: 'REPORT_QUEUE_DRAINED' },
    { command: 'MARK_MEDIA' },
    { command: 'STOP_MEDIA_BUFFERING' },
  ),
  id.map((correlationId): Command => ({ command: 'MARK_MEDIA', correlationId })),
  id.map((correlationId): Command => ({ command: 'STOP_MEDIA_BUFFERING', correlationId })),
);

describe('commands', () => {
  it('come back as they were in both forms, within 128 bytes', () => {
    fc.assert(
      fc.property(commands, fc.constantFrom('plain-text' as const, 'json' as const), (command, form) => {
        const text = formatCommand(command, form);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(128);
        expect(parseCommand(text, form)).toEqual({ ok: true, command });
      }),
    );
  });

  it('are read from any text without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        for (const form of ['plain-text', 'json'] as const) expect(typeof parseCommand(text, form).ok).toBe('boolean');
      }),
    );
  });

  it('may carry an id of 64 characters and no more', () => {
    for (const form of ['plain-text', 'json'] as const) {
      expect(formatCommand({ command: 'STOP_MEDIA_BUFFERING', correlationId: 'x'.repeat(64) }, form)).toContain(
        'x'.repeat(64),
      );
      expect(codeOf(() => formatCommand({ command: 'MARK_MEDIA', correlationId: 'x'.repeat(65) }, form))).toBe(
        'id_invalid',
      );
    }
  });

  it('count bytes, not characters, against the limit of 128', () => {
    // 11 bytes of command, then 39 characters of three bytes each: 128. One byte more is too many.
    const atLimit = '\u20ac'.repeat(39);
    expect(Buffer.byteLength(formatCommand({ command: 'MARK_MEDIA', correlationId: atLimit }, 'plain-text'))).toBe(128);
    expect(codeOf(() => formatCommand({ command: 'MARK_MEDIA', correlationId: `${atLimit}x` }, 'plain-text'))).toBe(
      'command_too_long',
    );
    expect(parseCommand(`MARK_MEDIA ${atLimit}x`, 'plain-text')).toEqual({ ok: false, code: 'too_long' });
  });

  it('refuse ids that would arrive as something else', () => {
    for (const correlationId of ['', ' x', 'x ', 'a\nb', 'a\u0000b', '\ud800']) {
      expect(codeOf(() => formatCommand({ command: 'MARK_MEDIA', correlationId }, 'json'))).toBe('id_invalid');
    }
  });

  it('refuse a direction in plain text', () => {
    const command: Command = { command: 'SET_MEDIA_DIRECTION', direction: 'in' };
    expect(codeOf(() => formatCommand(command, 'plain-text'))).toBe('direction_needs_json');
    expect(codeOf(() => formatCommand(command, 'json'))).toBe('written');
  });
});
