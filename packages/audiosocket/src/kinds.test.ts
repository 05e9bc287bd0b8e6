import { describe, expect, it } from 'vitest';
import { AUDIOSOCKET_KINDS, audioKindForRate, kindRow, rateForKind } from './kinds.js';

describe('the table of kinds', () => {
  it('has each byte and each name once', () => {
    expect(new Set(AUDIOSOCKET_KINDS.map(({ kind }) => kind)).size).toBe(AUDIOSOCKET_KINDS.length);
    expect(new Set(AUDIOSOCKET_KINDS.map(({ name }) => name)).size).toBe(AUDIOSOCKET_KINDS.length);
  });

  it.each([
    [0x10, 8000],
    [0x11, 12000],
    [0x12, 16000],
    [0x13, 24000],
    [0x14, 32000],
    [0x15, 44100],
    [0x16, 48000],
    [0x17, 96000],
    [0x18, 192000],
  ])('carries audio kind %i at %i Hz, both ways', (kind, rateHz) => {
    expect(rateForKind(kind)).toBe(rateHz);
    expect(audioKindForRate(rateHz)).toBe(kind);
  });

  it.each([0x00, 0x01, 0x02, 0x03, 0x0f, 0x19, 0xff])('knows no rate for kind %i', (kind) => {
    expect(rateForKind(kind)).toBeUndefined();
  });

  it('knows no kind for a rate AudioSocket does not carry', () => {
    expect(audioKindForRate(11025)).toBeUndefined();
    expect(audioKindForRate(Number.NaN)).toBeUndefined();
  });

  it('says from which release on a branch has a kind', () => {
    expect(kindRow(0x03)?.sinceAsterisk).toContain('22.4.0');
    expect(kindRow(0x12)?.sinceAsterisk).toContain('20.17.0');
    expect(kindRow(0x10)?.sinceAsterisk).toContain('18.0.0');
    expect(kindRow(0x7e)).toBeUndefined();
  });
});
