import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, openHarness, PROJECT } from './testing/harness.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

describe('reading calls', () => {
  let recordingsDir: string;
  beforeAll(async () => {
    recordingsDir = await mkdtemp(join(tmpdir(), 'rapida-recordings-'));
  });
  afterAll(() => rm(recordingsDir, { recursive: true }));

  it('gives record, events, transcript and metrics to their project only', async () => {
    const harness = await openHarness();
    const { context, conversation, transport, ended } = await connected(harness);
    const { calls } = harness.useCases;
    conversation.turn({ text: 'hi' });
    transport.callerHangsUp();
    const call = await ended;
    const { callId } = context;
    expect(await calls.get(PROJECT, callId)).toEqual(call);
    expect((await calls.list(PROJECT, {}, 10, null)).data).toEqual([call]);
    expect((await calls.events(PROJECT, callId)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await calls.transcript(PROJECT, callId)).toMatchObject([{ text: 'hi' }]);
    expect(await calls.metrics(PROJECT, callId)).toHaveLength(4);
    for (const read of [calls.get, calls.events, calls.transcript, calls.metrics, calls.recordingPath]) {
      await expect(read('2', callId)).rejects.toEqual(refusal('call_not_found'));
    }
    expect((await calls.list('2', {}, 10, null)).data).toEqual([]);
  });

  it('gives the path of a recording while the call runs, and says when there is none', async () => {
    const harness = await openHarness({ config: { recording: { enabled: true } }, recordingsDir });
    const { context } = await connected(harness);
    const read = () => harness.useCases.calls.recordingPath(PROJECT, context.callId);
    await expect(read()).rejects.toEqual(refusal('recording_not_found'));
    const path = join(recordingsDir, `${context.callId}.wav`);
    await writeFile(path, '');
    expect(await read()).toBe(path);
    await harness.stores.calls.patch(context.callId, { recording: `../../${context.callId}.wav` });
    expect(await read()).toBe(path);
    await harness.stores.calls.patch(context.callId, { recording: null });
    await expect(read()).rejects.toEqual(refusal('recording_not_found'));
  });
});
