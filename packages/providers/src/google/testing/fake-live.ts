import type { IncomingMessage } from 'node:http';
import { pcm16ToBytes, tone } from '@rapida/audio';
import { settle } from '@rapida/core/testing';
import {
  type FakeConnection,
  type FakeJsonSocket,
  type Json,
  startFakeJsonSocket,
} from '../../wire/testing/fake-json-socket.js';

/**
 * The server of the Gemini Live API as its reference describes it: it checks key, setup and the order of messages, lets a beginning
 * activity and a complete text interrupt what it says (`interrupted`, then `turnComplete`), waits for the results of its calls,
 * keeps sessions that can be resumed, and closes with 1007 where it is given what it does not know.
 */
export interface FakeLive extends FakeJsonSocket {
  readonly baseUrl: string;
  /** Why connections were closed. */
  readonly refusals: readonly string[];
  /** Announces the end of the connection that is open. */
  leave(): void;
}

export const FAKE_KEY = 'AIza-fake-key-0123456789';

export interface FakeLiveSpeech {
  readonly says?: string;
  readonly calls?: readonly { readonly name: string; readonly args: Json }[];
  readonly stalls?: true;
  /** The connection breaks after the first sound. */
  readonly disconnects?: true;
  /** Ends without a word: the model takes it for a noise. */
  readonly ignores?: true;
}

export interface FakeLivePlan {
  readonly speech?: readonly FakeLiveSpeech[];
  readonly heard?: string;
  readonly chunkBytes?: number;
  readonly refusal?: number;
  /** Sessions cannot be resumed. */
  readonly forgets?: true;
  /** Closes the first connection with this code instead of completing the setup. */
  readonly closes?: number;
}

const MS_PER_CHAR = 20;
const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

export async function startFakeLive(plan: FakeLivePlan = {}): Promise<FakeLive> {
  const script = [...(plan.speech ?? [])];
  const refusals: string[] = [];
  const handles = new Set<string>();
  const sessions: Session[] = [];
  const server = await startFakeJsonSocket({
    binary: true,
    refuse: (request) => plan.refusal ?? refusalOf(request),
    connected: (connection) => {
      const refuse = (why: string) => {
        refusals.push(why);
        connection.close(1007);
      };
      const next = () => script.shift() ?? { says: 'Good morning.' };
      const session = new Session({ connection, plan, handles, refuse, next });
      sessions.push(session);
      return (message) => session.onMessage(message);
    },
  });
  return Object.create(server, {
    baseUrl: { value: `http://127.0.0.1:${server.port}` },
    refusals: { value: refusals },
    leave: { value: () => server.connections.at(-1)?.send({ goAway: { timeLeft: '9.5s' } }) },
  }) as FakeLive;
}

function refusalOf({ headers, url = '' }: IncomingMessage): number | undefined {
  if (url !== PATH) return 404;
  return headers['x-goog-api-key'] === FAKE_KEY ? undefined : 403;
}

interface SessionParts {
  readonly connection: FakeConnection;
  readonly plan: FakeLivePlan;
  readonly handles: Set<string>;
  readonly refuse: (why: string) => void;
  readonly next: () => FakeLiveSpeech;
}

interface Speaking {
  stopped: boolean;
  /** Calls without a result. */
  readonly calls: Set<string>;
}

class Session {
  readonly #parts: SessionParts;
  #isSetUp = false;
  #isActive = false;
  #speaking: Speaking | undefined;
  #count = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  onMessage(message: Json): void {
    const keys = Object.keys(message);
    if (keys.length !== 1) return this.#parts.refuse('a message has one field');
    if (message.setup !== undefined) return this.#setUp(message.setup as Json);
    if (!this.#isSetUp) return this.#parts.refuse('the first message is the setup');
    if (message.realtimeInput !== undefined) return this.#onInput(message.realtimeInput as Json);
    if (message.clientContent !== undefined) return this.#onContent(message.clientContent as Json);
    if (message.toolResponse !== undefined) return this.#onResults(message.toolResponse as Json);
    this.#parts.refuse(`unknown field ${keys[0]}`);
  }

  #setUp(setup: Json): void {
    const { connection, plan, handles, refuse } = this.#parts;
    if (this.#isSetUp) return refuse('it is set up');
    const { model, generationConfig, realtimeInputConfig, sessionResumption, tools } = setup as {
      [name: string]: Json;
    };
    if (!String(model).startsWith('models/')) return refuse('no model');
    const [modality] = (generationConfig?.responseModalities ?? []) as readonly string[];
    if (modality !== 'AUDIO') return refuse('speaks only');
    const detection = realtimeInputConfig?.automaticActivityDetection as Json | undefined;
    if (detection?.disabled !== true) return refuse('detects activity');
    for (const tool of ((tools as unknown as Json[] | undefined)?.[0]?.functionDeclarations ?? []) as Json[]) {
      if (tool.behavior !== 'BLOCKING' || tool.parametersJsonSchema === undefined)
        return refuse('a function that does not block');
    }
    const handle = sessionResumption?.handle;
    if (handle !== undefined && !handles.has(String(handle))) return refuse('unknown handle');
    if (plan.closes !== undefined) return connection.close(plan.closes);
    this.#isSetUp = true;
    connection.send({ setupComplete: {} });
    this.#offerHandle();
  }

