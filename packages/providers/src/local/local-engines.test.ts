import { assistantConfigSchema } from '@rapida/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalEngines } from './index.js';

const engines = createLocalEngines();
afterAll(() => engines.close());

function config(phrases: string[], more: object = {}) {
  return assistantConfigSchema.parse({
    name: 'x',
    dialogue: {
      intents: [
        { name: 'one', phrases: ['goodbye'], reply: '' },
        { name: 'two', phrases, reply: '' },
      ],
    },
    ...more,
  });
}

describe('checking an assistant against the local engines', () => {
  it('finds nothing wrong with words that are known', async () => {
    expect(await engines.validate(config(["I'd like to book a room, please.", 'goodbye']))).toEqual([]);
  });

  it('names the phrase and the word that cannot be heard', async () => {
    const problems = await engines.validate(config(['hello', 'order a xyzzyq', '24 hours', '?!']));
    expect(problems.map(({ path }) => path)).toEqual([
      'dialogue.intents.1.phrases.1',
      'dialogue.intents.1.phrases.2',
      'dialogue.intents.1.phrases.3',
    ]);
    expect(problems[0]?.message).toContain('"xyzzyq"');
    expect(problems[1]?.message).toContain('figures as words');
  });

  it('does not mind the words when another recogniser listens', async () => {
    expect(await engines.validate(config(['xyzzyq'], { stt: { provider: 'openai-compatible' } }))).toEqual([]);
  });

  it('names a voice that does not exist', async () => {
    expect(await engines.validate(config(['hello'], { tts: { voice: 'alloy' } }))).toMatchObject([
      { path: 'tts.voice' },
    ]);
  });
});

describe('the local engines', () => {
  it('load the voice activity detector once', () => {
    expect(engines.vad()).toBe(engines.vad());
  });

  it('answer from the dialogue of the assistant', () => {
    expect(engines.llm(config(['hello'])).expectations?.(null).phrases).toEqual(['goodbye', 'hello']);
  });

  it('may be closed without having been used, twice', async () => {
    const unused = createLocalEngines();
    await unused.close();
    await unused.close();
    expect(await unused.validate(config(['xyzzyq']))).toEqual([]);
  });
});
