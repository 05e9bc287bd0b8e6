import { describe, expect, it } from 'vitest';
import { connected, openHarness, record } from './testing/harness.js';

describe('the recording of a call', () => {
  const heard: { side: string; value: number | undefined }[] = [];
  const createRecorder = ({ path }: { path: string }) => ({
    caller: ({ samples }: { samples: Int16Array }) => void heard.push({ side: 'caller', value: samples[0] }),
    assistant: (samples: Int16Array) => void heard.push({ side: `assistant of ${path}`, value: samples[0] }),
    close: async () => void heard.push({ side: 'closed', value: undefined }),
  });

  it('hears both sides from the first frame to the end, and is named in the record while the call runs', async () => {
    heard.length = 0;
    const config = { recording: { enabled: true } };
    const harness = await openHarness({ config, createRecorder, recordingsDir: '/recordings' });
    const { context, transport, playout, ended } = await connected(harness);
    const { callId } = context;
    transport.push(3);
    playout.tap?.(new Int16Array([4]), 0);
    expect((await record(harness, context)).recording).toBe(`${callId}.wav`);
    transport.callerHangsUp();
    await ended;
    transport.push(5);
    expect(heard).toEqual([
      { side: 'caller', value: 3 },
      { side: `assistant of /recordings/${callId}.wav`, value: 4 },
      { side: 'closed', value: undefined },
    ]);
  });

  it('is not opened when it is off', async () => {
    const harness = await openHarness({
      createRecorder: () => {
        throw new Error('nobody asked for it');
      },
    });
    const { conversation, transport, ended } = await connected(harness);
    expect(conversation.started).toBe(1);
    transport.callerHangsUp();
    expect(await ended).toMatchObject({ state: 'completed', recording: null });
  });

  it('is left out when it cannot be opened, and the call goes on', async () => {
    const harness = await openHarness({
      config: { recording: { enabled: true } },
      createRecorder: () => {
        throw new Error('disk full');
      },
    });
    const { conversation, transport, ended } = await connected(harness);
    expect(conversation.started).toBe(1);
    transport.callerHangsUp();
    expect(await ended).toMatchObject({ state: 'completed', recording: null });
  });
});
