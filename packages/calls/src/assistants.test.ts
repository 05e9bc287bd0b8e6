import { assistantConfigSchema, type ConfigProblem, phoneDeploymentSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { createAssistantUseCases } from './assistants.js';
import { OTHER_PROJECT, openStored } from './credentials/testing/stored.js';
import { createGuardedFetch } from './outside/guarded-fetch.js';
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

describe('credentials that an assistant names', () => {
  async function openWithCredentials() {
    const stored = await openStored();
    const asked: string[] = [];
    const problems: ConfigProblem[] = [];
    const providers = {
      validate: async (_config: unknown, projectId: string) => {
        asked.push(projectId);
        return problems;
      },
    };
    const make = (projectId: string, provider: 'asterisk' | 'openai-compatible') =>
      stored.useCases.create(projectId, { name: provider, provider, value: {} });
    return {
      asked,
      problems,
      useCases: stored.useCases,
      assistants: createAssistantUseCases({
        ...stored,
        providers,
        outside: createGuardedFetch({ allowedHosts: undefined }),
      }),
      pbx: await make(PROJECT, 'asterisk'),
      llm: await make(PROJECT, 'openai-compatible'),
      foreignPbx: await make(OTHER_PROJECT, 'asterisk'),
      foreignLlm: await make(OTHER_PROJECT, 'openai-compatible'),
    };
  }

  const naming = (credentialId: string) => ({ provider: 'openai-compatible' as const, credentialId });

  it('are accepted where they are of the project and of the right provider', async () => {
    const { assistants, asked, pbx, llm } = await openWithCredentials();
    const engines = { stt: naming(llm.id), llm: naming(llm.id), tts: naming(llm.id) };
    const named = assistantConfigSchema.parse({ name: 'A', ...engines });
    const { id } = await assistants.create(PROJECT, named);
    expect(await assistants.saveConfig(PROJECT, id, named)).toMatchObject({ config: engines });
    const deployment = phoneDeploymentSchema.parse({ credentialId: pbx.id });
    expect(await assistants.saveDeployment(PROJECT, id, deployment)).toMatchObject({ deployment });
    expect(asked).toEqual([PROJECT, PROJECT]);
  });

  it('are refused by the name of the engine, together with what the engines say', async () => {
    const { assistants, problems, pbx, llm, foreignLlm } = await openWithCredentials();
    problems.push({ path: 'tts.voice', message: 'unknown voice' });
    const engines = { stt: naming(foreignLlm.id), llm: naming(pbx.id), tts: naming(llm.id) };
    const named = assistantConfigSchema.parse({ name: 'A', ...engines });
    const message = [
      'stt.credentialId: no credential with this id in this project',
      `llm.credentialId: credential ${pbx.id} is of provider asterisk; accepted is one of openai-compatible`,
      'tts.voice: unknown voice',
    ].join('; ');
    const refused = expect.objectContaining({ code: 'assistant_invalid', message });
    await expect(assistants.create(PROJECT, named)).rejects.toEqual(refused);
    await expect(assistants.saveConfig(PROJECT, ASSISTANT, named)).rejects.toEqual(refused);
    expect((await assistants.list(PROJECT, 10, null)).data).toEqual([]);
  });

  it('are refused in a phone deployment, which stays as it was', async () => {
    const { assistants, llm, foreignPbx } = await openWithCredentials();
    const { id, deployment } = await assistants.create(PROJECT, config('A'));
    const save = (credentialId: string) =>
      assistants.saveDeployment(PROJECT, id, phoneDeploymentSchema.parse({ credentialId }));
    const code = 'deployment_invalid';
    const missing = 'credentialId: no credential with this id in this project';
    await expect(save(foreignPbx.id)).rejects.toEqual(expect.objectContaining({ code, message: missing }));
    const other = `credentialId: credential ${llm.id} is of provider openai-compatible; accepted is one of asterisk`;
    await expect(save(llm.id)).rejects.toEqual(expect.objectContaining({ code, message: other }));
    expect(await assistants.get(PROJECT, id)).toMatchObject({ deployment });
  });

  it('of a version that is not live may be removed; it cannot be published then', async () => {
    const { assistants, useCases, llm } = await openWithCredentials();
    const named = assistantConfigSchema.parse({ name: 'A', llm: naming(llm.id) });
    const { id } = await assistants.create(PROJECT, named);
    await expect(useCases.remove(PROJECT, llm.id)).rejects.toEqual(refusal('credential_in_use'));
    await assistants.saveConfig(PROJECT, id, config('A'));
    await useCases.remove(PROJECT, llm.id);
    const message = 'llm.credentialId: no credential with this id in this project';
    const refused = expect.objectContaining({ code: 'assistant_invalid', message });
    await expect(assistants.publish(PROJECT, id, 1)).rejects.toEqual(refused);
    expect(await assistants.get(PROJECT, id)).toMatchObject({ version: 2 });
  });
});

describe('versions of an assistant', () => {
  it('are saved without being live, published, and rolled back', async () => {
    const { assistants } = (await openHarness()).useCases;
    const saying = (greeting: string) => assistantConfigSchema.parse({ name: 'A', greeting });
    const { id } = await assistants.create(PROJECT, saying('one'));
    expect(await assistants.addVersion(PROJECT, id, saying('two'))).toMatchObject({ version: 2 });
    expect(await assistants.get(PROJECT, id)).toMatchObject({ version: 1, config: { greeting: 'one' } });
    expect(await assistants.version(PROJECT, id, 2)).toMatchObject({ version: 2, config: { greeting: 'two' } });
    expect(await assistants.publish(PROJECT, id, 2)).toMatchObject({ version: 2, config: { greeting: 'two' } });
    expect(await assistants.publish(PROJECT, id, 1)).toMatchObject({ version: 1, config: { greeting: 'one' } });
    const { data } = await assistants.versions(PROJECT, id, 10, null);
    expect(data.map(({ version }) => version)).toEqual([2, 1]);
  });

  it('are checked when they are saved and again when they are published', async () => {
    const { useCases, providers } = await openHarness();
    const { assistants } = useCases;
    await assistants.addVersion(PROJECT, ASSISTANT, config('A'));
    providers.problems.push({ path: 'tts.voice', message: 'unknown voice' });
    await expect(assistants.addVersion(PROJECT, ASSISTANT, config('B'))).rejects.toEqual(refusal('assistant_invalid'));
    await expect(assistants.publish(PROJECT, ASSISTANT, 2)).rejects.toEqual(refusal('assistant_invalid'));
    expect((await assistants.versions(PROJECT, ASSISTANT, 10, null)).data).toHaveLength(2);
  });

  it('that there are not are told from assistants that there are not', async () => {
    const { assistants } = (await openHarness()).useCases;
    const missing = refusal('assistant_version_not_found');
    await expect(assistants.version(PROJECT, ASSISTANT, 2)).rejects.toEqual(missing);
    await expect(assistants.publish(PROJECT, ASSISTANT, 2)).rejects.toEqual(missing);
    for (const [project, id] of [['2', ASSISTANT] as const, [PROJECT, '7'] as const]) {
      const unknown = refusal('assistant_not_found');
      await expect(assistants.versions(project, id, 10, null)).rejects.toEqual(unknown);
      await expect(assistants.version(project, id, 1)).rejects.toEqual(unknown);
      await expect(assistants.addVersion(project, id, config('A'))).rejects.toEqual(unknown);
      await expect(assistants.publish(project, id, 1)).rejects.toEqual(unknown);
    }
  });
});

describe('a configuration as a whole', () => {
  const remote = { provider: 'openai-compatible' } as const;
  it.each<[object, string | undefined]>([
    [{ language: 'en-GB' }, undefined],
    [{ language: 'en' }, undefined],
    [{ language: 'de-DE' }, 'language: stt.provider is local, which has English only; language: tts.provider is local'],
    [{ language: 'enm' }, 'language: stt.provider is local'],
    [{ language: 'de-DE', stt: remote }, 'language: tts.provider is local'],
    [{ language: 'de-DE', tts: remote }, 'language: stt.provider is local'],
    [{ language: 'de-DE', stt: remote, tts: remote }, undefined],
    [{ language: 'de-DE', realtime: { provider: 'openai' } }, undefined],
    [
      { language: 'de', stt: remote, tts: remote, fallback: { tts: [{}] } },
      'language: fallback.tts.0.provider is local',
    ],
    [{ afterCall: {} }, undefined],
    [{ afterCall: { summary: true } }, 'afterCall: llm.provider is local'],
    [{ afterCall: { success: 'it went well' } }, 'afterCall: llm.provider is local'],
    [{ afterCall: { extract: { type: 'object' } } }, 'afterCall: llm.provider is local'],
    [{ afterCall: { summary: true }, llm: remote }, undefined],
    [{ afterCall: { extract: { type: 'text' } }, llm: remote }, 'afterCall.extract: its `type` must be object'],
  ])('of %j is answered with %s', async (fields, problem) => {
    const { assistants } = (await openHarness()).useCases;
    const creating = assistants.create(PROJECT, assistantConfigSchema.parse({ name: 'A', ...fields }));
    if (problem === undefined) return expect(creating).resolves.toMatchObject({ version: 1 });
    const message = expect.stringContaining(problem);
    return expect(creating).rejects.toEqual(expect.objectContaining({ code: 'assistant_invalid', message }));
  });
});
