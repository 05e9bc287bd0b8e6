import { type LiveEvent, Rapida } from '@rapida/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Caller, callOverAudioSocket } from './support/caller.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const WAIT = { timeout: 10_000, interval: 20 };

let server: ServerUnderTest;
let rapida: Rapida;
let assistantId: string;
beforeAll(async () => {
  server = await startServerUnderTest();
  rapida = new Rapida({ url: server.url, apiKey: server.api.key });
  assistantId = await patientAssistant(server.api);
});
afterAll(() => server.stop());

async function startCall(): Promise<{ callId: string; caller: Caller }> {
  const contextId = await rapida.calls.register({ assistantId, from: '+15551230000' });
  const { id: callId } = await server.api.callOf(contextId);
  const doors = { url: server.url, audiosocketPort: server.server.audiosocketPort };
  return { callId, caller: await callOverAudioSocket(doors, contextId) };
}

it('tells a call from its first event to its last, with what was said, and ends with it', async () => {
  const { callId, caller } = await startCall();
  const events: LiveEvent[] = [];
  const whole = (async () => {
    for await (const event of rapida.calls.stream({ callId })) events.push(event);
  })();
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('turn'), WAIT);
  caller.hangup();
  await whole;
  expect(events.every((event) => event.callId === callId && event.assistantId === assistantId)).toBe(true);
  expect(events.find(({ type }) => type === 'turn')?.data).toMatchObject({ role: 'assistant', text: 'Hello.' });
  const stored = events.flatMap(({ seq, type }) => (seq === null ? [] : [{ seq, type }]));
  const recorded = await rapida.calls.events(callId);
  expect(stored).toEqual(recorded.map(({ seq, type }) => ({ seq, type })));
  expect(stored.at(-1)?.type).toBe('call.ended');
});

it('goes on after the event that was seen, and ends at once where that was the last', async () => {
  const { callId, caller } = await startCall();
  caller.hangup();
  const all: LiveEvent[] = [];
  for await (const event of rapida.calls.stream({ callId })) if (event.seq !== null) all.push(event);
  const from = async (lastEventId: string) => {
    const rest: LiveEvent[] = [];
    for await (const event of rapida.calls.stream({ callId, lastEventId })) rest.push(event);
    return rest.map(({ seq }) => seq);
  };
  expect(all.length).toBeGreaterThan(1);
  expect(await from(all[0]?.id ?? '')).toEqual(all.slice(1).map(({ seq }) => seq));
  expect(await from(all.at(-1)?.id ?? '')).toEqual([]);
});

it('says that there is no such call', async () => {
  await expect(rapida.calls.stream({ callId: '1' }).next()).rejects.toMatchObject({ code: 'call_not_found' });
});

it('goes on with all calls until the loop is left', async () => {
  const watching = rapida.calls.stream();
  const first = watching.next();
  await vi.waitFor(async () => {
    const { caller } = await startCall();
    caller.hangup();
    expect(await Promise.race([first, Promise.resolve(undefined)])).toBeDefined();
  }, WAIT);
  expect((await first).value).toMatchObject({ assistantId });
  await watching.return();
});
