import { describe, expect, it } from 'vitest';
import { SpeechCache } from './speech-cache.js';

const second = () => new Int16Array(500);

describe('the cache of rendered speech', () => {
  it('drops the least recently used beyond its bytes', () => {
    const cache = new SpeechCache(2_000);
    cache.set('a', second());
    cache.set('b', second());
    cache.get('a');
    cache.set('c', second());
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toHaveLength(500);
    expect(cache.bytes).toBe(2_000);
  });

  it('does not keep what is larger than all of it, and forgets nothing for that', () => {
    const cache = new SpeechCache(1_500);
    cache.set('a', second());
    cache.set('big', new Int16Array(1_000));
    expect(cache.get('big')).toBeUndefined();
    expect(cache.get('a')).toHaveLength(500);
  });

  it('counts a replaced entry once', () => {
    const cache = new SpeechCache(2_000);
    cache.set('a', second());
    cache.set('a', second());
    expect(cache.bytes).toBe(1_000);
  });
});
