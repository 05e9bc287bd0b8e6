import { connectAudioSocket } from '@rapida/audiosocket';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CALLER_HANGUP } from './support/api.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

/**
 * Releases of which no binary is at hand - Asterisk 18, and all below 20.14 and 22.4, for AudioSocket; 20.16 and 22.6 for
 * the WebSocket channel - as our doubles of them behave: their source and observed calls say how.
 */
let server: ServerUnderTest;
let assistantId: string;

beforeAll(async () => {
  server = await startServerUnderTest();
  assistantId = await patientAssistant(server.api);
});
afterAll(() => server.stop());

async function oldAudioSocketCall(contextId: string) {
  let spinning = 0;
  let frames = 0;
  const client = await connectAudioSocket({
    clock: systemClock,
    host: '127.0.0.1',
    port: server.server.audiosocketPort,
    uuid: contextId,
    behaviour: 'old',
    onAudio: () => void frames++,
    onSpinning: () => void spinning++,
  });
  return { client, spinning: () => spinning, frames: () => frames };
}

describe('AudioSocket as Asterisk 18 has it', () => {
  it('carries a call: every frame of ours is one it takes, and the caller can hang up', async () => {
    const contextId = await server.api.register(assistantId);
    const { client, frames } = await oldAudioSocketCall(contextId);
    await vi.waitFor(() => expect(frames()).toBeGreaterThan(20), { timeout: 5_000 });
    expect(client.received.frames.every((frame) => frame.kind === 0x10 && frame.payloadBytes === 320)).toBe(true);
    client.hangup();
    await server.api.ended(contextId, { state: 'completed', reason: CALLER_HANGUP });
  });

  it('is never left spinning: a call that we end is ended by a hangup frame before the socket closes', async () => {
    const contextId = await server.api.register(assistantId);
    const { client, spinning, frames } = await oldAudioSocketCall(contextId);
    await vi.waitFor(() => expect(frames()).toBeGreaterThan(5), { timeout: 5_000 });
    const { id } = await server.api.callOf(contextId);
    await server.api.send('POST', `/v1/calls/${id}/hangup`, {});
    expect((await client.ended).how).toBe('server_hangup');
    expect(spinning()).toBe(0);
  });

  it('is never left spinning by a refused context either', async () => {
    const { client, spinning } = await oldAudioSocketCall('00000000-0000-4000-8000-000000000000');
    expect((await client.ended).how).toBe('server_hangup');
    expect(spinning()).toBe(0);
  });
});

describe('the WebSocket channel as Asterisk 22.6 has it: plain text, no channel id, no marks, pings fatal', () => {
  it('carries a call that is played to its end and that both sides can end', async () => {
    for (const who of ['caller', 'server'] as const) {
      const contextId = await server.api.register(assistantId);
      let voiced = 0;
      const client = connectChanWebSocket({
        clock: systemClock,
        url: `${server.url.replace(/^http/, 'ws')}/v1/talk/asterisk/ctx?contextId=${contextId}`,
        behaviour: '22.6',
        onRtp: (frame) => {
          if (frame.some((byte) => byte !== 0xff && byte !== 0x7f)) voiced++;
        },
      });
      expect(await client.opened).toMatchObject({ ok: true });
      const { id } = await server.api.callOf(contextId);
      // The greeting is known to have been heard although nothing but time says so.
      await vi.waitFor(async () => expect((await server.api.transcript(id)).data).toMatchObject([{ text: 'Hello.' }]), {
        timeout: 5_000,
      });
      expect(voiced).toBeGreaterThan(10);
      if (who === 'caller') client.hangup();
      else await server.api.send('POST', `/v1/calls/${id}/hangup`, {});
      expect((await client.ended).how).toBe(who === 'caller' ? 'caller_hangup' : 'app_hangup');
      await server.api.ended(contextId, { state: 'completed' });
    }
  });
});
