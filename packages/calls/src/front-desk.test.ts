import { phoneDeploymentSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { fillVariables } from './fill-variables.js';
import { frontDeskConfig } from './front-desk.js';

const { dialogue, variables, greeting } = frontDeskConfig;

describe('the ready assistant', () => {
  it('needs no provider key', () => {
    const { stt, llm, tts } = frontDeskConfig;
    expect([stt.provider, llm.provider, tts.provider]).toEqual(['local', 'local', 'local']);
  });

  it('is asked in plain words only, each phrase for one thing', () => {
    const phrases = dialogue.intents.flatMap((intent) => intent.phrases);
    for (const phrase of phrases) expect(phrase).toMatch(/^[a-z]+( [a-z]+)*$/);
    expect(new Set(phrases).size).toBe(phrases.length);
    for (const intent of dialogue.intents) expect(intent.phrases.length).toBeGreaterThanOrEqual(5);
  });

  it('says no figures, and names no variable that it does not have', () => {
    for (const text of [greeting, dialogue.help, ...dialogue.intents.map((intent) => intent.reply)]) {
      const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]);
      for (const name of names) expect(Object.keys(variables)).toContain(name);
      expect(fillVariables(text, variables)).not.toMatch(/[0-9{}]/);
    }
  });

  it('transfers to a target that can be put on the allow-list', () => {
    const targets = dialogue.intents.flatMap(({ action }) => (action?.type === 'transfer' ? [action.target] : []));
    expect(phoneDeploymentSchema.parse({ transferTargets: targets }).transferTargets).toHaveLength(1);
  });
});
