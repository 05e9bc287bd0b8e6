import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeWav, WAV_HEADER_BYTES } from '@rapida/audio';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, CALLER_HANGUP, type CallJson, request, type TurnJson } from './support/api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket } from './support/caller.js';
import { type Finished, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';

/** The local engines load in the process under test; the machine may be busy. */
const ENGINES_MS = 20_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function recordingAssistant(api: Api, name: string): Promise<string> {
  const config = { name, greeting: 'Hello.', recording: { enabled: true }, silence: { promptAfterMs: 120_000 } };
  return (await api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}

/** The greeting has been heard to its end and is on record. */
async function hasGreeted(api: Api, { contextId }: Caller): Promise<CallJson> {
  const call = await api.callOf(contextId);
  await vi.waitFor(
    async () => expect((await api.transcript(call.id)).data).toMatchObject([{ role: 'assistant', text: 'Hello.' }]),
    { timeout: ENGINES_MS, interval: 50 },
  );
  return call;
}

interface EventJson {
  readonly type: string;
}

/** Everything the server has told about its calls and what they need. */
async function everything(api: Api) {
  const { data: calls } = await api.get<{ data: CallJson[] }>('/v1/calls');
  const details = await Promise.all(
    calls.map(async ({ id }) => ({
      id,
      events: (await api.get<{ data: EventJson[] }>(`/v1/calls/${id}/events`)).data,
      transcript: (await api.transcript(id)).data as TurnJson[],
    })),
  );
  return {
    calls,
    details: new Map(details.map((one) => [one.id, one])),
    assistants: (await api.get<{ data: object[] }>('/v1/assistants')).data,
    keys: (await api.get<{ data: object[] }>('/v1/api-keys')).data,
  };
}

describe('a server that was killed with calls in progress and started again', () => {
  let second: ServedProcess;
  let before: Awaited<ReturnType<typeof everything>>;
  let after: Awaited<ReturnType<typeof everything>>;
  let registered: CallJson;
  let connected: CallJson;
  let whenStarted: CallJson;
  let inboundKey: string;
  let assistantId: string;
  let fileBytes: number;

  beforeAll(async () => {
    const dataDir = join(folder.path, 'killed');
    const first = await serveProcess(dataDir);
    const { api } = first;
    assistantId = await recordingAssistant(api, 'recorded');
    inboundKey = (await api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'pbx', scopes: ['inbound'] })).key;
    await api.register(assistantId, 'nobody');
    const caller = await callOverAudioSocket(first, await api.register(assistantId));
    const { id } = await hasGreeted(api, caller);
    await vi.waitFor(async () => expect(await recordingBytes(api, id)).toBeGreaterThan(WAV_HEADER_BYTES), {
      timeout: 5_000,
      interval: 50,
    });
    before = await everything(api);
    [connected, registered] = before.calls as [CallJson, CallJson];
    first.child.kill('SIGKILL');
    expect(await first.finished).toMatchObject({ code: null, signal: 'SIGKILL' });
    await caller.ended;
    second = await serveProcess(dataDir);
    whenStarted = await second.api.callOf(connected.contextId);
    // Its caller may come back for a few seconds.
    await second.api.ended(connected.contextId, { state: 'failed' }, 12_000);
    after = await everything(second.api);
    fileBytes = await recordingBytes(second.api, connected.id);
  }, 60_000);
  afterAll(async () => {
    second.child.kill('SIGTERM');
    await second.finished;
  });

  async function recordingBytes(api: Api, callId: string): Promise<number> {
    const answer = await request(api.url, `/v1/calls/${callId}/recording`, { key: api.key });
    return answer.status === 200 ? Number(answer.headers.get('content-length')) : 0;
  }

  it('had one call that was connected and one that was only registered', () => {
    expect(before.calls.map(({ from, state }) => [from, state])).toEqual([
      ['+15551230000', 'connected'],
      ['nobody', 'registered'],
    ]);
  });

  it('has every assistant and key, as they were', () => {
    expect(after.assistants).toEqual(before.assistants);
    expect(after.assistants).toHaveLength(2);
    expect(after.keys).toEqual(before.keys);
    expect(after.keys).toHaveLength(3);
  });

  it('has every event and every turn it ever told of', () => {
    for (const [id, { events, transcript }] of before.details) {
      expect(events.length).toBeGreaterThan(0);
      expect(after.details.get(id)?.events.slice(0, events.length)).toEqual(events);
      expect(after.details.get(id)?.transcript.slice(0, transcript.length)).toEqual(transcript);
    }
    expect(after.details.get(connected.id)?.transcript).toMatchObject([{ role: 'assistant', text: 'Hello.' }]);
  });

  it('keeps the connected call open for its caller to come back; then it has failed, and the registered one has expired', async () => {
    expect(whenStarted).toMatchObject({ state: 'connected', resumes: 0 });
    const ending = { disconnectedBy: 'system', reason: 'server_restarted', endedAt: expect.any(String) };
    const byId = new Map(after.calls.map((call) => [call.id, call]));
    expect(byId.get(connected.id)).toMatchObject({ ...connected, ...ending, state: 'failed', hasRecording: true });
    expect(byId.get(registered.id)).toMatchObject({ ...registered, ...ending, state: 'expired' });
    for (const { id } of after.calls) expect(after.details.get(id)?.events.at(-1)?.type).toBe('call.failed');
  });

  it('has the recording, as a WAV whose header says how long it is', async () => {
    const answer = await fetch(`${second.url}/v1/calls/${connected.id}/recording`, {
      headers: { 'x-api-key': second.api.key },
    });
    const wav = Buffer.from(await answer.arrayBuffer());
    expect(wav.length).toBe(fileBytes);
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    const { channels } = decodeWav(wav);
    expect(channels).toHaveLength(2);
    // The greeting was heard, so it is there: on the right, not on the left.
    expect(channels[1]!.some((sample) => Math.abs(sample) > 1_000)).toBe(true);
    expect(channels[0]!.some((sample) => Math.abs(sample) > 1_000)).toBe(false);
  });

  it('takes calls again, with the keys it gave out', async () => {
    const answer = await request(second.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: inboundKey });
    expect(answer.status).toBe(200);
    const caller = await callOverWebSocket(second, answer.text);
    await hasGreeted(second.api, caller);
    caller.hangup();
    await second.api.ended(caller.contextId, { state: 'completed', disconnectedBy: 'user' });
  });

  it('knows no context of its former life', async () => {
    const caller = await callOverAudioSocket(second, registered.contextId);
    expect(await caller.ended).toBe('server_hangup');
    expect(await second.api.callOf(registered.contextId)).toMatchObject({ state: 'expired' });
  });
});

