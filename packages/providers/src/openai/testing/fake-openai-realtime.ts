import {
  type FakeConnection,
  type FakeHandshake,
  type FakeHttpAnswer,
  type FakeMessage,
  type FakeSockets,
  startFakeSockets,
} from '../../wire/testing/fake-sockets.js';

/**
 * Transcription sessions of OpenAI's Realtime API as its guide and reference describe them: it checks key, address, session and order,
 * hears {@link FakeRealtime.text} in every commit, and does what it is scripted to.
 */
export interface FakeRealtime extends FakeScript {
  readonly sockets: FakeSockets;
  readonly baseUrl: string;
  close(): Promise<void>;
}

export interface FakeScript {
  text: string;
  /** `swapped` keeps the first text back until the second has come; `streaming` tells deltas before the commit. */
  onCommit: 'answer' | 'nothing' | 'swapped' | 'failed' | 'expired' | 'empty' | 'cut';
  isStreaming: boolean;
  /** A session update is answered. */
  updates: boolean;
  /** Upgrades are answered with this. */
  refusal: FakeHttpAnswer | undefined;
}

export const FAKE_KEY = 'sk-fake-key-0123456789';

const MODELS = [
  'whisper-1',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-live-transcribe',
  'gpt-realtime-whisper',
];
const COMMIT_MS_MIN = 100;

export async function startFakeRealtime(): Promise<FakeRealtime> {
  const script: FakeScript = {
    ...{ text: 'Hello world.', onCommit: 'answer', isStreaming: false, updates: true },
    refusal: undefined,
  };
  const sockets = await startFakeSockets({
    refuse: (handshake) => refusalOf(handshake) ?? script.refusal,
    accept: (connection) => new FakeSession(connection, script).begin(),
    get: (handshake) => {
      if (handshake.path !== '/v1/models') return { status: 404 };
      return authRefusal(handshake) ?? { status: 200, body: { object: 'list', data: [] } };
    },
  });
  return Object.assign(script, { sockets, baseUrl: `${sockets.origin}/v1`, close: () => sockets.close() });
}

function refusalOf(handshake: FakeHandshake): FakeHttpAnswer | undefined {
  const { path, query } = handshake;
  if (path !== '/v1/realtime') return { status: 404 };
  // A model in the address makes it a conversation.
  if (query.get('intent') !== 'transcription' || query.has('model')) return { status: 400 };
  return authRefusal(handshake);
}

function authRefusal({ headers }: FakeHandshake): FakeHttpAnswer | undefined {
  if (headers.authorization === `Bearer ${FAKE_KEY}`) return undefined;
  const message = `Incorrect API key provided: ${headers.authorization?.replace('Bearer ', '')}.`;
  return { status: 401, body: { error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } } };
}

class FakeSession {
  readonly #connection: FakeConnection;
  readonly #script: FakeScript;
  #bytesPerMs = 48;
  #bufferedMs = 0;
  #items = 0;
  #keptBack: (() => void) | undefined;

  constructor(connection: FakeConnection, script: FakeScript) {
    this.#connection = connection;
    this.#script = script;
  }

  begin(): void {
    this.#connection.onMessage((message) => this.#message(message));
    this.#send('session.created', { session: { type: 'transcription', id: 'sess_1', object: 'realtime.session' } });
  }

  #message(message: FakeMessage): void {
    switch (message.type) {
      case 'session.update':
        return this.#update(message);
      case 'input_audio_buffer.append':
        return this.#append(message.audio);
      case 'input_audio_buffer.clear':
        this.#bufferedMs = 0;
        return this.#send('input_audio_buffer.cleared', {});
      case 'input_audio_buffer.commit':
        return this.#commit(message.event_id);
      default:
        this.#error('invalid_value', `Invalid value: '${String(message.type)}'`, message.event_id);
    }
  }

  #update({ session }: FakeMessage): void {
    const { type, audio } = session as FakeMessage;
    const input = (audio as { input: FakeMessage }).input;
    const format = input.format as FakeMessage;
    const { model, prompt, keywords } = input.transcription as FakeMessage;
    if (type !== 'transcription') return this.#error('invalid_value', 'session.type');
    if (!MODELS.includes(String(model))) return this.#error('invalid_value', `Model "${model}" is not supported`);
    const takesKeywords = model === 'gpt-live-transcribe';
    if (keywords !== undefined && !takesKeywords) return this.#error('unknown_parameter', 'keywords');
    if (prompt !== undefined && model === 'gpt-realtime-whisper') return this.#error('invalid_value', 'prompt');
    if (input.turn_detection !== null) return this.#error('invalid_value', 'turn_detection');
    if (format.type === 'audio/pcm' && format.rate !== 24_000) return this.#error('invalid_value', 'format.rate');
    this.#bytesPerMs = format.type === 'audio/pcmu' ? 8 : 48;
    if (this.#script.updates) this.#send('session.updated', { session });
  }

  #append(audio: unknown): void {
    const wasEmpty = this.#bufferedMs === 0;
    this.#bufferedMs += Buffer.from(String(audio), 'base64').length / this.#bytesPerMs;
    if (wasEmpty && this.#script.isStreaming) this.#delta(`item_${this.#items + 1}`, 'Hel');
  }

  #commit(eventId: unknown): void {
    const { onCommit } = this.#script;
    if (this.#bufferedMs < COMMIT_MS_MIN || onCommit === 'empty') {
      const text = `buffer too small. Expected at least 100ms of audio, but buffer only has ${this.#bufferedMs}ms of audio.`;
      this.#bufferedMs = 0;
      return this.#error('input_audio_buffer_commit_empty', `Error committing input audio buffer: ${text}`, eventId);
    }
    this.#bufferedMs = 0;
    if (onCommit === 'cut') return this.#connection.cut();
    if (onCommit === 'expired') return this.#error('session_expired', 'Your session hit the maximum duration.');
    const item = `item_${++this.#items}`;
    this.#send('input_audio_buffer.committed', {
      item_id: item,
      previous_item_id: this.#items > 1 ? `item_${this.#items - 1}` : null,
    });
    this.#send('conversation.item.added', { item: { id: item, type: 'message', role: 'user' } });
    if (onCommit === 'nothing') return;
    if (onCommit === 'failed') {
      const error = { type: 'tokens', code: 'rate_limit_exceeded', message: `Rate limit of ${FAKE_KEY} reached` };
      return this.#send('conversation.item.input_audio_transcription.failed', {
        item_id: item,
        content_index: 0,
        error,
      });
    }
    const text = onCommit === 'swapped' ? `${this.#script.text} ${this.#items}` : this.#script.text;
    const complete = () => this.#complete(item, text);
    if (onCommit === 'swapped' && this.#keptBack === undefined) {
      this.#keptBack = complete;
      return;
    }
    complete();
    this.#keptBack?.();
    this.#keptBack = undefined;
  }

  #complete(item: string, transcript: string): void {
    this.#delta(item, this.#script.isStreaming ? 'lo' : transcript.slice(0, 5));
    const usage = { type: 'duration', seconds: 1 };
    const fields = { item_id: item, content_index: 0, transcript, usage };
    this.#send('conversation.item.input_audio_transcription.completed', fields);
  }

  #delta(item: string, delta: string): void {
    this.#send('conversation.item.input_audio_transcription.delta', { item_id: item, content_index: 0, delta });
  }

  #error(code: string, message: string, event_id: unknown = null): void {
    this.#send('error', { error: { type: 'invalid_request_error', code, message, param: null, event_id } });
  }

  #send(type: string, fields: object): void {
    this.#connection.send({ type, event_id: 'event_1', ...fields });
  }
}
