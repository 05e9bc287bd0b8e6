import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AssistantConfigInput,
  assistantConfigSchema,
  type EntityId,
  type OpenedCredential,
  type ProviderSet,
  RapidaError,
  Secret,
  silentLogger,
  silentTelemetry,
  systemClock,
} from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createProviderSource } from './provider-source.js';

type OwnServer = OpenedCredential<'openai-compatible'>;

const PROJECT: EntityId = '1';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Refuses everything, and keeps what it was asked and with which key. */
async function refusingServer() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? 'no key'}`);
    response.writeHead(400, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { asked, baseUrl: `http://127.0.0.1:${port}/v1` };
}

function sourceWith(openai: { apiKey?: string; baseUrl: string }, vault: Readonly<Record<EntityId, OwnServer>> = {}) {
  const opened: string[] = [];
  const source = createProviderSource({
    clock: systemClock,
    logger: silentLogger,
    telemetry: silentTelemetry,
    keys: {
      'openai-compatible': {
        baseUrl: openai.baseUrl,
        ...(openai.apiKey !== undefined && { apiKey: new Secret(openai.apiKey) }),
      },
    },
    credentials: async (projectId, id) => {
      opened.push(`${projectId}/${id}`);
      const own = vault[id];
      if (own === undefined) throw new RapidaError('credential_not_found');
      return own as never;
    },
  });
  cleanups.push(() => source.close());
  const forAssistant = (config: Partial<AssistantConfigInput>) =>
    source.forAssistant(assistantConfigSchema.parse({ name: 'A', ...config }), PROJECT);
  return { source, opened, forAssistant };
}

/** Asks the engine for something and expects to be refused by the fake server. */
async function refused(events: AsyncIterable<unknown>): Promise<void> {
  const reading = async () => {
    for await (const event of events) throw new Error(`was answered: ${JSON.stringify(event)}`);
  };
  await expect(reading()).rejects.toEqual(expect.objectContaining({ code: 'provider_rejected' }));
}

const never = new AbortController().signal;

function think({ llm }: ProviderSet): Promise<void> {
  const messages = [{ role: 'user' as const, text: 'Hello.' }];
  return refused(llm.generate({ instructions: '', messages, tools: [], variables: {}, memo: null }, never));
}

function speak({ tts }: ProviderSet): Promise<void> {
  async function* pieces() {
    yield 'Hello.';
  }
  return refused(tts.speak(pieces(), { voice: 'alloy', speed: 1, language: 'en-US' }, never));
}

const remote = { provider: 'openai-compatible' as const };

describe('engines with the API of OpenAI', () => {
  it('use the credential they name: its server and its key', async () => {
    const [operators, own] = [await refusingServer(), await refusingServer()];
    const vault = { '7': { apiKey: new Secret('sk-own'), baseUrl: own.baseUrl } };
    const { forAssistant } = sourceWith({ apiKey: 'sk-server', baseUrl: operators.baseUrl }, vault);
    await think(await forAssistant({ llm: { ...remote, credentialId: '7' } }));
    expect(own.asked).toEqual(['/v1/chat/completions Bearer sk-own']);
    expect(operators.asked).toEqual([]);
  });

  it('use the key of the server where they name none, each engine by itself', async () => {
    const [operators, own] = [await refusingServer(), await refusingServer()];
    const vault = { '7': { apiKey: new Secret('sk-own'), baseUrl: own.baseUrl } };
    const { forAssistant } = sourceWith({ apiKey: 'sk-server', baseUrl: operators.baseUrl }, vault);
    const engines = await forAssistant({ llm: remote, tts: { ...remote, credentialId: '7' } });
    await think(engines);
    await speak(engines);
    expect(operators.asked).toEqual(['/v1/chat/completions Bearer sk-server']);
    expect(own.asked).toEqual(['/v1/audio/speech Bearer sk-own']);
  });

  it('never send a key to another server than its own, nor the key of the server for a credential without one', async () => {
    const [operators, own, stranger] = [await refusingServer(), await refusingServer(), await refusingServer()];
    const vault = { '7': { apiKey: new Secret('sk-own'), baseUrl: own.baseUrl }, '8': {} };
    const { forAssistant } = sourceWith({ apiKey: 'sk-server', baseUrl: operators.baseUrl }, vault);
    await think(await forAssistant({ llm: { ...remote, credentialId: '7', baseUrl: stranger.baseUrl } }));
    await think(await forAssistant({ llm: { ...remote, baseUrl: stranger.baseUrl } }));
    expect(stranger.asked).toEqual(['/v1/chat/completions no key', '/v1/chat/completions no key']);
    await think(await forAssistant({ llm: { ...remote, credentialId: '8' } }));
    expect(operators.asked).toEqual(['/v1/chat/completions no key']);
  });

  it('open a credential of the project once for a call, and anew for the next', async () => {
    const { forAssistant, opened } = sourceWith({ baseUrl: 'http://127.0.0.1:9/v1' }, { '7': {} });
    const named = { ...remote, credentialId: '7' };
    await forAssistant({ stt: named, llm: named, tts: named });
    expect(opened).toEqual(['1/7']);
    await forAssistant({ llm: named });
    expect(opened).toEqual(['1/7', '1/7']);
  });

  it('fail as the credential does, and where OpenAI itself would be asked without a key', async () => {
    const { forAssistant } = sourceWith({ baseUrl: 'https://api.openai.com/v1' }, { '8': {} });
    const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });
    const missing = { ...remote, credentialId: '9' };
    await expect(forAssistant({ stt: missing, tts: missing })).rejects.toEqual(refusal('credential_not_found'));
    await expect(forAssistant({ llm: remote })).rejects.toEqual(refusal('provider_unconfigured'));
    await expect(forAssistant({ llm: remote })).rejects.toThrow(/OPENAI_API_KEY/);
    const keyless = forAssistant({ llm: { ...remote, credentialId: '8' } });
    await expect(keyless).rejects.toEqual(refusal('provider_unconfigured'));
    await expect(keyless).rejects.toThrow(/^the credential has no apiKey/);
  });
});

