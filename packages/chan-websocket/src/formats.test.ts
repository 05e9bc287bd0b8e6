import { describe, expect, it } from 'vitest';
import { mediaFormat, SUPPORTED_FORMATS, withAnnouncedFrame } from './formats.js';

describe('formats', () => {
  it.each([
    ['ulaw', 8000, 1, 160, 0xff],
    ['alaw', 8000, 1, 160, 0xd5],
    ['slin', 8000, 2, 320, 0],
    ['slin12', 12000, 2, 480, 0],
    ['slin16', 16000, 2, 640, 0],
    ['slin24', 24000, 2, 960, 0],
    ['slin32', 32000, 2, 1280, 0],
    ['slin44', 44100, 2, 1764, 0],
    ['slin48', 48000, 2, 1920, 0],
    ['slin96', 96000, 2, 3840, 0],
    ['slin192', 192000, 2, 7680, 0],
  ])('%s has its rate, its frame of 20 ms and its silence', (name, rateHz, bytesPerSample, frameBytes, silenceByte) => {
    expect(mediaFormat(name)).toEqual({ name, rateHz, bytesPerSample, frameBytes, silenceByte });
  });

  it.each(['opus', 'g729', 'ULAW', '', 'constructor'])('%s is none of them', (name) => {
    expect(mediaFormat(name)).toBeUndefined();
  });

  it('are all known where they are supported', () => {
    expect(SUPPORTED_FORMATS.filter((name) => mediaFormat(name) === undefined)).toEqual([]);
  });

  it.each([
    ['ulaw', 80, 80],
    ['ulaw', 480, 480],
    ['slin16', 960, 960],
    ['ulaw', undefined, 160],
    ['ulaw', 79, 160],
    ['ulaw', 961, 160],
    ['slin16', 641, 640],
    ['ulaw', 0, 160],
    ['ulaw', Number.NaN, 160],
  ])('%s with an announced frame of %s bytes uses %s', (name, announced, frameBytes) => {
    expect(withAnnouncedFrame(mediaFormat(name)!, announced).frameBytes).toBe(frameBytes);
  });
});
