import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Api } from './support/api.js';
import { type Caller, callOverAudioSocket } from './support/caller.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { JudgingModel } from './support/judging-model.js';

/** The local voice loads in the process under test; the machine may be busy. */
const ENGINES_MS = 20_000;
const ANALYSED = {
  summary: 'Nobody said anything.',
  extraction: { name: null },
  success: { outcome: 'no', reason: 'Nothing was booked.' },
};

interface Analysed {
  readonly analysis: { readonly state: string } | null;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let model: JudgingModel;
let server: ServedProcess;
let over: Caller;
let held: Caller;
let before: Analysed;

async function judgedAssistant(api: Api): Promise<string> {
  const config = {
    name: 'judged',
    greeting: 'Hello.',
    silence: { promptAfterMs: 120_000 },
    llm: { provider: 'openai-compatible', baseUrl: model.baseUrl },
    afterCall: {
      summary: true,
      success: 'a table was booked',
      extract: { type: 'object', properties: { name: { type: ['string', 'null'] } }, required: ['name'] },
    },
  };
  return (await api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}

async function greeted(doors: ServedProcess, assistantId: string): Promise<Caller> {
  const { api } = doors;
  const caller = await callOverAudioSocket(doors, await api.register(assistantId));
  const { id } = await api.callOf(caller.contextId);
  await vi.waitFor(async () => expect((await api.transcript(id)).data).toMatchObject([{ text: 'Hello.' }]), {
    ...{ timeout: ENGINES_MS, interval: 50 },
  });
  return caller;
}

async function recordOf(caller: Caller): Promise<Analysed> {
  const { id } = await server.api.callOf(caller.contextId);
  return server.api.get(`/v1/calls/${id}`);
}

async function eventsOf(caller: Caller): Promise<{ readonly type: string; readonly data: object }[]> {
  const { id } = await server.api.callOf(caller.contextId);
  return (await server.api.get<{ data: { type: string; data: object }[] }>(`/v1/calls/${id}/events`)).data;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  model = await JudgingModel.start();
  const dataDir = join(folder.path, 'killed');
  server = await serveProcess(dataDir);
  const assistantId = await judgedAssistant(server.api);
  over = await greeted(server, assistantId);
  held = await greeted(server, assistantId);
  over.hangup();
  await server.api.ended(over.contextId, { state: 'completed' });
  // In the middle of it: the model was asked and does not answer.
  await vi.waitFor(() => expect(model.asked).toHaveLength(1), { timeout: 10_000, interval: 20 });
  before = await recordOf(over);
  server.child.kill('SIGKILL');
  await server.finished;
  model.answer = JSON.stringify(ANALYSED);
  server = await serveProcess(dataDir);
}, 90_000);

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.finished;
  await model.close();
  await folder.remove();
});

describe('calls that were to be analysed, across a kill -9', () => {
  it('were promised with their end', () => {
    expect(before.analysis).toMatchObject({ state: 'pending' });
  });

  it('are analysed after the restart, those it ended as well', { timeout: 20_000 }, async () => {
    for (const caller of [over, held]) {
      await vi.waitFor(
        async () => expect((await recordOf(caller)).analysis).toEqual({ state: 'done', ...ANALYSED, error: null }),
        { timeout: 15_000, interval: 50 },
      );
    }
    expect(model.asked).toHaveLength(3);
  });

  it('are told of once, right after their end', async () => {
    for (const [caller, end] of [[over, 'call.ended'] as const, [held, 'call.failed'] as const]) {
      const events = await eventsOf(caller);
      expect(events.map(({ type }) => type)).toEqual(['webhook', 'call.connected', end, 'call.analysed']);
      expect(events.at(-1)?.data).toEqual(ANALYSED);
    }
  });
});