  #offerHandle(): void {
    const { connection, plan, handles } = this.#parts;
    if (plan.forgets) return connection.send({ sessionResumptionUpdate: { resumable: false } });
    const newHandle = `handle-${handles.size + 1}`;
    handles.add(newHandle);
    connection.send({ sessionResumptionUpdate: { newHandle, resumable: true } });
  }

  #onInput(input: Json): void {
    const { refuse, connection, plan } = this.#parts;
    if (input.activityStart !== undefined) {
      if (this.#isActive) return refuse('activity is running');
      this.#isActive = true;
      return this.#interrupt();
    }
    if (!this.#isActive) return refuse('input outside of an activity');
    if (input.activityEnd !== undefined) {
      this.#isActive = false;
      for (const word of (plan.heard ?? 'hello there').match(/\S+\s*/g) ?? []) {
        connection.send({ serverContent: { inputTranscription: { text: word } } });
      }
      return void this.#answer();
    }
    const audio = input.audio as Json | undefined;
    if (audio !== undefined && audio.mimeType !== 'audio/pcm;rate=16000') return refuse('not a rate it knows');
    if (audio === undefined && typeof input.text !== 'string') return refuse('unknown input');
  }

  #onContent({ turns, turnComplete }: Json): void {
    for (const turn of turns as Json[]) {
      const [part] = turn.parts as Json[];
      if (!['user', 'model'].includes(String(turn.role)) || !part?.text) return this.#parts.refuse('not a turn');
    }
    if (turnComplete !== true) return;
    this.#interrupt();
    void this.#answer();
  }

  #onResults({ functionResponses }: Json): void {
    const speaking = this.#speaking;
    for (const { id, name, response } of functionResponses as Json[]) {
      if (!name || typeof response !== 'object') return this.#parts.refuse('not a result');
      if (speaking?.calls.delete(String(id)) !== true) return this.#parts.refuse('a result that nobody waits for');
    }
    if (speaking !== undefined && speaking.calls.size === 0) void this.#speak(speaking);
  }

  #interrupt(): void {
    const { connection } = this.#parts;
    const speaking = this.#speaking;
    if (speaking === undefined) return;
    speaking.stopped = true;
    this.#speaking = undefined;
    if (speaking.calls.size > 0) connection.send({ toolCallCancellation: { ids: [...speaking.calls] } });
    connection.send({ serverContent: { interrupted: true } });
    connection.send({ serverContent: { turnComplete: true } });
  }

  async #answer(): Promise<void> {
    const speaking: Speaking = { stopped: false, calls: new Set() };
    this.#speaking = speaking;
    await settle();
    await this.#speak(speaking);
  }

  async #speak(speaking: Speaking): Promise<void> {
    const { connection, plan } = this.#parts;
    if (speaking.stopped) return;
    const { says = '', calls = [], stalls, disconnects, ignores } = this.#parts.next();
    if (stalls) return;
    if (!ignores) {
      const sound = tone({ hz: 400, rateHz: 24_000, ms: says.length * MS_PER_CHAR, dbfs: -12 });
      const bytes = Buffer.from(pcm16ToBytes(sound));
      const { chunkBytes = 2_400 } = plan;
      const words = says.match(/\S+\s*/g) ?? [];
      for (let from = 0; from < bytes.length; from += chunkBytes) {
        const word = words.shift();
        if (word !== undefined) connection.send({ serverContent: { outputTranscription: { text: word } } });
        const data = bytes.subarray(from, from + chunkBytes).toString('base64');
        const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
        connection.send({ serverContent: { modelTurn: { role: 'model', parts } }, somethingNew: {} });
        if (disconnects) return connection.cut();
        await settle();
        if (speaking.stopped) return;
      }
      for (const word of words) connection.send({ serverContent: { outputTranscription: { text: word } } });
    }
    if (calls.length > 0) return this.#call(speaking, calls);
    this.#speaking = undefined;
    connection.send({ serverContent: { generationComplete: true } });
    connection.send({
      serverContent: { turnComplete: true },
      usageMetadata: { promptTokenCount: 11, responseTokenCount: 7, totalTokenCount: 18 },
    });
    this.#offerHandle();
  }

  #call(speaking: Speaking, calls: NonNullable<FakeLiveSpeech['calls']>): void {
    const functionCalls = calls.map((call) => ({ id: `call-${++this.#count}`, ...call }));
    for (const { id } of functionCalls) speaking.calls.add(id);
    this.#parts.connection.send({ toolCall: { functionCalls } });
  }
}
