import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav, repairWavHeader, WavError, type WavErrorCode, wavHeader } from './wav.js';
import { decodeWav } from './wav-decode.js';

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value), ...u16(value >>> 16)];
const chunk = (id: string, body: number[], size = body.length) => [
  ...ascii(id),
  ...u32(size),
  ...body,
  ...(body.length % 2 === 1 ? [0] : []),
];
const riff = (...chunks: number[][]) => {
  const body = [...ascii('WAVE'), ...chunks.flat()];
  return Uint8Array.from([...ascii('RIFF'), ...u32(body.length), ...body]);
};

function format({ tag = 1, channels = 1, rateHz = 8000, bits = 16 }): number[] {
  const block = (channels * bits) / 8;
  return [...u16(tag), ...u16(channels), ...u32(rateHz), ...u32(rateHz * block), ...u16(block), ...u16(bits)];
}

const GUID_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const extensible = (tag: number, bits: number, tail = GUID_TAIL) =>
  chunk('fmt ', [...format({ tag: 0xfffe, bits }), ...u16(22), ...u16(bits), ...u32(4), ...u16(tag), ...tail]);

const FMT = chunk('fmt ', format({}));
const THREE = [1, 0, 2, 0, 0xff, 0xff];
const samplesOf = (file: Uint8Array) => decodeWav(file).channels.map((channel) => [...channel]);

function codeOf(work: () => unknown): WavErrorCode | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof WavError) return error.code;
    throw error;
  }
  return undefined;
}

describe('encodeWav', () => {
  it('writes the canonical 44 bytes and interleaved samples', () => {
    const file = encodeWav({ rateHz: 16000, channels: [Int16Array.of(1, 2), Int16Array.of(-1, -2)] });
    const header = [
      ...ascii('RIFF'),
      ...u32(44),
      ...ascii('WAVEfmt '),
      ...[...u32(16), ...u16(1), ...u16(2), ...u32(16000), ...u32(64000), ...u16(4), ...u16(16)],
      ...ascii('data'),
      ...u32(8),
    ];
    expect([...file]).toEqual([...header, 1, 0, 0xff, 0xff, 2, 0, 0xfe, 0xff]);
  });

  it('is read back the same, whatever the samples and channels', () => {
    const sample = fc.integer({ min: -32768, max: 32767 });
    const channels = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 30 }))
      .chain(([count, length]) =>
        fc.array(fc.array(sample, { minLength: length, maxLength: length }), { minLength: count, maxLength: count }),
      );
    fc.assert(
      fc.property(channels, fc.integer({ min: 1, max: 192000 }), (values, rateHz) => {
        const audio = { rateHz, channels: values.map((channel) => Int16Array.from(channel)) };
        expect(decodeWav(encodeWav(audio))).toEqual(audio);
      }),
    );
  });

  it('fills shorter channels up with silence', () => {
    const file = encodeWav({ rateHz: 8000, channels: [Int16Array.of(1, 2, 3), Int16Array.of(9)] });
    expect(samplesOf(file)).toEqual([
      [1, 2, 3],
      [9, 0, 0],
    ]);
  });

  it('refuses no channels and too many', () => {
    expect(codeOf(() => encodeWav({ rateHz: 8000, channels: [] }))).toBe('unsupported');
    const many = Array.from({ length: 33 }, () => new Int16Array(1));
    expect(codeOf(() => encodeWav({ rateHz: 8000, channels: many }))).toBe('unsupported');
  });
});

