import { assistantConfigSchema, phoneDeploymentSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { ASSISTANT, openHarness, PROJECT } from './testing/harness.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });
const config = (name: string) => assistantConfigSchema.parse({ name });

describe('assistants', () => {
  it('are made with an open deployment that allows no transfer, and change by version', async () => {
    const { assistants } = (await openHarness()).useCases;
    const made = await assistants.create(PROJECT, config('Sales'));
    expect(made).toMatchObject({ version: 1, deployment: { enabled: true, transferTargets: [] } });
    expect(await assistants.get(PROJECT, made.id)).toEqual(made);
    expect(await assistants.saveConfig(PROJECT, made.id, config('Sales team'))).toMatchObject({ version: 2 });
    const deployment = phoneDeploymentSchema.parse({ enabled: false, transferTargets: ['a,s,1'] });
    expect(await assistants.saveDeployment(PROJECT, made.id, deployment)).toMatchObject({ deployment });
    expect((await assistants.list(PROJECT, 10, null)).data.map(({ id }) => id)).toContain(made.id);
    await assistants.remove(PROJECT, made.id);
    await expect(assistants.get(PROJECT, made.id)).rejects.toEqual(refusal('assistant_not_found'));
  });

  it('are refused with the names of the fields that the engines cannot use', async () => {
    const { useCases, providers, stores } = await openHarness();
    providers.problems.push({ path: 'dialogue.intents.0.phrases.2', message: 'unknown word "xyzzy"' });
    providers.problems.push({ path: 'tts.voice', message: 'unknown voice' });
    const invalid = /^dialogue\.intents\.0\.phrases\.2: unknown word "xyzzy"; tts\.voice: unknown voice$/;
    await expect(useCases.assistants.create(PROJECT, config('A'))).rejects.toThrow(invalid);
    await expect(useCases.assistants.saveConfig(PROJECT, ASSISTANT, config('A'))).rejects.toEqual(
      refusal('assistant_invalid'),
    );
    expect(await stores.assistants.get(PROJECT, ASSISTANT)).toMatchObject({ version: 1, config: { name: 'Test' } });
  });

  it('of another project are not there', async () => {
    const { assistants } = (await openHarness()).useCases;
    const deployment = phoneDeploymentSchema.parse({});
    await expect(assistants.get('2', ASSISTANT)).rejects.toEqual(refusal('assistant_not_found'));
    await expect(assistants.saveConfig('2', ASSISTANT, config('A'))).rejects.toEqual(refusal('assistant_not_found'));
    await expect(assistants.saveDeployment('2', ASSISTANT, deployment)).rejects.toEqual(refusal('assistant_not_found'));
    await expect(assistants.remove('2', ASSISTANT)).rejects.toEqual(refusal('assistant_not_found'));
  });
});