describe('a server that was told to stop (SIGTERM) with a call in progress', () => {
  let server: ServedProcess;
  let caller: Caller;
  let assistantId: string;

  /** Until the signal has arrived. */
  async function refusesNewCalls(): Promise<void> {
    await vi.waitFor(async () => expect((await request(server.url, '/readyz')).status).toBe(503), {
      timeout: 5_000,
      interval: 20,
    });
  }

  async function start(name: string): Promise<void> {
    server = await serveProcess(join(folder.path, name));
    assistantId = await recordingAssistant(server.api, 'recorded');
    caller = await callOverAudioSocket(server, await server.api.register(assistantId));
    await hasGreeted(server.api, caller);
  }

  async function recordAfter(end: Finished): Promise<CallJson> {
    expect([end.code, end.signal], end.stderr).toEqual([0, null]);
    const next = await serveProcess(server.dataDir);
    const call = await next.api.callOf(caller.contextId);
    next.child.kill('SIGTERM');
    await next.finished;
    return call;
  }

  it('takes no new calls, lets the running one go on, and stops at once when told again', async () => {
    await start('told-twice');
    server.child.kill('SIGTERM');
    await refusesNewCalls();
    const path = `/v1/talk/asterisk/call/${assistantId}?from=1`;
    const webhook = await request(server.url, path, { key: server.api.key });
    expect([webhook.status, webhook.headers.get('x-rapida-error')]).toEqual([503, 'draining']);
    expect(Number(webhook.headers.get('retry-after'))).toBeGreaterThan(0);

    const { sent, voiced } = caller;
    const { id } = await server.api.callOf(caller.contextId);
    await server.api.send('POST', `/v1/calls/${id}/say`, { text: 'Hello.' });
    await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(voiced), { timeout: ENGINES_MS, interval: 20 });
    expect(caller.sent).toBeGreaterThan(sent);
    expect(caller.over).toBeUndefined();
    expect(server.child.exitCode).toBeNull();

    server.child.kill('SIGTERM');
    expect(await caller.ended).toBe('server_hangup');
    const end = await server.finished;
    expect(await recordAfter(end)).toMatchObject({
      state: 'completed',
      disconnectedBy: 'system',
      reason: 'server_shutdown',
      hasRecording: true,
    });
  }, 60_000);

  it('stops by itself when the last call is over', async () => {
    await start('told-once');
    server.child.kill('SIGTERM');
    await refusesNewCalls();
    expect(server.child.exitCode).toBeNull();
    caller.hangup();
    expect(await recordAfter(await server.finished)).toMatchObject({
      state: 'completed',
      disconnectedBy: 'user',
      reason: CALLER_HANGUP,
    });
  }, 60_000);

  it('has left no file that says it is still there', async () => {
    expect(await readdir(server.dataDir)).not.toContain('server.lock');
  });
});
