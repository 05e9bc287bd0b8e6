import { describe, expect, it } from 'vitest';
import { formatRtp, formatTelephoneEvent, parseRtp } from './rtp.js';
import { formatSdp, parseSdp } from './sdp.js';
import { formatSip, headerOf, headersOf, methodOf, parseSip, statusOf, tagOf, uriOf } from './sip-message.js';

describe('SIP messages', () => {
  const answer = [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1',
    'v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2',
    'From: "A" <sip:a@b>;tag=x1',
    'To: <sip:100@b>;tag=y2',
    'CSeq: 7 INVITE',
    'Subject: one',
    ' two',
    '',
    'v=0\r\nm=audio 4 RTP/AVP 0',
  ].join('\r\n');

  it('are read with folded lines and compact names', () => {
    const message = parseSip(answer)!;
    expect(statusOf(message)).toBe(200);
    expect(methodOf(message)).toBe('INVITE');
    expect(headersOf(message, 'via')).toHaveLength(2);
    expect(headerOf(message, 'subject')).toBe('one two');
    expect(message.body).toBe('v=0\r\nm=audio 4 RTP/AVP 0');
  });

  it('name the dialog by tags and addresses', () => {
    expect(tagOf('"A" <sip:a@b>;tag=x1')).toBe('x1');
    expect(tagOf('<sip:a@b>')).toBe('');
    expect(uriOf('"A" <sip:a@b:5060;ob>;expires=1')).toBe('sip:a@b:5060;ob');
    expect(uriOf('sip:a@b;tag=1')).toBe('sip:a@b');
  });

  it('are written with the length of their body in bytes', () => {
    const text = formatSip({ startLine: 'BYE sip:a@b SIP/2.0', headers: [['CSeq', '1 BYE']], body: 'ü' });
    expect(text).toBe('BYE sip:a@b SIP/2.0\r\nCSeq: 1 BYE\r\nContent-Length: 2\r\n\r\nü');
    expect(statusOf(parseSip(text)!)).toBe(0);
  });

  it('are not keepalives', () => {
    expect(parseSip('\r\n\r\n')).toBeUndefined();
    expect(parseSip('')).toBeUndefined();
  });
});

describe('SDP', () => {
  it('gives the first codec both have, and the direction of the media before that of the session', () => {
    const text = 'v=0\r\nc=IN IP4 1.2.3.4\r\na=inactive\r\nm=audio 4000 RTP/AVP 18 8 0 101\r\na=sendonly\r\n';
    expect(parseSdp(text, ['PCMU', 'PCMA'])).toEqual({
      host: '1.2.3.4',
      port: 4000,
      codec: 'PCMA',
      direction: 'sendonly',
    });
  });

  it('reads what it writes', () => {
    const text = formatSdp({ host: '127.0.0.1', port: 9, codecs: ['PCMA'], direction: 'sendrecv', version: 1 });
    expect(parseSdp(text, ['PCMA'])).toEqual({ host: '127.0.0.1', port: 9, codec: 'PCMA', direction: 'sendrecv' });
    expect(parseSdp(text, ['PCMU'])?.codec).toBeUndefined();
    expect(parseSdp('v=0', ['PCMU'])).toBeUndefined();
  });
});

describe('RTP', () => {
  const packet = { payloadType: 8, marker: true, sequence: 65_535, timestamp: 2 ** 32 - 1, ssrc: 5 };

  it('is read as it was written', () => {
    const payload = Buffer.from([1, 2, 3]);
    expect(parseRtp(formatRtp({ ...packet, payload }))).toEqual({ ...packet, payload });
  });

  it('is read behind contributing sources and an extension, without its padding', () => {
    const head = [0x80 | 0x20 | 0x10 | 1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    const bytes = Buffer.from([...head, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 42, 0, 2]);
    expect([...parseRtp(bytes)!.payload]).toEqual([42]);
  });

  it('is refused where it is cut short or of another version', () => {
    expect(parseRtp(Buffer.alloc(12))).toBeUndefined();
    expect(parseRtp(Buffer.from([0x80, 0, 0, 1]))).toBeUndefined();
    expect(parseRtp(Buffer.from([0x81, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]))).toBeUndefined();
  });

  it('carries keys as events with their duration and a flag at the end', () => {
    expect([...formatTelephoneEvent('#', 320, 'pressed')]).toEqual([11, 10, 1, 64]);
    expect([...formatTelephoneEvent('0', 800, 'released')]).toEqual([0, 0x8a, 3, 32]);
    expect(() => formatTelephoneEvent('x', 0, 'pressed')).toThrow("no key 'x'");
  });
});
