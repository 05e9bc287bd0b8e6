import { assistantConfigSchema } from '@rapida/core';
import { expect, it } from 'vitest';
import { fillSpoken, fillVariables } from './fill-variables.js';

it('puts values in the place of names', () => {
  expect(fillVariables('Hello {{name}}, this is {{ company }}.', { name: 'Ann', company: 'us' })).toBe(
    'Hello Ann, this is us.',
  );
});

it('leaves nothing where a name has no value, and takes values as they are', () => {
  expect(fillVariables('a{{constructor}}b{{x}}', { x: '{{y}} $& $1' })).toBe('ab{{y}} $& $1');
});

it('reaches everything that is said without a model, and nothing that a model fills itself', () => {
  const say = '{{who}}!';
  const config = assistantConfigSchema.parse({
    name: say,
    greeting: say,
    instructions: say,
    silence: { prompts: [say, say], goodbye: say },
    limits: { callLimitGoodbye: say },
    failure: { say },
    transfer: { failed: say },
    dialogue: { help: say },
  });
  const { name, greeting, instructions, silence, limits, failure, transfer, dialogue } = fillSpoken(config, {
    who: 'Ann',
  });
  expect([
    greeting,
    ...silence.prompts,
    silence.goodbye,
    limits.callLimitGoodbye,
    failure.say,
    transfer.failed,
  ]).toEqual(Array(7).fill('Ann!'));
  expect([name, instructions, dialogue.help]).toEqual([say, say, say]);
});
