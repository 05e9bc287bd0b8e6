import type { IncomingMessage } from 'node:http';
import { encodeUlaw, pcm16ToBytes, tone } from '@rapida/audio';
import { settle } from '@rapida/core/testing';
import {
  type FakeConnection,
  type FakeJsonSocket,
  type Json,
  startFakeJsonSocket,
} from '../../wire/testing/fake-json-socket.js';

/**
 * OpenAI's Realtime server as its reference of client and server events describes it: it checks key, session and the order of
 * messages, keeps the conversation's items, makes one response at a time, and refuses what the vendor would refuse.
 */
export interface FakeRealtime extends FakeJsonSocket {
  readonly baseUrl: string;
  /** Ids of the items of the conversation, in their order. */
  readonly items: readonly string[];
  readonly errors: readonly string[];
}

export const FAKE_KEY = 'sk-fake-key-0123456789';

/** What becomes of the n-th request for a response. */
export interface FakeSpeech {
  readonly says?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  /** Ends as `failed` with this code. */
  readonly fails?: string;
  /** Nothing comes after its creation. */
  readonly stalls?: true;
  /** The connection breaks after the first sound. */
  readonly disconnects?: true;
}

export interface FakeRealtimePlan {
  readonly speech?: readonly FakeSpeech[];
  readonly heard?: string;
  /** Bytes of sound in a delta; an odd number cuts samples. */
  readonly deltaBytes?: number;
  /** Status with which the connection is refused. */
  readonly refusal?: number;
}

const MS_PER_CHAR = 20;
const COMMIT_MS_MIN = 100;

interface Item {
  readonly id: string;
  readonly type: string;
  readonly role?: string;
  readonly callId?: string;
  soundMs: number;
}

export async function startFakeRealtime(plan: FakeRealtimePlan = {}): Promise<FakeRealtime> {
  const script = [...(plan.speech ?? [])];
  const conversations: Conversation[] = [];
  const server = await startFakeJsonSocket({
    refuse: (request) => plan.refusal ?? refusalOf(request),
    connected: (connection) => {
      const conversation = new Conversation(connection, plan, () => script.shift() ?? { says: 'Good morning.' });
      conversations.push(conversation);
      return (message) => conversation.onMessage(message);
    },
  });
  return Object.create(server, {
    baseUrl: { value: `http://127.0.0.1:${server.port}/v1` },
    items: { get: () => conversations.flatMap(({ items }) => items.map(({ id }) => id)) },
    errors: { get: () => conversations.flatMap(({ errors }) => errors) },
  }) as FakeRealtime;
}

function refusalOf({ headers, url = '' }: IncomingMessage): number | undefined {
  if (headers.authorization !== `Bearer ${FAKE_KEY}`) return 401;
  const { pathname, searchParams } = new URL(url, 'http://fake');
  if (pathname !== '/v1/realtime' || !searchParams.get('model')) return 404;
  return undefined;
}

class Conversation {
  readonly items: Item[] = [];
  readonly errors: string[] = [];
  readonly #connection: FakeConnection;
  readonly #plan: FakeRealtimePlan;
  readonly #next: () => FakeSpeech;
  #session: { readonly isUlaw: boolean } | undefined;
  #inputMs = 0;
  #running: { readonly id: string; cancelled: boolean } | undefined;
  #count = 0;

  constructor(connection: FakeConnection, plan: FakeRealtimePlan, next: () => FakeSpeech) {
    this.#connection = connection;
    this.#plan = plan;
    this.#next = next;
    this.#send({ type: 'session.created', session: { type: 'realtime' } });
  }

