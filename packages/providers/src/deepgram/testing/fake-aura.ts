import { pcm16ToBytes, tone } from '@rapida/audio';
import {
  type FakeAnswer,
  type FakeHttp,
  type FakeHttpRequest,
  jsonAnswer,
  startFakeHttp,
} from '../../wire/testing/fake-http.js';
import { FAKE_KEY } from '../../wire/testing/speaking.js';

/** Deepgram's `POST /v1/speak` as its API reference describes it. */
export function startFakeAura(): Promise<FakeHttp> {
  return startFakeHttp({ refuse, answer: ({ query }) => speechAnswer(Number(query.get('sample_rate') ?? 24_000)) });
}

/** Rates of `linear16`. */
const RATES_HZ = ['8000', '16000', '24000', '32000', '48000'];
const CHARACTERS_MAX = 2_000;

function refuse({ method, path, headers, query, body }: FakeHttpRequest): FakeAnswer | undefined {
  if (headers.authorization !== `Token ${FAKE_KEY}`) return errorAnswer(401, 'INVALID_AUTH', 'Invalid credentials.');
  if (method !== 'POST' || path !== '/v1/speak') return errorAnswer(404, 'NOT_FOUND', 'Not found');
  if (typeof body.text !== 'string' || body.text === '') return errorAnswer(400, 'Bad Request', 'Text is missing');
  if (body.text.length > CHARACTERS_MAX)
    return errorAnswer(413, 'Payload Too Large', 'Input text exceeds 2000 characters');
  return refuseQuery(query);
}

function refuseQuery(query: URLSearchParams): FakeAnswer | undefined {
  const model = query.get('model') ?? 'aura-asteria-en';
  if (!/^aura-(2-)?[a-z]+-[a-z]{2}$/.test(model)) return errorAnswer(400, 'INVALID_QUERY_PARAMETER', 'No such model');
  const isLinear = query.get('encoding') === 'linear16';
  if (!isLinear || !RATES_HZ.includes(query.get('sample_rate') ?? '24000')) {
    return errorAnswer(400, 'UNSUPPORTED_AUDIO_FORMAT', 'Unsupported audio format');
  }
  const speed = query.get('speed');
  const isSpeed = speed === null || (model.startsWith('aura-2-') && Number(speed) >= 0.7 && Number(speed) <= 1.5);
  return isSpeed ? undefined : errorAnswer(400, 'INVALID_QUERY_PARAMETER', 'speed is not supported');
}

export function errorAnswer(status: number, code: string, message: string): FakeAnswer {
  return jsonAnswer(status, { err_code: code, err_msg: message, request_id: '1a19fdbd' });
}

/** 1 kHz without a container. */
export function speechAnswer(rateHz: number, soundMs = 500): FakeAnswer {
  const samples = tone({ hz: 1_000, rateHz, ms: soundMs, dbfs: -6 });
  const headers = { 'content-type': `audio/l16;rate=${rateHz};channels=1` };
  return { status: 200, headers, body: pcm16ToBytes(samples) };
}
