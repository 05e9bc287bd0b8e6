import { describe, expect, it } from 'vitest';
import { jsonMessage, noDashId, readMessage, soundHeaderMessage, soundMessage } from './messages.js';

const HEAD = { path: 'audio', requestId: '123e4567e89b12d3a456426655440000', sentAtMs: 1_471_360_228_000 } as const;
const HEADERS =
  'Path: audio\r\nX-RequestId: 123e4567e89b12d3a456426655440000\r\nX-Timestamp: 2016-08-16T15:10:28.000Z\r\n';

describe('a message of ours', () => {
  it('has its headers, an empty line and JSON', () => {
    const text = jsonMessage({ ...HEAD, path: 'speech.config' }, { context: {} });
    const headers = `${HEADERS.replace('audio', 'speech.config')}Content-Type: application/json; charset=utf-8\r\n`;
    expect(text).toBe(`${headers}\r\n{"context":{}}`);
  });

  it('with sound has the length of its headers before them, and the sound right behind', () => {
    const bytes = Buffer.from(soundMessage(HEAD, Uint8Array.of(1, 2, 255)));
    expect(bytes.readUInt16BE(0)).toBe(HEADERS.length);
    expect(bytes.toString('latin1', 2, 2 + HEADERS.length)).toBe(HEADERS);
    expect([...bytes.subarray(2 + HEADERS.length)]).toEqual([1, 2, 255]);
  });

  it.each([
    ['mu-law of 8 kHz', true, [7, 1, 8_000, 8_000, 1, 8]],
    ['linear PCM of 16 kHz', false, [1, 1, 16_000, 32_000, 2, 16]],
  ] as const)('that begins a turn has the head of a WAV file of %s', (_, isUlaw, expected) => {
    const bytes = Buffer.from(soundHeaderMessage(HEAD, isUlaw));
    expect(bytes.toString('latin1')).toContain('Content-Type: audio/x-wav\r\n');
    const wav = bytes.subarray(-44);
    expect([wav.toString('latin1', 0, 4), wav.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WAVEfmt ']);
    const fields = [wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt32LE(28)];
    expect([...fields, wav.readUInt16LE(32), wav.readUInt16LE(34)]).toEqual(expected);
  });

  it('is named by a UUID without dashes, another one each time', () => {
    const names = [noDashId(), noDashId()];
    expect(names.every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(2);
  });
});

describe('a message of the service', () => {
  it('is read with any case of its headers and any space, its body as it is', () => {
    const text = 'PATH:Speech.Phrase\r\nx-requestid: ABC\r\nContent-Type:application/json\r\n\r\n{"a":\r\n\r\n1}';
    expect(readMessage(text)).toEqual({ path: 'speech.phrase', requestId: 'abc', body: '{"a":\r\n\r\n1}' });
  });

  it('may end without a body, or without the empty line', () => {
    const expected = { path: 'turn.end', requestId: 'abc', body: '' };
    expect(readMessage('Path:turn.end\r\nX-RequestId:abc\r\n\r\n')).toEqual(expected);
    expect(readMessage('Path:turn.end\r\nX-RequestId:abc')).toEqual(expected);
  });

  it.each(['', 'hello', '{"type":"error"}', ':\r\n\r\n', 'Content-Type: x\r\n\r\n{}'])('%j is none', (text) => {
    expect(readMessage(text)).toBeUndefined();
  });
});
