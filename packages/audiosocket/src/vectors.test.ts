import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AudioSocketConnection } from './connection.js';
import { AudioSocketDecoder } from './decoder.js';
import { DEFAULT_LIMITS } from './limits.js';
import { duplexPair } from './testing/duplex-pair.js';
import { ManualClock } from './testing/manual-clock.js';
import { chunkings, hex, readVectors, type Vector } from './testing/vectors.js';

function byte(kind: number): string {
  return `0x${kind.toString(16).padStart(2, '0')}`;
}

function decode(vector: Vector, chunks: Uint8Array[]): string[] {
  const log: string[] = [];
  const decoder = new AudioSocketDecoder({ payloadBytesMax: vector.payloadBytesMax });
  for (const chunk of chunks) {
    const outcome = decoder.push(chunk, (kind, payload) => log.push(`frame ${byte(kind)} ${hex(payload)}`.trim()));
    if (!outcome.ok) return [...log, `error ${outcome.error} ${byte(outcome.kind)} ${outcome.payloadBytes}`];
  }
  if (decoder.pendingBytes > 0) log.push(`pending ${decoder.pendingBytes}`);
  return log;
}

async function converse(vector: Vector, chunks: Uint8Array[]): Promise<string[]> {
  const log: string[] = [];
  const clock = new ManualClock();
  const [near, peer] = duplexPair();
  const sent: Uint8Array[] = [];
  peer.on('data', (chunk: Uint8Array) => sent.push(chunk));
  const connection = new AudioSocketConnection(near, {
    clock,
    limits: { ...DEFAULT_LIMITS, payloadBytesMax: vector.payloadBytesMax },
    onOpen: (opened) => {
      log.push(`open ${opened.contextId}`);
      opened.setListener({
        onAudio: (pcm, rateHz) => log.push(`audio ${rateHz} ${hex(pcm)}`),
        onDtmf: (digit) => log.push(`dtmf ${digit}`),
        onHangup: (how) => log.push(`hangup ${how}`),
      });
    },
  });
  const peerSawEnd = once(peer, 'end');
  for (const chunk of chunks) peer.write(chunk);
  peer.end();
  const end = await connection.closed;
  await peerSawEnd;
  if (sent.length > 0) log.push(`sent ${hex(Buffer.concat(sent))}`);
  log.push(`closed ${end.reason} truncated=${end.truncatedBytes}`);
  const { framesIn, ignored, oddAudio, unknownKinds } = connection.counters;
  const counts = Object.entries({ framesIn, ignored, oddAudio, unknownKinds }).filter(([, count]) => count > 0);
  if (counts.length > 0) log.push(['counters', ...counts.map(([name, count]) => `${name}=${count}`)].join(' '));
  expect(clock.pendingTimers).toBe(0);
  return log;
}

const vectors = readVectors();

describe.each([...new Set(vectors.map(({ file }) => file))])('%s', (file) => {
  it.each(vectors.filter((vector) => vector.file === file))('$title, in pieces of any size', async (vector) => {
    expect(['decoder', 'connection']).toContain(vector.run);
    for (const chunks of chunkings(vector.input)) {
      const log = vector.run === 'decoder' ? decode(vector, chunks) : await converse(vector, chunks);
      expect(log, `in pieces of ${chunks[0]?.byteLength} bytes`).toEqual(vector.log);
    }
  });
});
