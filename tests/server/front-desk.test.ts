import { frontDeskConfig } from '@rapida/calls';
import { createLocalEngines } from '@rapida/providers';
import { expect, it } from 'vitest';

it('the ready assistant uses only words that the local recogniser knows', async () => {
  const engines = createLocalEngines();
  try {
    expect(await engines.validate(frontDeskConfig)).toEqual([]);
    const strange = { ...frontDeskConfig, dialogue: { ...frontDeskConfig.dialogue } };
    strange.dialogue.intents = [{ name: 'x', phrases: ['please say xqzzy'], collect: [], reply: 'Yes.' }];
    expect((await engines.validate(strange)).map((problem) => problem.path)).toEqual(['dialogue.intents.0.phrases.0']);
  } finally {
    await engines.close();
  }
});
