import type { BrowserClock } from '../clock.js';
import { type ListenEnd, listensAgain } from './listen-end.js';
import { type Levels, openMeter } from './meter.js';
import { openSpeaker, type Speaker } from './speaker.js';

export type ListenState = 'connecting' | 'listening' | 'over';

export interface Listening {
  /** Calling it twice is safe. */
  stop(): void;
}

export interface ListenHandlers {
  readonly onState: (state: ListenState) => void;
  readonly onLevels: (levels: Levels) => void;
  readonly onEnd: (end: ListenEnd) => void;
}

const RATE_HZ = 16_000;
const LEVELS_MS = 100;
const AGAIN_MS = 1_000;

/** Hears a live call: the caller on the left, the assistant on the right. Must begin with a click, or browsers stay silent. */
export function listen(address: string, clock: BrowserClock, { onState, onLevels, onEnd }: ListenHandlers): Listening {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  let speaker: Speaker | undefined;
  let isOver = false;
  /** What is running: the connection, and later the meter and the pause before the next connection. */
  const running = new Map<'socket' | 'meter' | 'pause', () => void>();
  let times = 0;
  const over = (end: ListenEnd) => {
    if (isOver) return;
    isOver = true;
    for (const stop of running.values()) stop();
    void context.close();
    onState('over');
    onEnd(end);
  };
  const connect = () => {
    onState('connecting');
    const close = openConnection(address, {
      onStarted: () => onState('listening'),
      onSound: (samples) => {
        times = 0;
        speaker?.play(samples);
      },
      onEnd: (end) => {
        times++;
        if (isOver) return;
        if (listensAgain(end, times)) running.set('pause', clock.after(AGAIN_MS, connect));
        else over(end);
      },
    });
    running.set('socket', close);
  };
  connect();
  openSpeaker({ context, channels: 2 }).then(
    (opened) => {
      if (isOver) return;
      speaker = opened;
      const levels = openMeter(context, opened.output);
      running.set(
        'meter',
        clock.every(LEVELS_MS, () => onLevels(levels())),
      );
    },
    () => over('no_sound'),
  );
  return { stop: () => over('stopped') };
}

interface ConnectionHandlers {
  readonly onStarted: () => void;
  readonly onSound: (samples: Int16Array) => void;
  /** Once. */
  readonly onEnd: (end: ListenEnd) => void;
}

/** One WebSocket; what is returned closes it. */
function openConnection(address: string, { onStarted, onSound, onEnd }: ConnectionHandlers): () => void {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  let end: ListenEnd = 'refused';
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data !== 'string') return onSound(new Int16Array(data));
    const message = JSON.parse(data) as { readonly type: string; readonly reason?: ListenEnd };
    if (message.type === 'started') {
      end = 'broken';
      onStarted();
    }
    if (message.type === 'ended') end = message.reason ?? 'closed';
  };
  socket.onclose = () => onEnd(end);
  return () => {
    socket.onclose = null;
    socket.close();
  };
}
