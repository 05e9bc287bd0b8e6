import { expect } from 'vitest';
import { CALLER_HANGUP, type CallJson } from './api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket, type Doors, stillTalks } from './caller.js';
import { metricOf } from './metrics.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './server-under-test.js';

/** A server that holds a good call over each transport while a test does its worst to it. */
export interface UnderFire extends ServerUnderTest {
  readonly doors: Doors;
  readonly assistantId: string;
  /** A registered call that nobody has connected to. */
  register(): Promise<string>;
  /** Both good calls are there, and nothing was an error of ours. */
  isUnharmed(): void;
  /** Sound goes both ways in both; then they hang up and are on record as any other call. Stops the server. */
  endsWell(): Promise<void>;
}

export async function startUnderFire(environment: Readonly<Record<string, string>> = {}): Promise<UnderFire> {
  const server = await startServerUnderTest({ environment });
  const { api, url, lines } = server;
  const doors = { url, audiosocketPort: server.server.audiosocketPort };
  const assistantId = await patientAssistant(api);
  const register = () => api.register(assistantId);
  const good = [
    await callOverAudioSocket(doors, await register()),
    await callOverWebSocket(doors, await register()),
  ] as const;
  for (const { contextId } of good) await api.ended(contextId, { state: 'connected' });

  function isUnharmed(): void {
    expect(good.map(({ over }) => over)).toEqual([undefined, undefined]);
    expect(lines.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual([]);
  }

  return {
    ...server,
    doors,
    assistantId,
    register,
    isUnharmed,
    async endsWell() {
      isUnharmed();
      expect(await metricOf(url, 'rapida_calls_live')).toBe(good.length);
      for (const caller of good) await endWell(server, caller);
      expect(await metricOf(url, 'rapida_calls_live')).toBe(0);
      await server.stop();
      expect(lines.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual([]);
    },
  };
}

async function endWell({ api, url }: ServerUnderTest, caller: Caller): Promise<CallJson> {
  const { id, transport } = await api.callOf(caller.contextId);
  await stillTalks(caller, () => api.send('POST', `/v1/calls/${id}/say`, { text: 'Still here.' }));
  const line = `rapida_media_frames_in_total{transport="${transport}"}`;
  const before = await metricOf(url, line);
  caller.hangup();
  const call = await api.ended(caller.contextId, {
    state: 'completed',
    disconnectedBy: 'user',
    reason: CALLER_HANGUP,
  });
  expect((await metricOf(url, line)) - before).toBeGreaterThanOrEqual(caller.sent - FRAMES_ON_THE_WAY);
  return call;
}

/** What was sent in the moment of hanging up may not have been read any more. */
const FRAMES_ON_THE_WAY = 5;
