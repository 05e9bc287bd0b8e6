import { Secret } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { speechUrlOf } from './server.js';

describe('the address of recognition', () => {
  it.each([
    ['westeurope', 'https://westeurope.stt.speech.microsoft.com'],
    ['chinaeast2', 'https://chinaeast2.stt.speech.azure.cn'],
    ['usgovvirginia', 'https://usgovvirginia.stt.speech.azure.us'],
  ])('in %s is %s', (region, url) => {
    expect(speechUrlOf({ apiKey: new Secret('k'), region })).toBe(url);
  });

  it("is the credential's where it names one", () => {
    const speechUrl = 'http://speech.example:5000/';
    expect(speechUrlOf({ apiKey: new Secret('k'), region: 'westeurope', speechUrl })).toBe(
      'http://speech.example:5000',
    );
  });
});