describe('decodeWav reads', () => {
  it('8-bit PCM, which is unsigned', () => {
    const file = riff(chunk('fmt ', format({ bits: 8 })), chunk('data', [0, 128, 255]));
    expect(samplesOf(file)).toEqual([[-32768, 0, 32512]]);
  });

  it('mu-law and A-law', () => {
    // 0x80 and 0x00 are the ends of mu-law, 0xaa and 0x2a those of A-law (G.711).
    const ulaw = riff(chunk('fmt ', [...format({ tag: 7, bits: 8 }), 0, 0]), chunk('data', [0xff, 0x80, 0x00]));
    const alaw = riff(chunk('fmt ', [...format({ tag: 6, bits: 8 }), 0, 0]), chunk('data', [0xd5, 0xaa, 0x2a]));
    expect(samplesOf(ulaw)).toEqual([[0, 32124, -32124]]);
    expect(samplesOf(alaw)).toEqual([[8, 32256, -32256]]);
  });

  it('32-bit float, clipped', () => {
    const values = Float32Array.of(0, 0.5, -0.5, 1, -1, 7, Number.NaN);
    const body = [...new Uint8Array(values.buffer)];
    const file = riff(chunk('fmt ', format({ tag: 3, bits: 32 })), chunk('data', body));
    expect(samplesOf(file)).toEqual([[0, 16384, -16384, 32767, -32768, 32767, 0]]);
  });

  it('WAVE_FORMAT_EXTENSIBLE', () => {
    expect(samplesOf(riff(extensible(1, 16), chunk('data', THREE)))).toEqual([[1, 2, -1]]);
    expect(samplesOf(riff(extensible(7, 8), chunk('data', [0x80])))).toEqual([[32124]]);
  });

  it('chunks in any order, with odd ones padded', () => {
    const note = chunk('LIST', [1, 2, 3]);
    expect(samplesOf(riff(note, chunk('data', THREE), note, FMT))).toEqual([[1, 2, -1]]);
    expect(samplesOf(riff(FMT, note, chunk('fact', [0]), chunk('data', THREE), note))).toEqual([[1, 2, -1]]);
  });

  it.each([
    { riffSize: 0, dataSize: 0 },
    { riffSize: 36, dataSize: 0 },
    { riffSize: 0xffffffff, dataSize: 0 },
    { riffSize: 0xffffffff, dataSize: 0xffffffff },
  ])('a streamed file till its end: lengths $riffSize and $dataSize', ({ riffSize, dataSize }) => {
    const file = riff(FMT, chunk('data', [...THREE, 7], dataSize).slice(0, -1));
    file.set(u32(riffSize), 4);
    expect(samplesOf(file)).toEqual([[1, 2, -1]]);
  });

  it('an empty recording as empty, not what follows it as sound', () => {
    expect(samplesOf(riff(FMT, chunk('data', []), chunk('LIST', [1, 2, 3, 4])))).toEqual([[]]);
    expect(samplesOf(encodeWav({ rateHz: 8000, channels: [new Int16Array(0)] }))).toEqual([[]]);
  });

  it('from any place in memory', () => {
    const file = encodeWav({ rateHz: 8000, channels: [Int16Array.of(1, 2, -1)] });
    const memory = new Uint8Array(file.length + 3);
    memory.set(file, 3);
    expect(samplesOf(memory.subarray(3))).toEqual([[1, 2, -1]]);
  });
});

