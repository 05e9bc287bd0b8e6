import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type HeardOfCall, Rapida, type TestCallMessage } from '@rapida/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Caller, callOverAudioSocket } from './support/caller.js';
import { runProgram } from './support/program.js';
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const WAIT = { timeout: 20_000, interval: 20 };
/** Node has a WebSocket from version 22 on, and before where it is asked to. */
const WITH_WEB_SOCKET = 'WebSocket' in globalThis ? [] : ['--experimental-websocket'];

let server: ServerUnderTest;
let rapida: Rapida;
let assistantId: string;
beforeAll(async () => {
  server = await startServerUnderTest({ providers: 'own' });
  rapida = new Rapida({
    ...{ url: server.url, apiKey: server.api.key },
    webSocket: (url, headers) => new WebSocket(url, { headers }),
  });
  const config = { greeting: 'Hello.', silence: { promptAfterMs: 120_000 }, recording: { enabled: true } };
  const [ready] = (await rapida.assistants.list()).data;
  if (ready === undefined) throw new Error('the first start made no assistant');
  assistantId = (await rapida.assistants.save(ready.id, { ...ready, ...config })).id;
});
afterAll(() => server.stop());

async function startCall(): Promise<{ readonly callId: string; readonly caller: Caller }> {
  const contextId = await rapida.calls.register({ assistantId, from: '+15551230000' });
  const { id: callId } = await server.api.callOf(contextId);
  const doors = { url: server.url, audiosocketPort: server.server.audiosocketPort };
  const caller = await callOverAudioSocket(doors, contextId);
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), WAIT);
  await server.api.ended(contextId, { state: 'connected' });
  return { callId, caller };
}

const isVoiced = ({ samples }: { readonly samples: Int16Array }, side: 0 | 1) =>
  samples.some((sample, n) => n % 2 === side && Math.abs(sample) > 500);

it('hears a call as it is spoken, the assistant on the right, to its end, and reads how loud it was', async () => {
  const { callId, caller } = await startCall();
  const told: HeardOfCall[] = [];
  const whole = (async () => {
    for await (const one of rapida.calls.listen(callId)) told.push(one);
  })();
  await vi.waitFor(() => expect(told[0]?.type).toBe('started'), WAIT);
  await rapida.calls.say(callId, 'One moment please.');
  await vi.waitFor(() => expect(told.some((one) => one.type === 'sound' && isVoiced(one, 1))).toBe(true), WAIT);
  expect(told.some((one) => one.type === 'sound' && isVoiced(one, 0))).toBe(false);
  caller.hangup();
  await whole;
  expect(told[0]).toMatchObject({ callId, rateHz: 16_000, channels: ['caller', 'assistant'] });
  expect(told.at(-1)).toEqual({ type: 'ended', reason: 'call_ended' });

  const waveform = await vi.waitFor(() => rapida.calls.waveform(callId, { points: 50 }), WAIT);
  expect([waveform.caller.length, waveform.assistant.length]).toEqual([50, 50]);
  expect([Math.max(...waveform.caller), Math.max(...waveform.assistant) > 10]).toEqual([0, true]);
  await expect(rapida.calls.listen(callId).next()).rejects.toMatchObject({ code: 'call_ended' });
  await expect(rapida.calls.listen('1').next()).rejects.toMatchObject({ code: 'call_not_found' });
});

it("listens with Node's own WebSocket, by a program as somebody writes it", { timeout: 60_000 }, async () => {
  const { callId, caller } = await startCall();
  const program = runProgram(
    `import { Rapida } from '@rapida/client';
    const rapida = new Rapida({ url: '${server.url}', apiKey: process.env.RAPIDA_API_KEY });
    for await (const one of rapida.calls.listen('${callId}')) {
      if (one.type === 'sound') continue;
      console.log(one.type, one.reason ?? '');
    }`,
    { RAPIDA_API_KEY: server.api.key },
    WITH_WEB_SOCKET,
  );
  await vi.waitFor(() => expect(program.stdout()).toContain('started'), WAIT);
  caller.hangup();
  expect(await program.finished).toMatchObject({ code: 0, stdout: 'started \nended call_ended\n' });
});

