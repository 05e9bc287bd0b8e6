import { openSpeaker } from './speaker.js';

export type ListenState = 'connecting' | 'listening' | 'ended' | 'failed';

export interface Listening {
  /** Calling it twice is safe. */
  stop(): void;
}

const RATE_HZ = 16_000;

/** Hears a live call: the caller on the left, the assistant on the right. Must begin with a click, or browsers stay silent. */
export function listen(address: string, onState: (state: ListenState) => void): Listening {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  let isOver = false;
  const end = (state: ListenState) => {
    if (isOver) return;
    isOver = true;
    socket.close();
    void context.close();
    onState(state);
  };
  onState('connecting');
  void openSpeaker({ context, channels: 2 }).then(
    (speaker) => {
      socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
        if (typeof data === 'string') return;
        speaker.play(new Int16Array(data));
      };
      if (!isOver) onState('listening');
    },
    () => end('failed'),
  );
  socket.onclose = ({ code }) => end(code === 1_000 ? 'ended' : 'failed');
  return { stop: () => end('ended') };
}
