import { afterEach, expect, it, vi } from 'vitest';
import { Rapida } from './rapida.js';
import { createPatientClock, type StreamServer, startStreamServer, type Turn } from './testing/stream-server.js';

let server: StreamServer;
afterEach(() => server.close());

async function recordingOf(turn: Turn) {
  server = await startStreamServer(turn);
  const time = createPatientClock(0);
  const client = new Rapida({ url: server.url, clock: time.clock, timeoutMs: 9_000 });
  return { time, recording: await client.calls.recording('9') };
}

const half: Turn = (response) => {
  response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': '8' });
  response.write('RIFF');
};

it('gives all of it', async () => {
  const { recording, time } = await recordingOf((response) => response.end('RIFF....'));
  expect(recording.sizeBytes).toBe(8);
  expect(Buffer.from(await recording.bytes()).toString()).toBe('RIFF....');
  expect(time.pending()).toEqual([]);
});

it('gives no more than is wanted', async () => {
  const { recording } = await recordingOf((response) => response.end('RIFF....'));
  await expect(recording.bytes(7)).rejects.toMatchObject({ code: 'answer_invalid' });
});

it('says that it broke off', async () => {
  const { recording } = await recordingOf((response, request) => {
    half(response, request);
    setImmediate(() => response.destroy());
  });
  await expect(recording.bytes()).rejects.toMatchObject({ code: 'unreachable' });
});

it('does not wait for ever for the rest', async () => {
  const { recording, time } = await recordingOf(half);
  expect(time.pending()).toEqual([]);
  const bytes = recording.bytes();
  bytes.catch(() => {});
  await vi.waitFor(() => expect(time.pending()).toEqual([9_000]));
  time.letPass(9_000);
  await expect(bytes).rejects.toMatchObject({ code: 'timeout' });
});