it('is the caller of a test call that it holds by text', { timeout: 60_000 }, async () => {
  const call = await rapida.assistants.testCall(assistantId, { mode: 'text' });
  const told: Exclude<TestCallMessage, { type: 'sound' }>[] = [];
  const turns: string[] = [];
  for await (const one of call) {
    if (one.type === 'sound') continue;
    told.push(one);
    if (one.type !== 'event' || one.event.type !== 'turn') continue;
    turns.push(`${one.event.data.role}: ${one.event.data.text}`);
    if (turns.length === 1) call.say('when are you open');
    if (turns.length === 3) call.hangup();
  }
  expect(turns.slice(0, 2)).toEqual(['assistant: Hello.', 'user: when are you open']);
  expect(turns[2]).toMatch(/^assistant: We are open/);
  expect(told.flatMap((one) => (one.type === 'typed' ? [one.state] : []))).toEqual(['speaking', 'spoken']);
  expect(told.at(-1)).toEqual({
    ...{ type: 'ended', state: 'completed', reason: 'caller_hangup', disconnectedBy: 'user' },
  });
  expect(await rapida.calls.get(call.callId)).toMatchObject({ state: 'completed', transport: 'browser' });
});

it('holds the test call of docs/sdk.md', { timeout: 60_000 }, async () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/sdk.md', import.meta.url)), 'utf8');
  const shown = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const program = runProgram(
    `import { Rapida } from '@rapida/client';
    const rapida = new Rapida({ url: '${server.url}', apiKey: process.env.RAPIDA_API_KEY });
    const assistantId = '${assistantId}';
    ${shown}`,
    { RAPIDA_API_KEY: server.api.key },
    WITH_WEB_SOCKET,
  );
  const { code, stdout } = await program.finished;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^assistant: Hello\.\nuser: thank you goodbye\nassistant: .*[Gg]oodbye.*\n$/);
});

it('says why a test call cannot be', async () => {
  const wanted = rapida.assistants.testCall(assistantId, { mode: 'text', version: 99 });
  await expect(wanted).rejects.toMatchObject({ code: 'assistant_version_not_found', status: 404 });
});

it('reads how calls went, and the files for an Asterisk', async () => {
  const { totals, now, buckets } = await rapida.overview.get({ bucket: 'hour' });
  expect(totals.calls).toBeGreaterThan(2);
  expect([now, buckets.reduce((sum, { calls }) => sum + calls, 0)]).toMatchObject([{ limit: 0 }, totals.calls]);
  const [newest = ''] = await rapida.dialplan.releases();
  const { files, keyPlaceholder } = await rapida.dialplan.write({ assistantId, asterisk: newest });
  const extensions = files.find(({ name }) => name === 'extensions.conf')?.text ?? '';
  expect(extensions).toContain(newest);
  expect(extensions).toContain(keyPlaceholder);
  await expect(rapida.dialplan.write({ assistantId, asterisk: '9' })).rejects.toMatchObject({ status: 400 });
});

it('reads what a credential consists of, and who names it', async () => {
  const { asterisk } = await rapida.credentials.forms();
  expect(asterisk?.secret).toBe('ari_password');
  const value = { ari_url: 'http://127.0.0.1:8088', ari_user: 'rapida', ari_password: 'secret-of-the-pbx' };
  const { id } = await rapida.credentials.create({ name: 'pbx', provider: 'asterisk', value });
  expect(await rapida.credentials.uses(id)).toEqual([]);
  await rapida.assistants.savePhoneDeployment(assistantId, { enabled: true, credentialId: id });
  const { name } = await rapida.assistants.get(assistantId);
  expect(await rapida.credentials.uses(id)).toEqual([{ assistantId, name }]);
});