describe('models that hear and speak themselves', () => {
  const realtime = { provider: 'openai' as const, credentialId: '7' };

  it('are reached with the credential they name, and nothing is opened for the engines they take the place of', async () => {
    const own = await refusingServer();
    const vault = { '7': { apiKey: new Secret('sk-own'), baseUrl: own.baseUrl } };
    const { forAssistant, opened } = sourceWith({ baseUrl: 'https://api.openai.com/v1' }, vault);
    const engines = await forAssistant({ realtime, stt: remote, llm: remote, tts: remote });
    expect(engines.realtime?.provider).toBe('openai');
    expect([engines.stt.provider, engines.llm.provider, engines.tts.provider]).toEqual(['local', 'local', 'local']);
    expect(opened).toEqual(['1/7']);
    const options = { instructions: '', variables: {}, language: 'en-US', lineRateHz: 8_000, tools: [], history: [] };
    const session = engines.realtime?.open(options, never);
    await refused(session as AsyncIterable<unknown>);
    expect(own.asked).toEqual(['/v1/realtime?model=gpt-realtime-2.1 Bearer sk-own']);
  });

  it('leave the greeting to the voice of the assistant where that is local, else to the spare one', async () => {
    const { forAssistant } = sourceWith({ baseUrl: 'https://api.openai.com/v1' }, { '7': {} });
    for (const tts of [
      { provider: 'local' as const, voice: 'rms' },
      { ...remote, voice: 'alloy' },
    ]) {
      const engines = await forAssistant({ realtime, tts });
      const texts = (async function* () {
        yield 'Hello.';
      })();
      const kinds = new Set<string>();
      // The local voice refuses a name that it does not know.
      for await (const { type } of engines.tts.speak(texts, { voice: tts.voice, speed: 1, language: 'en-US' }, never)) {
        kinds.add(type);
      }
      expect([...kinds]).toEqual(['audio', 'piece-end']);
    }
  });

  it('want a key: without one the sentence names the setting', async () => {
    const { forAssistant } = sourceWith({ baseUrl: 'https://api.openai.com/v1' });
    await expect(forAssistant({ realtime: { provider: 'google' } })).rejects.toThrow(/GEMINI_API_KEY/);
  });
});

describe('engines of this server', () => {
  it('open no credential', async () => {
    const { forAssistant, opened } = sourceWith({ baseUrl: 'https://api.openai.com/v1' });
    const engines = await forAssistant({ llm: { provider: 'local', credentialId: '9' } });
    expect([engines.stt.provider, engines.llm.provider, engines.tts.provider]).toEqual(['local', 'local', 'local']);
    expect(opened).toEqual([]);
  });
});

describe('engines that take over', () => {
  const answerOf = async ({ llm }: ProviderSet): Promise<string> => {
    const messages = [{ role: 'user' as const, text: 'Hello.' }];
    let said = '';
    for await (const event of llm.generate(
      { instructions: '', messages, tools: [], variables: {}, memo: null },
      never,
    )) {
      if (event.type === 'text') said += event.text;
    }
    return said;
  };
  const dialogue = { notUnderstood: ['The local one answers.'] };

  it('answer where the wanted one fails, and the record hears of it, also of what came before it listened', async () => {
    const server = await refusingServer();
    const { forAssistant } = sourceWith({ baseUrl: server.baseUrl });
    const engines = await forAssistant({ llm: remote, fallback: { llm: [{ provider: 'local' }] }, dialogue });
    expect(await answerOf(engines)).toBe('The local one answers.');
    const incidents: unknown[] = [];
    engines.onIncident?.((incident) => incidents.push(incident));
    const incident = { kind: 'llm', provider: 'openai-compatible', code: 'provider_rejected', next: 'local' };
    expect(incidents).toEqual([incident]);
  });

  it('take the place of one that has no key', async () => {
    const { forAssistant } = sourceWith({ baseUrl: 'https://api.openai.com/v1' });
    const engines = await forAssistant({
      llm: { provider: 'anthropic' },
      fallback: { llm: [{ provider: 'local' }] },
      dialogue,
    });
    const incidents: unknown[] = [];
    engines.onIncident?.((incident) => incidents.push(incident));
    expect(await answerOf(engines)).toBe('The local one answers.');
    expect(incidents).toEqual([{ kind: 'llm', provider: 'anthropic', code: 'provider_unconfigured', next: 'local' }]);
    await expect(forAssistant({ llm: { provider: 'anthropic' } })).rejects.toThrow(/ANTHROPIC_API_KEY/);
  });
});
