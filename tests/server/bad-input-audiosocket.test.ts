import { randomBytes, randomUUID } from 'node:crypto';
import { KIND_AUDIO, KIND_UUID, parseUuid } from '@rapida/audiosocket';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { countsMetric, metricOf } from './support/metrics.js';
import { rawConnection, sendAndWait } from './support/raw-socket.js';
import { startUnderFire, type UnderFire } from './support/under-fire.js';

/** `00 00 00`: every Asterisk ends its call on it, and none on a bare close. */
const HANGUP = Buffer.from([0, 0, 0]);
const CONNECTIONS = 100;

let fire: UnderFire;
let expiring: string;
beforeAll(async () => {
  fire = await startUnderFire({ CONTEXT__TTL_SECONDS: '3' });
  expiring = await fire.register();
});
afterEach(() => fire.isUnharmed());
afterAll(() => fire.endsWell());

const refused = (code: string): string => `rapida_media_refused_total{transport="audiosocket",code="${code}"}`;
const badInput = (kind: string): string => `rapida_media_bad_input_total{transport="audiosocket",kind="${kind}"}`;

function frame(kind: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([kind, payload.length >> 8, payload.length & 0xff]), payload]);
}

function naming(contextId: string): Buffer {
  return frame(KIND_UUID, parseUuid(contextId)!);
}

/** The line that tells the operator why a connection was sent away, written since `from`. */
function refusalLine(from: number, word: string) {
  return fire.lines.slice(from).find(({ fields }) => fields.code === word || fields.reason === word);
}

describe('a first frame that names no call is answered with a hangup, logged and counted', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'), 'first_frame_not_uuid'],
    ['random bytes', Buffer.concat([Buffer.from([0xff]), randomBytes(4_096)]), 'first_frame_not_uuid'],
    ['audio', frame(KIND_AUDIO, new Uint8Array(16)), 'first_frame_not_uuid'],
    ['a hangup', HANGUP, 'first_frame_not_uuid'],
    ['an id of 15 bytes', frame(KIND_UUID, new Uint8Array(15)), 'first_frame_bad_length'],
    ['an id that claims 65,535 bytes', Buffer.from([KIND_UUID, 0xff, 0xff]), 'first_frame_bad_length'],
  ];
  it.each(cases)('%s', async (_name, bytes, code) => {
    const from = fire.lines.length;
    const answer = await countsMetric(fire.url, refused(code), () => sendAndWait(fire.doors.audiosocketPort, bytes));
    expect(answer).toEqual(HANGUP);
    expect(refusalLine(from, code)).toMatchObject({ level: 'warn', fields: { remoteAddress: '127.0.0.1' } });
  });

  it('an id that is cut off', async () => {
    await countsMetric(fire.url, refused('first_frame_truncated'), async () => {
      const { socket, closed } = rawConnection(fire.doors.audiosocketPort);
      socket.end(naming(randomUUID()).subarray(0, 12));
      await closed;
    });
  });

  it('one that never ends is not listened to', async () => {
    const { socket, closed } = rawConnection(fire.doors.audiosocketPort);
    const megabyte = new Uint8Array(1_048_576).fill(KIND_AUDIO);
    const pour = (): void => {
      while (socket.writable && socket.write(megabyte));
    };
    socket.on('drain', pour);
    await countsMetric(fire.url, refused('first_frame_not_uuid'), async () => {
      pour();
      await closed;
    });
    expect(socket.bytesWritten).toBeLessThan(64 * megabyte.length);
  });

  it('a hundred of them at once', async () => {
    await countsMetric(
      fire.url,
      refused('first_frame_not_uuid'),
      async () => {
        const bytes = frame(KIND_AUDIO, new Uint8Array(16));
        const all = Array.from({ length: CONNECTIONS }, () => sendAndWait(fire.doors.audiosocketPort, bytes));
        expect(await Promise.all(all)).toEqual(all.map(() => HANGUP));
      },
      CONNECTIONS,
    );
  });
});

