import { describe, expect, it } from 'vitest';
import { textToSpeechConformance } from '../conformance/text-to-speech.js';
import { RapidaError } from '../errors.js';
import { RATE_HZ } from '../frame.js';
import { chainOf, VirtualClock } from '../testing/index.js';
import type { SpeechEvent, SpokenWord, TextToSpeech } from '../text-to-speech.js';
import { fallingBackTextToSpeech, SOUND_GAP_MS_MAX, withOwnVoice } from './tts-fallback.js';

const VOICE = { voice: 'x', speed: 1, language: 'en-US' };
const BUDGET_MS = 1_000;
const PATIENCE_MS = 8_000;

interface Breaking {
  /** Breaks in this piece, counted over all. */
  readonly piece: number;
  readonly afterMs: number;
  readonly how: 'fail' | 'stall';
  readonly words?: readonly SpokenWord[];
}

/** A second of sound per piece, until it breaks. */
function voice(provider: string, breaking?: Breaking) {
  const spoken: string[] = [];
  const tts: TextToSpeech = {
    provider,
    async *speak(pieces) {
      let piece = 0;
      for await (const text of pieces) {
        spoken.push(text);
        const breaks = breaking?.piece === spoken.length - 1 ? breaking : undefined;
        const soundMs = breaks?.afterMs ?? 1_000;
        if (breaks?.words !== undefined) yield { type: 'words', piece, words: breaks.words };
        if (soundMs > 0) yield { type: 'audio', piece, samples: new Int16Array((RATE_HZ * soundMs) / 1_000).fill(1) };
        if (breaks?.how === 'fail') throw new RapidaError('provider_unavailable');
        if (breaks?.how === 'stall') await new Promise(() => {});
        yield { type: 'piece-end', piece };
        piece++;
      }
    },
  };
  return { tts, spoken };
}