  onMessage(message: Json): void {
    const { type, event_id: eventId } = message as { type: string; event_id?: string };
    const refuse = (code: string) => this.#refuse(code, eventId);
    if (type === 'session.update') return this.#configure(message, refuse);
    if (this.#session === undefined) return refuse('session_not_configured');
    switch (type) {
      case 'input_audio_buffer.append':
        this.#inputMs += Buffer.from(String(message.audio), 'base64').length / (this.#session.isUlaw ? 8 : 48);
        return;
      case 'input_audio_buffer.clear':
        this.#inputMs = 0;
        return this.#send({ type: 'input_audio_buffer.cleared' });
      case 'input_audio_buffer.commit':
        return this.#commit(refuse);
      case 'conversation.item.create':
        return this.#create(message.item as Json, refuse);
      case 'conversation.item.truncate':
        return this.#truncate(message, refuse);
      case 'conversation.item.delete':
        return this.#delete(String(message.item_id), refuse);
      case 'response.create':
        return this.#running === undefined ? void this.#respond() : refuse('conversation_already_has_active_response');
      case 'response.cancel':
        if (this.#running === undefined || message.response_id !== this.#running.id)
          return refuse('response_cancel_not_active');
        this.#running.cancelled = true;
        return;
      default:
        return refuse('invalid_value');
    }
  }

  #configure({ session }: Json, refuse: (code: string) => void): void {
    const { type, audio, instructions } = session as Json & { audio?: { input?: Json; output?: Json } };
    const { input = {}, output = {} } = audio ?? {};
    const [heard, spoken] = [input.format as Json | undefined, output.format as Json | undefined];
    const isKnown = (format: Json | undefined) =>
      format?.type === 'audio/pcmu' || (format?.type === 'audio/pcm' && format.rate === 24_000);
    if (type !== 'realtime' || typeof instructions !== 'string') return refuse('missing_required_parameter');
    if (!isKnown(heard) || heard?.type !== spoken?.type || typeof output.voice !== 'string')
      return refuse('invalid_value');
    if (input.turn_detection !== null || typeof (input.transcription as Json).model !== 'string')
      return refuse('invalid_value');
    if (output.voice === 'nobody') return refuse('invalid_value');
    this.#session = { isUlaw: heard?.type === 'audio/pcmu' };
    this.#send({ type: 'session.updated', session });
  }

  #commit(refuse: (code: string) => void): void {
    if (this.#inputMs < COMMIT_MS_MIN) return refuse('input_audio_buffer_commit_empty');
    this.#inputMs = 0;
    const item = this.#add({ type: 'message', role: 'user' });
    this.#send({ type: 'input_audio_buffer.committed', item_id: item.id });
    void this.#transcribe(item.id);
  }

  async #transcribe(id: string): Promise<void> {
    const { heard = 'hello there' } = this.#plan;
    const type = 'conversation.item.input_audio_transcription';
    for (const delta of heard.match(/\S+\s*/g) ?? []) {
      await settle();
      this.#send({ type: `${type}.delta`, item_id: id, content_index: 0, delta });
    }
    if (heard === '') this.#send({ type: `${type}.failed`, item_id: id, error: { message: 'no speech' } });
    else this.#send({ type: `${type}.completed`, item_id: id, content_index: 0, transcript: heard });
  }

