import { connectAudioSocket } from '@rapida/audiosocket';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import { systemClock } from '@rapida/core';
import { expect, vi } from 'vitest';

const FRAME_MS = 20;
/** 20 ms at 8 kHz: signed linear for AudioSocket, mu-law for the WebSocket. Quiet: nobody speaks. */
const LINEAR_FRAME = new Uint8Array(320);
const ULAW_FRAME = new Uint8Array(160).fill(0xff);
/** Loud: a square wave of 400 Hz, which is speech to a detector that goes by loudness. */
const LOUD_FRAME = new Uint8Array(
  Int16Array.from({ length: 160 }, (_, n) => (Math.floor(n / 10) % 2 === 0 ? 8_000 : -8_000)).buffer,
);

/** One call as Asterisk holds it: a frame out every 20 ms, and a count of what was heard. */
export interface Caller {
  readonly contextId: string;
  /** Frames sent to the server. */
  readonly sent: number;
  /** Frames from the server with sound in them. */
  readonly voiced: number;
  /** How the leg ended; undefined while it lasts. */
  readonly over: string | undefined;
  readonly ended: Promise<string>;
  /** From the next frame on; over AudioSocket only. */
  speaks: boolean;
  hangup(): void;
}

export interface Doors {
  readonly url: string;
  readonly audiosocketPort: number;
}

type Leg = {
  readonly sendFrame: (loud: boolean) => boolean;
  readonly hangup: () => void;
  readonly ended: Promise<string>;
};

class RunningCaller implements Caller {
  readonly contextId: string;
  readonly ended: Promise<string>;
  sent = 0;
  voiced = 0;
  speaks = false;
  over: string | undefined;
  readonly #leg: Leg;

  constructor(contextId: string, leg: Leg) {
    this.contextId = contextId;
    this.#leg = leg;
    this.ended = leg.ended.then((how) => {
      this.over = how;
      return how;
    });
  }

  /** Sends as a telephone does, until the leg is over. */
  run(dueMs: number): void {
    if (this.over !== undefined) return;
    if (this.#leg.sendFrame(this.speaks)) this.sent++;
    systemClock.setTimer(dueMs - systemClock.nowMs(), () => this.run(dueMs + FRAME_MS));
  }

  hangup(): void {
    this.#leg.hangup();
  }
}

export async function callOverAudioSocket({ audiosocketPort }: Doors, contextId: string): Promise<Caller> {
  const client = await connectAudioSocket({
    clock: systemClock,
    host: '127.0.0.1',
    port: audiosocketPort,
    uuid: contextId,
    behaviour: 'new',
    onAudio: (pcm) => {
      if (pcm.some((byte) => byte !== 0)) caller.voiced++;
    },
  });
  const caller = new RunningCaller(contextId, {
    sendFrame: (loud) => client.sendAudio(loud ? LOUD_FRAME : LINEAR_FRAME),
    hangup: () => client.hangup(),
    ended: client.ended.then((end) => end.how),
  });
  caller.run(systemClock.nowMs());
  return caller;
}

export async function callOverWebSocket({ url }: Doors, contextId: string): Promise<Caller> {
  const client = connectChanWebSocket({
    clock: systemClock,
    url: `${url.replace(/^http/, 'ws')}/v1/talk/asterisk/ctx?contextId=${contextId}`,
    channelVariables: { RAPIDA_CONTEXT_ID: contextId },
    onRtp: (frame) => {
      if (frame.some((byte) => byte !== 0xff && byte !== 0x7f)) caller.voiced++;
    },
  });
  const caller = new RunningCaller(contextId, {
    sendFrame: () => client.sendMedia(ULAW_FRAME),
    hangup: () => client.hangup(),
    ended: client.ended.then((end) => end.how),
  });
  expect(await client.opened).toMatchObject({ ok: true });
  caller.run(systemClock.nowMs());
  return caller;
}

/** Sound still goes both ways: frames leave, and frames with sound in them arrive once the assistant is made to speak. */
export async function stillTalks(caller: Caller, say: () => Promise<unknown>): Promise<void> {
  const { sent, voiced } = caller;
  await say();
  await vi.waitFor(
    () => {
      expect(caller.over).toBeUndefined();
      expect(caller.sent).toBeGreaterThan(sent);
      expect(caller.voiced).toBeGreaterThan(voiced);
    },
    { timeout: 5_000, interval: 20 },
  );
}
