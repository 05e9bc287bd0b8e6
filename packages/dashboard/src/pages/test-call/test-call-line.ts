import { openMicrophone } from '../../sound/microphone.js';
import { openSpeaker, type Speaker } from '../../sound/speaker.js';
import type { ServerMessage } from './test-call-state.js';

export interface TestCallLine {
  /** Words that a voice speaks into the call for who has no microphone. */
  say(text: string): void;
  press(digit: string): void;
  hangUp(): void;
  /** Gives everything up at once. Calling it twice is safe. */
  close(): void;
}

export interface LineEvents {
  readonly onMessage: (message: ServerMessage) => void;
  /** The line is gone, whoever ended it. */
  readonly onClosed: (clean: boolean) => void;
  /** Without sound it goes on: the transcript tells what is said. */
  readonly onSoundProblem: (error: unknown) => void;
}

export interface LineSound {
  readonly context: AudioContext;
  readonly withMicrophone: boolean;
}

/** What waits to be sent over a line that is slow: half a second of sound. More is left out, for it would come too late. */
const WAITING_BYTES_MAX = 16_000;

/** One test call: sound both ways and messages over one WebSocket. */
export function openTestCallLine(
  address: string,
  { context, withMicrophone }: LineSound,
  events: LineEvents,
): TestCallLine {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  const closers: (() => void)[] = [() => socket.close(), () => void context.close().catch(() => {})];
  let speaker: Speaker | undefined;
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    for (const one of closers.splice(0)) one();
  };
  const own = (opened: { close(): void }) => {
    if (isClosed) opened.close();
    else closers.push(() => opened.close());
  };
  const send = (message: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  void openSpeaker({ context, channels: 1 }).then((opened) => {
    speaker = opened;
    own(opened);
  }, events.onSoundProblem);
  if (withMicrophone) {
    const onFrame = (samples: Int16Array<ArrayBuffer>) => {
      const isOpen = socket.readyState === WebSocket.OPEN;
      if (isOpen && socket.bufferedAmount < WAITING_BYTES_MAX) socket.send(samples);
    };
    void openMicrophone(context, onFrame).then(own, events.onSoundProblem);
  }
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data !== 'string') speaker?.play(new Int16Array(data));
    else events.onMessage(JSON.parse(data) as ServerMessage);
  };
  socket.onclose = ({ code }) => {
    close();
    events.onClosed(code === 1_000);
  };
  return {
    say: (text) => send({ type: 'say', text }),
    press: (digit) => send({ type: 'dtmf', digit }),
    hangUp: () => send({ type: 'hangup' }),
    close,
  };
}