  #create(item: Json, refuse: (code: string) => void): void {
    const { type, role, call_id: callId, content } = item as Json & { content?: readonly Json[] };
    if (type === 'function_call_output') {
      if (!this.items.some((one) => one.callId === callId)) return refuse('invalid_tool_call_id');
      this.#add({ type: String(type) });
      return;
    }
    const wanted = role === 'assistant' ? 'output_text' : 'input_text';
    if (type !== 'message' || content?.[0]?.type !== wanted || content[0].text === '') return refuse('invalid_value');
    this.#add({ type: 'message', role: String(role) });
  }

  #truncate(message: Json, refuse: (code: string) => void): void {
    const item = this.items.find(({ id }) => id === message.item_id);
    if (item === undefined || item.role !== 'assistant') return refuse('item_truncate_invalid_item_id');
    if (Number(message.audio_end_ms) > item.soundMs || message.content_index !== 0) return refuse('invalid_value');
    item.soundMs = Number(message.audio_end_ms);
    this.#send({ type: 'conversation.item.truncated', item_id: item.id, audio_end_ms: item.soundMs });
  }

  #delete(itemId: string, refuse: (code: string) => void): void {
    const at = this.items.findIndex(({ id }) => id === itemId);
    if (at < 0) return refuse('item_delete_invalid_item_id');
    this.items.splice(at, 1);
    this.#send({ type: 'conversation.item.deleted', item_id: itemId });
  }

  async #respond(): Promise<void> {
    const speech = this.#next();
    const response = { id: this.#id('resp'), cancelled: false };
    this.#running = response;
    await settle();
    this.#send({ type: 'response.created', response: { id: response.id, status: 'in_progress' } });
    this.#send({ type: 'rate_limits.updated', rate_limits: [] });
    this.#send({ type: 'response.something_new', response_id: response.id });
    if (speech.stalls) return;
    if (speech.says) await this.#speak(response, speech.says, speech.disconnects === true);
    for (const call of speech.calls ?? []) if (!response.cancelled) this.#call(response.id, call);
    this.#running = undefined;
    const status = response.cancelled ? 'cancelled' : speech.fails === undefined ? 'completed' : 'failed';
    const error = { type: speech.fails, code: null, message: `It does not work with ${FAKE_KEY}` };
    this.#send({
      type: 'response.done',
      response: {
        ...{ id: response.id, status, usage: { input_tokens: 11, output_tokens: 7 } },
        status_details: status === 'failed' ? { type: 'failed', error } : null,
      },
    });
  }

  async #speak(
    response: { readonly id: string; readonly cancelled: boolean },
    says: string,
    breaks: boolean,
  ): Promise<void> {
    const item = this.#add({ type: 'message', role: 'assistant' });
    const isUlaw = this.#session?.isUlaw === true;
    const sound = tone({ hz: 400, rateHz: isUlaw ? 8_000 : 24_000, ms: says.length * MS_PER_CHAR, dbfs: -12 });
    const bytes = Buffer.from(isUlaw ? encodeUlaw(sound) : pcm16ToBytes(sound));
    const { deltaBytes = 2_400 } = this.#plan;
    const at = { response_id: response.id, item_id: item.id, output_index: 0, content_index: 0 };
    const words = says.match(/\S+\s*/g) ?? [];
    for (let from = 0; from < bytes.length && !response.cancelled; from += deltaBytes) {
      const word = words.shift();
      if (word !== undefined) this.#send({ type: 'response.output_audio_transcript.delta', ...at, delta: word });
      const part = bytes.subarray(from, from + deltaBytes);
      item.soundMs += part.length / (isUlaw ? 8 : 48);
      this.#send({ type: 'response.output_audio.delta', ...at, delta: part.toString('base64') });
      if (breaks) return this.#connection.cut();
      await settle();
    }
    if (response.cancelled) return;
    for (const word of words) this.#send({ type: 'response.output_audio_transcript.delta', ...at, delta: word });
    this.#send({ type: 'response.output_audio.done', ...at });
    this.#send({ type: 'response.output_item.done', ...at, item: { id: item.id, type: 'message' } });
  }

  #call(responseId: string, { name, arguments: args }: { readonly name: string; readonly arguments: string }): void {
    const callId = this.#id('call');
    const { id } = this.#add({ type: 'function_call', callId });
    const item = { id, type: 'function_call', call_id: callId, name, arguments: args };
    this.#send({
      type: 'response.function_call_arguments.done',
      response_id: responseId,
      call_id: callId,
      arguments: args,
    });
    this.#send({ type: 'response.output_item.done', response_id: responseId, output_index: 1, item });
  }

  #add(item: Omit<Item, 'id' | 'soundMs'>): Item {
    const added = { ...item, id: this.#id('item'), soundMs: 0 };
    this.items.push(added);
    this.#send({ type: 'conversation.item.added', item: { id: added.id, type: item.type } });
    return added;
  }

  #refuse(code: string, eventId: string | undefined): void {
    this.errors.push(code);
    const error = { type: 'invalid_request_error', code, message: `Refused: ${code}`, event_id: eventId ?? null };
    this.#send({ type: 'error', error });
  }

  #id(kind: string): string {
    return `${kind}_${++this.#count}`;
  }

  #send(event: Json): void {
    this.#connection.send({ event_id: this.#id('event'), ...event });
  }
}