describe('decodeWav refuses', () => {
  it.each<[string, Uint8Array, WavErrorCode]>([
    ['nothing', new Uint8Array(0), 'not-riff'],
    ['an MP3', Uint8Array.from([...ascii('ID3'), ...new Array(60).fill(0)]), 'not-riff'],
    ['another RIFF file', Uint8Array.from([...ascii('RIFF'), ...u32(4), ...ascii('AVI ')]), 'not-riff'],
    ['half a RIFF header', Uint8Array.from([...ascii('RIFF'), 0, 0]), 'truncated'],
    ['a file without data', riff(FMT), 'truncated'],
    ['a file without format', riff(chunk('data', THREE)), 'truncated'],
    ['data shorter than announced', riff(FMT, chunk('data', THREE, 8)), 'truncated'],
    ['a chunk that reaches past the end', riff(chunk('LIST', [1, 2], 1000), FMT), 'truncated'],
    ['24-bit PCM', riff(chunk('fmt ', format({ bits: 24 })), chunk('data', THREE)), 'unsupported'],
    ['ADPCM', riff(chunk('fmt ', format({ tag: 17, bits: 4, channels: 2 })), chunk('data', THREE)), 'unsupported'],
    [
      'a foreign extensible format',
      riff(extensible(1, 16, GUID_TAIL.toReversed()), chunk('data', THREE)),
      'unsupported',
    ],
    ['a format chunk too short', riff(chunk('fmt ', format({}).slice(0, 14)), chunk('data', THREE)), 'unsupported'],
    ['no channels', riff(chunk('fmt ', format({ channels: 0 })), chunk('data', THREE)), 'unsupported'],
    ['33 channels', riff(chunk('fmt ', format({ channels: 33 })), chunk('data', THREE)), 'unsupported'],
    ['a rate of zero', riff(chunk('fmt ', format({ rateHz: 0 })), chunk('data', THREE)), 'unsupported'],
    [
      'gaps between samples',
      riff(chunk('fmt ', [...format({}).slice(0, 12), 4, 0, 16, 0]), chunk('data', THREE)),
      'unsupported',
    ],
  ])('%s', (_, file, code) => {
    expect(codeOf(() => decodeWav(file))).toBe(code);
  });

  it('more bytes than the limit, and no fewer', () => {
    const file = encodeWav({ rateHz: 8000, channels: [new Int16Array(10)] });
    expect(codeOf(() => decodeWav(file, { bytesMax: 63 }))).toBe('too-big');
    expect(codeOf(() => decodeWav(file, { bytesMax: 64 }))).toBeUndefined();
  });

  it('every beginning of a file with a stable code, never with another error', () => {
    const file = riff(FMT, chunk('LIST', [1, 2, 3]), chunk('data', THREE));
    for (let length = 0; length < file.length; length++) {
      expect(codeOf(() => decodeWav(file.subarray(0, length)))).toBe(length < 4 ? 'not-riff' : 'truncated');
    }
  });

  it('damaged files with a WavError or not at all', () => {
    const file = riff(extensible(1, 16), chunk('data', THREE));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length - 1), fc.nat(255), (a, x, b, y) => {
        const damaged = Uint8Array.from(file);
        damaged[a] = x;
        damaged[b] = y;
        codeOf(() => decodeWav(damaged));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a recorder that does not know its length yet', () => {
  const killed = Uint8Array.from([
    ...wavHeader({ rateHz: 8000, channelCount: 2, dataBytes: 0 }),
    1,
    0,
    2,
    0,
    3,
    0,
    4,
    0,
    5,
  ]);

  it('leaves a file that can be read as it is', () => {
    expect(samplesOf(killed)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('gets the header its file would have had, without half a sample group', () => {
    const expected = wavHeader({ rateHz: 8000, channelCount: 2, dataBytes: 8 });
    expect(repairWavHeader(killed.subarray(0, 44), killed.length)).toEqual(expected);
    expect(repairWavHeader(killed, killed.length)).toEqual(expected);
  });

  it('gets the same header when nothing was wrong, in an array of its own', () => {
    const file = encodeWav({ rateHz: 8000, channels: [Int16Array.of(1, 2)] });
    const repaired = repairWavHeader(file, file.length);
    expect(repaired).toEqual(file.slice(0, 44));
    repaired.fill(0);
    expect(file[0]).toBe(0x52);
  });

  it.each<[string, Uint8Array, number, WavErrorCode]>([
    ['a header cut short', killed.subarray(0, 43), 100, 'truncated'],
    ['a file shorter than its header', killed.subarray(0, 44), 43, 'truncated'],
    ['what is no WAV file', new Uint8Array(44), 100, 'not-riff'],
    ['another layout', riff(chunk('LIST', new Array(30).fill(0)), FMT), 100, 'unsupported'],
    ['a block size of 0', Uint8Array.from(killed.subarray(0, 44)).fill(0, 32, 34), 100, 'unsupported'],
    ['more than 4 GiB', killed.subarray(0, 44), 2 ** 32 + 44, 'too-big'],
  ])('is refused for %s', (_, header, fileBytes, code) => {
    expect(codeOf(() => repairWavHeader(header, fileBytes))).toBe(code);
  });

  it('cannot announce more than 4 GiB', () => {
    expect(codeOf(() => wavHeader({ rateHz: 8000, channelCount: 1, dataBytes: 2 ** 32 - 36 }))).toBe('too-big');
    expect(codeOf(() => wavHeader({ rateHz: 8000, channelCount: 1, dataBytes: 2 ** 32 - 38 }))).toBeUndefined();
  });
});
