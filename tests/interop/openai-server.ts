import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeWav, pcm16ToBytes, RESAMPLER_RATES_HZ, Resampler } from '@rapida/audio';
import type { Voice } from './voice.js';

const PHONE_RATE_HZ = 8_000;
const SPEECH_RATE_HZ = 24_000;
const BODY_BYTES_MAX = 8 * 1_024 * 1_024;

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content?: string | null;
}

/** What the model says to a conversation, or the tools it wants to have called. */
export interface ChatAnswer {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly args: object }[];
}

export interface OpenAiServerOptions {
  readonly voice: Voice;
  /** What callers say: the recogniser hears nothing else. */
  readonly phrases: readonly string[];
  /** The model. */
  readonly chat: (messages: readonly ChatMessage[]) => ChatAnswer;
}

/**
 * A server with OpenAI's API that really hears and really speaks, on a port of this machine: transcriptions, streamed chat completions with
 * tools, and speech. Its ear and its voice are those of the suite.
 */
export class OpenAiServer {
  readonly baseUrl: string;
  /** Each request's messages, in order. */
  readonly conversations: (readonly ChatMessage[])[] = [];
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.baseUrl = `http://127.0.0.1:${port}/v1`;
    this.#close = close;
  }

  static async start(options: OpenAiServerOptions): Promise<OpenAiServer> {
    const server = createServer((request, response) => {
      serve(options, open, request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: String(error) } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const open = new OpenAiServer((server.address() as AddressInfo).port, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return open;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

async function serve(
  { voice, phrases, chat }: OpenAiServerOptions,
  server: OpenAiServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  switch (`${request.method} ${request.url}`) {
    case 'POST /v1/audio/transcriptions':
      return sendJson(response, { text: await transcribe(voice, phrases, body, request) });
    case 'POST /v1/audio/speech': {
      const { input } = JSON.parse(body.toString('utf8')) as { input: string };
      response.writeHead(200, { 'content-type': 'audio/pcm' });
      response.end(pcm16ToBytes(resampled(await voice.say(input, 'slt'), PHONE_RATE_HZ, SPEECH_RATE_HZ)));
      return;
    }
    case 'POST /v1/chat/completions': {
      const { messages } = JSON.parse(body.toString('utf8')) as { messages: ChatMessage[] };
      server.conversations.push(messages);
      return sendChat(response, chat(messages));
    }
    default:
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Invalid URL (${request.method} ${request.url})` } }));
  }
}

async function transcribe(
  voice: Voice,
  phrases: readonly string[],
  body: Buffer,
  request: IncomingMessage,
): Promise<string> {
  const type = request.headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = form.get('file');
  if (!(file instanceof Blob)) throw new Error('no file');
  const { rateHz, channels } = decodeWav(new Uint8Array(await file.arrayBuffer()), { bytesMax: BODY_BYTES_MAX });
  const [mono] = channels;
  if (mono === undefined || !RESAMPLER_RATES_HZ.includes(rateHz)) throw new Error('no sound');
  return voice.recognise(resampled(mono, rateHz, PHONE_RATE_HZ), phrases);
}

function resampled(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  return new Resampler({ fromHz, toHz }).process(samples);
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** Word by word, as a model streams. */
function sendChat(response: ServerResponse, { text = '', calls = [] }: ChatAnswer): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const words = text.match(/\S+\s*/g) ?? [];
  const deltas: object[] = [
    { role: 'assistant', content: '' },
    ...words.map((content) => ({ content })),
    ...calls.map(({ name, args }, index) => ({
      tool_calls: [
        { index, id: `call_${index}_${name}`, type: 'function', function: { name, arguments: JSON.stringify(args) } },
      ],
    })),
  ];
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'interop' };
  const send = (choice: object): void =>
    void response.write(`data: ${JSON.stringify({ ...head, choices: [choice] })}\n\n`);
  for (const delta of deltas) send({ index: 0, delta, finish_reason: null });
  send({ index: 0, delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' });
  response.end('data: [DONE]\n\n');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new Error('too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