describe('a context that cannot be claimed is answered with a hangup, and the log says why', () => {
  async function isRefused(contextId: string, code: string): Promise<void> {
    const from = fire.lines.length;
    const answer = await countsMetric(fire.url, refused(code), () =>
      sendAndWait(fire.doors.audiosocketPort, naming(contextId)),
    );
    expect(answer).toEqual(HANGUP);
    expect(refusalLine(from, code)).toMatchObject({
      level: 'warn',
      message: 'a media connection was refused',
      fields: { code, transport: 'audiosocket' },
    });
  }

  it('unknown', () => isRefused(randomUUID(), 'context_unknown'));

  it('used: by a call that is over', async () => {
    const contextId = await fire.register();
    const { socket, closed, received } = rawConnection(fire.doors.audiosocketPort);
    socket.write(naming(contextId));
    await vi.waitFor(() => expect(received().length).toBeGreaterThan(0), { interval: 10 });
    socket.end();
    await closed;
    await isRefused(contextId, 'context_used');
    await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
  });

  it('claimed by a hundred connections at once: one gets the call, the others a hangup', async () => {
    const contextId = await fire.register();
    const peers = Array.from({ length: CONNECTIONS }, () => rawConnection(fire.doors.audiosocketPort));
    const losers = CONNECTIONS - 1;
    await countsMetric(
      fire.url,
      refused('context_used'),
      async () => {
        for (const { socket } of peers) socket.write(naming(contextId));
        await vi.waitFor(() => expect(peers.filter(({ socket }) => socket.destroyed)).toHaveLength(losers), {
          timeout: 5_000,
          interval: 10,
        });
      },
      losers,
    );
    const [winner] = peers.filter(({ socket }) => !socket.destroyed);
    for (const { socket, received } of peers) if (socket.destroyed) expect(received()).toEqual(HANGUP);
    await vi.waitFor(() => expect(winner!.received().readUInt8(0)).toBe(KIND_AUDIO), { interval: 10 });
    winner!.socket.end();
    await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
  });

  it('expired: the call is on record as such', async () => {
    // The sweep looks every five seconds.
    await fire.api.ended(expiring, { state: 'expired', reason: 'context_expired', disconnectedBy: 'system' }, 15_000);
    await isRefused(expiring, 'context_expired');
  });
});

describe('bad frames within a call are counted, and the call goes on', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['a kind that there is not', frame(0x55, new Uint8Array(40)), 'unknown_kind'],
    ['an error of Asterisk', frame(0xff, Uint8Array.of(1)), 'ignored_frame'],
    ['a key that there is not', frame(0x03, Buffer.from('x')), 'ignored_frame'],
    ['a second id', naming(randomUUID()), 'ignored_frame'],
    ['audio of no length', frame(KIND_AUDIO, new Uint8Array(0)), 'ignored_frame'],
    ['half a sample', frame(KIND_AUDIO, new Uint8Array(321)), 'odd_length'],
  ];
  it.each(cases)('%s', async (_name, bytes, kind) => {
    const contextId = await fire.register();
    const { socket, closed, received } = rawConnection(fire.doors.audiosocketPort);
    await countsMetric(
      fire.url,
      badInput(kind),
      async () => {
        socket.write(Buffer.concat([naming(contextId), bytes, bytes, bytes]));
        await vi.waitFor(() => expect(received().length).toBeGreaterThan(10 * 323), { interval: 10, timeout: 5_000 });
        socket.end();
        await closed;
        await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user', reason: 'caller_hangup' });
      },
      3,
    );
  });

  it('a frame that promises 65,535 bytes and ends with the connection is the end of that call alone', async () => {
    const contextId = await fire.register();
    const { socket, closed } = rawConnection(fire.doors.audiosocketPort);
    socket.end(Buffer.concat([naming(contextId), Buffer.from([KIND_AUDIO, 0xff, 0xff, 1, 2, 3])]));
    await closed;
    await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
  });

  it('audio far faster than sound is the end of nothing, and the memory for it stays bounded', async () => {
    const contextId = await fire.register();
    const { socket, closed } = rawConnection(fire.doors.audiosocketPort);
    const secondOfSound = frame(KIND_AUDIO, new Uint8Array(16_000));
    const line = 'rapida_media_frames_in_total{transport="audiosocket"}';
    const before = await metricOf(fire.url, line);
    socket.write(naming(contextId));
    for (let second = 0; second < 120; second++) socket.write(secondOfSound);
    socket.end();
    await closed;
    await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
    expect((await metricOf(fire.url, line)) - before).toBe(120);
  });
});