async function* from(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

function speak(clock: VirtualClock, voices: readonly [TextToSpeech, ...TextToSpeech[]], ...pieces: string[]) {
  const [first, ...others] = voices;
  const chain = chainOf('tts', clock, first, ...others);
  const tts = fallingBackTextToSpeech(chain, { clock, budgetMs: BUDGET_MS, patienceMs: PATIENCE_MS });
  const outline: string[] = [];
  const events: SpeechEvent[] = [];
  const over = (async () => {
    for await (const event of tts.speak(from(...pieces), VOICE, new AbortController().signal)) {
      events.push(event);
      outline.push(`${event.type} ${event.piece}`);
    }
    return 'end';
  })().catch((error: unknown) => error);
  return { outline, events, over, chain };
}

describe('a chain of voices', () => {
  it('lets the next one speak everything where the first fails before any sound', async () => {
    const [a, b] = [voice('a', { piece: 0, afterMs: 0, how: 'fail' }), voice('b')];
    const { outline, over, chain } = speak(new VirtualClock(), [a.tts, b.tts], 'One.', 'Two.');
    expect(await over).toBe('end');
    expect(b.spoken).toEqual(['One.', 'Two.']);
    expect(outline).toEqual(['audio 0', 'piece-end 0', 'audio 1', 'piece-end 1']);
    expect(chain.incidents).toEqual([{ kind: 'tts', provider: 'a', code: 'provider_unavailable', next: 'b' }]);
  });

  it('lets it speak what was not spoken, from the word on at which the sound broke off', async () => {
    const clock = new VirtualClock();
    const words = [
      { text: 'We', startMs: 0, endMs: 200 },
      { text: 'are', startMs: 200, endMs: 400 },
      { text: 'open', startMs: 400, endMs: 800 },
    ];
    const [a, b] = [voice('a', { piece: 1, afterMs: 500, how: 'stall', words }), voice('b')];
    const { outline, over } = speak(clock, [a.tts, b.tts], 'Hello.', 'We are open today.', 'Goodbye.');
    await clock.advance(BUDGET_MS);
    expect(await over).toBe('end');
    expect(b.spoken).toEqual(['open today.', 'Goodbye.']);
    expect(outline).toEqual([
      ...['audio 0', 'piece-end 0'],
      ...['words 1', 'audio 1', 'audio 1', 'piece-end 1'],
      ...['audio 2', 'piece-end 2'],
    ]);
  });

  it('does not wait for the last one in the middle of a sentence as it does before one', async () => {
    const clock = new VirtualClock();
    const silent = speak(clock, [voice('a', { piece: 0, afterMs: 0, how: 'stall' }).tts], 'One.');
    await clock.advance(PATIENCE_MS - 1);
    expect(silent.chain.incidents).toEqual([]);
    await clock.advance(1);
    expect(await silent.over).toMatchObject({ code: 'provider_timeout' });
    const broken = speak(clock, [voice('a', { piece: 0, afterMs: 500, how: 'stall' }).tts], 'One.');
    await clock.advance(SOUND_GAP_MS_MAX);
    expect(await broken.over).toMatchObject({ code: 'provider_timeout' });
    expect(broken.chain.incidents).toEqual([{ kind: 'tts', provider: 'a', code: 'provider_timeout', next: null }]);
  });

  it('says rather something twice than leaves it out where the voice tells no words', async () => {
    const [a, b] = [voice('a', { piece: 0, afterMs: 1_000, how: 'fail' }), voice('b')];
    await speak(new VirtualClock(), [a.tts, b.tts], 'We are open from nine to five.').over;
    // 13 characters of a second reach into "from".
    expect(b.spoken).toEqual(['from nine to five.']);
  });

  it('counts the times of words from the beginning of the piece', async () => {
    const words = [{ text: 'rest', startMs: 100, endMs: 300 }];
    const [a, b] = [
      voice('a', { piece: 0, afterMs: 400, how: 'fail' }),
      voice('b', { piece: 0, afterMs: 1_000, how: 'fail', words }),
    ];
    const { events, over } = speak(new VirtualClock(), [a.tts, b.tts], 'One two rest.');
    expect(await over).toMatchObject({ code: 'provider_unavailable' });
    const told = events.flatMap((event) => (event.type === 'words' ? event.words : []));
    expect(told).toEqual([{ text: 'rest', startMs: 500, endMs: 700 }]);
  });

  it('blames no voice for text that fails', async () => {
    const clock = new VirtualClock();
    const [a, b] = [voice('a'), voice('b')];
    const chain = chainOf('tts', clock, a.tts, b.tts);
    const tts = fallingBackTextToSpeech(chain, { clock, budgetMs: BUDGET_MS, patienceMs: PATIENCE_MS });
    const failure = new RapidaError('provider_timeout');
    async function* breaking(): AsyncGenerator<string> {
      yield 'One.';
      throw failure;
    }
    const reading = async () => {
      for await (const _ of tts.speak(breaking(), VOICE, new AbortController().signal));
    };
    await expect(reading()).rejects.toBe(failure);
    expect([chain.incidents, b.spoken]).toEqual([[], []]);
  });
});

describe('a voice of its own', () => {
  it('is used whatever is asked for', async () => {
    const asked: unknown[] = [];
    const inner: TextToSpeech = {
      provider: 'a',
      speak(pieces, options, signal) {
        asked.push(options);
        return voice('a').tts.speak(pieces, options, signal);
      },
    };
    const own = withOwnVoice(inner, { voice: 'mine', speed: 1.2 });
    for await (const _ of own.speak(from(), VOICE, new AbortController().signal));
    expect(asked).toEqual([{ voice: 'mine', speed: 1.2, language: 'en-US' }]);
  });
});

textToSpeechConformance('a chain whose first fails', async () => {
  const clock = new VirtualClock();
  const chain = chainOf('tts', clock, voice('a', { piece: 0, afterMs: 0, how: 'fail' }).tts, voice('b').tts);
  const pieces = ['One.', 'Two.', 'Three.'];
  const soundMs = [1_000, 1_000] as const;
  const tts = fallingBackTextToSpeech(chain, { clock, budgetMs: BUDGET_MS, patienceMs: PATIENCE_MS });
  return { tts, voice: VOICE, pieces, soundMs, close() {} };
});
