import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pcm16ToBytes, tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { type FakeAnswer, giveAnswer, jsonAnswer } from '../../wire/testing/fake-http.js';
import { FAKE_KEY } from './fake-recognition.js';

/** Azure's voices as their REST reference describes them, on a port of this machine. */
export interface FakeVoice {
  readonly url: string;
  /** In order of arrival. */
  readonly requests: readonly FakeVoiceRequest[];
  /** The next requests that are not refused are answered with these, later ones sensibly again. */
  script(...answers: FakeAnswer[]): void;
  /** All requests that are not refused are answered with this from now on. */
  always(answer: FakeAnswer): void;
  /** Resolves when `count` requests have arrived in all. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface FakeVoiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly ssml: string;
  readonly over: Promise<'whole' | 'cut'>;
}

export async function startFakeVoice(): Promise<FakeVoice> {
  const requests: FakeVoiceRequest[] = [];
  const scripted: FakeAnswer[] = [];
  const waiters = new Set<() => void>();
  let standing: FakeAnswer | undefined;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const over = new Promise<'whole' | 'cut'>((resolve) => {
      outgoing.once('close', () => resolve(outgoing.writableFinished ? 'whole' : 'cut'));
    });
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const ssml = Buffer.concat(parts).toString('utf8');
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, ssml, over };
    requests.push(request);
    const answer = refuse(request) ?? scripted.shift() ?? standing ?? sensible(request);
    for (const waiter of waiters) waiter();
    await giveAnswer(outgoing, answer);
  }

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...answers) => void scripted.push(...answers),
    always: (answer) => {
      standing = answer;
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whole, in the one form that is asked for here: anything else in the text would be a tag that got through. */
const SSML =
  /^<speak version="1\.0" xmlns="http:\/\/www\.w3\.org\/2001\/10\/synthesis" xml:lang="[\w-]+"><voice name="([^"<&]+)">(?:<prosody rate="[\d.]+">)?(?:[^<>&]|&(?:amp|lt|gt|quot|apos);)+(?:<\/prosody>)?<\/voice><\/speak>$/;

function refuse({ method, path, headers, ssml }: FakeVoiceRequest): FakeAnswer | undefined {
  if (headers['ocp-apim-subscription-key'] !== FAKE_KEY) {
    // What Azure's front end says of a key it does not know.
    return jsonAnswer(401, { error: { code: '401', message: 'Access denied due to invalid subscription key.' } });
  }
  if (method === 'GET') return path === '/cognitiveservices/voices/list' ? undefined : plain(404);
  if (path !== '/cognitiveservices/v1') return plain(404);
  if (headers['content-type'] !== 'application/ssml+xml') return plain(415);
  const isSound = headers['x-microsoft-outputformat'] === 'raw-16khz-16bit-mono-pcm';
  if (!isSound || headers['user-agent'] === undefined) return plain(400);
  const voice = SSML.exec(ssml)?.[1];
  return voice === undefined || voice === 'en-US-NobodyNeural' ? plain(400) : undefined;
}

function sensible({ method }: FakeVoiceRequest): FakeAnswer {
  return method === 'GET' ? jsonAnswer(200, [{ ShortName: 'en-US-AvaNeural' }]) : speechAnswer();
}

/** Azure says of most refusals no more than the status. */
export function plain(status: number): FakeAnswer {
  return { status, headers: {}, body: '' };
}

/** 1 kHz without a header. */
export function speechAnswer(soundMs = 500): FakeAnswer {
  const samples = tone({ hz: 1_000, rateHz: RATE_HZ, ms: soundMs, dbfs: -6 });
  return { status: 200, headers: { 'content-type': 'audio/basic' }, body: pcm16ToBytes(samples) };
}
