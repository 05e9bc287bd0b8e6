import { pcm16ToBytes, tone } from '@rapida/audio';
import {
  type FakeAnswer,
  type FakeHttp,
  type FakeHttpRequest,
  jsonAnswer,
  startFakeHttp,
} from '../../wire/testing/fake-http.js';
import { FAKE_KEY } from '../../wire/testing/speaking.js';

/** ElevenLabs as its API reference describes it: `/v1/user`, and speech with timestamps of characters. */
export function startFakeElevenLabs(): Promise<FakeHttp> {
  return startFakeHttp({ refuse, answer });
}

export const SPEECH_PATH = /^\/v1\/text-to-speech\/([^/]+)\/stream\/with-timestamps$/;
const FORMATS = ['pcm_8000', 'pcm_16000', 'pcm_22050', 'pcm_24000', 'ulaw_8000'];

function refuse(request: FakeHttpRequest): FakeAnswer | undefined {
  if (request.headers['xi-api-key'] !== FAKE_KEY) {
    return detailAnswer(401, 'invalid_api_key', `Invalid API key: ${request.headers['xi-api-key']}`);
  }
  if (request.method === 'GET')
    return request.path === '/v1/user' ? undefined : jsonAnswer(404, { detail: 'Not Found' });
  const voice = SPEECH_PATH.exec(request.path)?.[1];
  if (request.method !== 'POST' || voice === undefined) return jsonAnswer(404, { detail: 'Not Found' });
  return refuseSpeech(request, voice);
}

function refuseSpeech({ query, body }: FakeHttpRequest, voice: string): FakeAnswer | undefined {
  if (!FORMATS.includes(query.get('output_format') ?? '')) return detailAnswer(422, 'invalid_output_format', 'Format');
  if (typeof body.text !== 'string' || body.text === '') return detailAnswer(400, 'invalid_text', 'Text is missing');
  const model = String(body.model_id);
  if (!/^eleven_[a-z0-9_]+$/.test(model))
    return detailAnswer(400, 'model_not_found', `A model ${model} does not exist`);
  if (voice === 'unknown') return detailAnswer(404, 'voice_not_found', 'A voice with the id unknown was not found.');
  if (body.language_code !== undefined && model === 'eleven_multilingual_v2') {
    return detailAnswer(400, 'unsupported_language', `Model ${model} does not support language_code`);
  }
  if (body.previous_text !== undefined && /v3/.test(model)) {
    return detailAnswer(400, 'unsupported_model', 'Providing previous_text is not supported with this model');
  }
  const { speed } = body.voice_settings as { speed: number };
  if (speed < 0.7 || speed > 1.2) return detailAnswer(400, 'invalid_voice_settings', 'speed must be in [0.7, 1.2]');
  return undefined;
}

function answer({ path, body }: FakeHttpRequest): FakeAnswer {
  return path === '/v1/user' ? jsonAnswer(200, { user_id: 'abc' }) : speechAnswer(String(body.text));
}

export function detailAnswer(status: number, detailStatus: string, message: string): FakeAnswer {
  return jsonAnswer(status, { detail: { status: detailStatus, message } });
}

/** 1 kHz, in lines of `lineBytes`, the text evenly over it. */
export function speechAnswer(text: string, lineBytes = 5_001, soundMs = 500): FakeAnswer {
  const bytes = Buffer.from(pcm16ToBytes(tone({ hz: 1_000, rateHz: 16_000, ms: soundMs, dbfs: -6 })));
  const lines = Math.ceil(bytes.length / lineBytes);
  const characters = [...text];
  const atSecond = (index: number) => (index * soundMs) / 1_000 / characters.length;
  const perLine = Math.ceil(characters.length / lines);
  const body = Array.from({ length: lines }, (_, line) => {
    const from = line * perLine;
    const own = characters.slice(from, from + perLine);
    return lineOf(bytes.subarray(line * lineBytes, (line + 1) * lineBytes), {
      characters: own,
      character_start_times_seconds: own.map((_, index) => atSecond(from + index)),
      character_end_times_seconds: own.map((_, index) => atSecond(from + index + 1)),
    });
  });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: body.join('') };
}

export function lineOf(audio: Uint8Array, alignment: object | null): string {
  const audioBase64 = Buffer.from(audio).toString('base64');
  return `${JSON.stringify({ audio_base64: audioBase64, alignment, normalized_alignment: alignment })}\n`;
}
