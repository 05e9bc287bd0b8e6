import { encodeWav, tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import {
  type FakeAnswer,
  type FakeHttp,
  type FakeHttpRequest,
  jsonAnswer,
  startFakeHttp,
} from '../../wire/testing/fake-http.js';
import type { FakeAccount } from './fake-account.js';

/** Google's Text-to-Speech, and the list of recognizers of Speech-to-Text, as their REST references describe them. */
export function startFakeVoice(account: FakeAccount, nowMs: () => number): Promise<FakeHttp> {
  return startFakeHttp({ refuse: (request) => refuse(request, account, nowMs()), answer });
}

const CHARACTERS_MAX = 5_000;

function refuse(request: FakeHttpRequest, account: FakeAccount, nowMs: number): FakeAnswer | undefined {
  const { method, path, headers, body } = request;
  const isSpeech = path.startsWith('/v2/');
  const service = isSpeech ? 'speech.googleapis.com' : 'texttospeech.googleapis.com';
  const refusal = account.refuse(headers.authorization, service, nowMs);
  if (refusal !== undefined) return errorAnswer(401, 'UNAUTHENTICATED', refusal);
  if (method === 'GET') {
    const isKnown = path === '/v1/voices' || path === `/v2/projects/${account.projectId}/locations/global/recognizers`;
    return isKnown ? undefined : errorAnswer(404, 'NOT_FOUND', 'Requested entity was not found.');
  }
  if (path !== '/v1/text:synthesize') return errorAnswer(404, 'NOT_FOUND', 'Requested entity was not found.');
  return refuseOrder(body);
}

/** What the reference calls required, and the ranges it names. */
function refuseOrder(body: Readonly<Record<string, unknown>>): FakeAnswer | undefined {
  const { input, voice, audioConfig } = body as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  const text = input?.text;
  if (typeof text !== 'string' || text === '') return invalid('Either `input.text` or `input.ssml` is required.');
  if (Buffer.byteLength(text) > CHARACTERS_MAX) return invalid('input.text is longer than the limit of 5000 bytes.');
  const { name = '', languageCode = '' } = (voice ?? {}) as { name?: string; languageCode?: string };
  if (languageCode === '') return invalid('Voice language code is required.');
  if (!name.startsWith(`${languageCode}-`)) {
    return invalid(`Requested language code '${languageCode}' doesn't match the voice '${name}'.`);
  }
  if (name.endsWith('-Nobody')) return invalid(`Voice '${name}' does not exist. Is it misspelled?`);
  const { audioEncoding, speakingRate = 1 } = (audioConfig ?? {}) as { audioEncoding?: string; speakingRate?: number };
  if (audioEncoding !== 'LINEAR16') return invalid('Unsupported audio encoding.');
  return speakingRate >= 0.25 && speakingRate <= 2 ? undefined : invalid('speaking_rate must be between 0.25 and 2.0.');
}

function answer({ method, body }: FakeHttpRequest): FakeAnswer {
  if (method === 'GET') return jsonAnswer(200, { voices: [] });
  const { sampleRateHertz = 24_000 } = body.audioConfig as { sampleRateHertz?: number };
  return speechAnswer(sampleRateHertz);
}

function invalid(message: string): FakeAnswer {
  return errorAnswer(400, 'INVALID_ARGUMENT', message);
}

export function errorAnswer(code: number, status: string, message: string): FakeAnswer {
  return jsonAnswer(code, { error: { code, message, status } });
}

/** 1 kHz in a WAV file, in base64, in JSON. */
export function speechAnswer(rateHz = RATE_HZ, soundMs = 500): FakeAnswer {
  const wav = encodeWav({ rateHz, channels: [tone({ hz: 1_000, rateHz, ms: soundMs, dbfs: -6 })] });
  return contentAnswer(wav);
}

export function contentAnswer(bytes: Uint8Array): FakeAnswer {
  return jsonAnswer(200, { audioContent: Buffer.from(bytes).toString('base64') });
}
