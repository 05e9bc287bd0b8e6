import { dbfs, peak, rms } from '@rapida/audio';
import { RapidaError, type SpeechEvent, type TextToSpeech } from '@rapida/core';
import { textToSpeechConformance } from '@rapida/core/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import { PIECE_CHARACTERS_MAX } from './flite.js';
import { speakAll } from './testing/telephone.js';
import { LocalTextToSpeech } from './tts.js';
import { UTTERANCES_WAITING_MAX } from './voice-threads.js';

const tts = new LocalTextToSpeech();
const VOICE = { voice: 'slt', speed: 1, language: 'en-US' };
afterAll(() => tts.close());

async function* from(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function collect(engine: LocalTextToSpeech, pieces: AsyncIterable<string>, voice = VOICE) {
  const events: SpeechEvent[] = [];
  for await (const event of engine.speak(pieces, voice, new AbortController().signal)) events.push(event);
  return events;
}

textToSpeechConformance(
  'local',
  async () => ({
    tts: tts as TextToSpeech,
    voice: VOICE,
    pieces: ['What can I do for you?', 'We are open from nine to five.', 'Goodbye.'],
    soundMs: [700, 2_000],
    close() {},
  }),
  {
    makeFailing: async () => {
      const dying = new LocalTextToSpeech();
      return {
        tts: {
          provider: 'local',
          speak(pieces, voice, signal) {
            async function* deadly() {
              for await (const piece of pieces) {
                // The death arrives while the piece is being spoken: it is long enough for that.
                queueMicrotask(() => void dying.killThreads());
                yield `${piece} ${'and so on '.repeat(100)}`;
              }
            }
            return dying.speak(deadly(), voice, signal);
          },
        },
        voice: VOICE,
        pieces: ['One.', 'Two.', 'Three.'],
        soundMs: [0, 0],
        close: () => dying.close(),
      };
    },
  },
);

describe('the local voices', () => {
  it.each(['slt', 'rms', 'awb'])('%s speaks at about -20 dBFS, without clipping', async (voice) => {
    const sound = await speakAll(tts, 'Our office is open from nine to five.', voice);
    expect(dbfs(rms(sound))).toBeGreaterThan(-22);
    expect(dbfs(rms(sound))).toBeLessThan(-17);
    expect(peak(sound)).toBeLessThanOrEqual(32_767);
  });

  it('speaks half as long at double speed', async () => {
    const lengthAt = async (speed: number) => {
      const events = await collect(tts, from('We are open from nine to five.'), { ...VOICE, speed });
      return events.reduce((sum, event) => sum + (event.type === 'audio' ? event.samples.length : 0), 0);
    };
    const ratio = (await lengthAt(1)) / (await lengthAt(2));
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
  });

  it('gives at most 200 ms at once', async () => {
    for (const event of await collect(tts, from('We are open from nine to five.'))) {
      if (event.type === 'audio') expect(event.samples.length).toBeLessThanOrEqual(3_200);
    }
  });

  it('cuts off what is beyond the longest piece', async () => {
    const hello = await speakAll(tts, 'Hello.', 'rms');
    const far = `Hello.${' '.repeat(PIECE_CHARACTERS_MAX - 6)}unheard words`;
    expect(await speakAll(tts, far, 'rms')).toEqual(hello);
    expect((await speakAll(tts, 'Hello. Unheard words.', 'rms')).length).toBeGreaterThan(hello.length);
  });

  it('reads accents, typographic signs and what no voice can read', async () => {
    expect(
      (await speakAll(tts, 'Caf\u00e9 \u201cM\u00fcller\u201d \u2014 it\u2019s open \u{1f600}', 'slt')).length,
    ).toBeGreaterThan(8_000);
    expect(await speakAll(tts, '\u{1f600} \u2026', 'slt')).toHaveLength(0);
  });

  it('refuses a voice it does not have', async () => {
    await expect(collect(tts, from('Hello.'), { ...VOICE, voice: 'alloy' })).rejects.toMatchObject({
      code: 'provider_rejected',
    });
  });
});

describe('the threads of the local voices', () => {
  it('start again after they died', async () => {
    const engine = new LocalTextToSpeech();
    expect((await speakAll(engine, 'One.', 'slt')).length).toBeGreaterThan(0);
    await engine.killThreads();
    expect((await speakAll(engine, 'Two.', 'slt')).length).toBeGreaterThan(0);
    await engine.close();
    await engine.close();
  });

  it('speak what was spoken before from the cache, also when they are gone', async () => {
    const engine = new LocalTextToSpeech();
    const first = await speakAll(engine, 'Hello.', 'slt');
    await engine.close();
    expect(await speakAll(engine, 'Hello.', 'slt')).toEqual(first);
    await expect(speakAll(engine, 'Something else.', 'slt')).rejects.toBeInstanceOf(RapidaError);
  });

  it('refuse a sentence when too many wait', async () => {
    const engine = new LocalTextToSpeech();
    const outcomes = Array.from({ length: UTTERANCES_WAITING_MAX + 2 }, (_, i) =>
      speakAll(engine, `Number ${i}.`, 'awb').then(
        () => 'spoken',
        (error: RapidaError) => error.message,
      ),
    );
    expect(await outcomes.at(-1)).toBe('The local voice does not keep up.');
    await engine.close();
    const settled = await Promise.all(outcomes);
    expect(settled.filter((outcome) => outcome === 'The local voice does not keep up.')).toHaveLength(1);
  });
});
