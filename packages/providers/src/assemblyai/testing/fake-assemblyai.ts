import {
  type FakeConnection,
  type FakeHandshake,
  type FakeHttpAnswer,
  type FakeSockets,
  startFakeSockets,
} from '../../wire/testing/fake-sockets.js';

/**
 * AssemblyAI's Universal Streaming as its documentation describes it: it checks key, address, length of the sound and kinds of messages,
 * hears {@link FakeAssemblyAi.text} in what is sent between two `ForceEndpoint`s, and does what it is scripted to.
 */
export interface FakeAssemblyAi extends FakeScript {
  readonly sockets: FakeSockets;
  readonly baseUrl: string;
  close(): Promise<void>;
}

export interface FakeScript {
  text: string;
  /** What a `ForceEndpoint` brings; `answer` is silent where there was no sound. `formatted` repeats the turn, as `format_turns` would. */
  onForceEndpoint: 'answer' | 'formatted' | 'nothing' | 'cut' | 'expired';
  hasPartials: boolean;
  /** The session begins by itself. */
  begins: boolean;
  /** Upgrades are answered with this. */
  refusal: FakeHttpAnswer | undefined;
  /** The session ends with this `Error` instead of beginning. */
  error: { readonly code: number; readonly text: string } | undefined;
}

export const FAKE_KEY = 'aai-fake-key-0123456789abcdef';

export async function startFakeAssemblyAi(): Promise<FakeAssemblyAi> {
  const script: FakeScript = {
    ...{ text: 'Hello world', onForceEndpoint: 'answer', hasPartials: true, begins: true },
    ...{ refusal: undefined, error: undefined },
  };
  const sockets = await startFakeSockets({
    refuse: ({ path }) => (path === '/v3/ws' ? script.refusal : { status: 404 }),
    accept: (connection) => new FakeSession(connection, script).begin(),
    get: ({ path, query, headers }) => {
      if (path !== '/v3/token') return { status: 404 };
      if (headers.authorization !== FAKE_KEY)
        return { status: 401, body: { error: `Bad key ${headers.authorization}` } };
      const seconds = Number(query.get('expires_in_seconds'));
      return seconds >= 1 && seconds <= 600 ? { status: 200, body: { token: 'temporary' } } : { status: 422 };
    },
  });
  return Object.assign(script, { sockets, baseUrl: `${sockets.origin}/v3`, close: () => sockets.close() });
}

class FakeSession {
  readonly #connection: FakeConnection;
  readonly #script: FakeScript;
  readonly #bytesPerMs: number;
  #untilMs = 0;
  #turnMs = 0;
  #turn = 0;

  constructor(connection: FakeConnection, script: FakeScript) {
    this.#connection = connection;
    this.#script = script;
    this.#bytesPerMs = connection.query.get('encoding') === 'pcm_mulaw' ? 8 : 32;
  }

  begin(): void {
    const refusal = wrongWith(this.#connection) ?? this.#script.error;
    if (refusal !== undefined) return this.#end(refusal.code, refusal.text);
    this.#connection.onSound((bytes) => this.#sound(bytes));
    this.#connection.onMessage((message) => this.#message(message));
    const model = this.#connection.query.get('speech_model');
    if (!this.#script.begins) return;
    this.#connection.send({ type: 'Begin', id: 'f00d', expires_at: 1_790_010_800, configuration: { model } });
  }

  #sound(bytes: Buffer): void {
    const ms = bytes.length / this.#bytesPerMs;
    if (ms < 50 || ms > 1_000) {
      return this.#end(3007, `Input duration violation: ${ms} ms. Expected between 50 and 1000 ms`);
    }
    const isFirst = this.#untilMs === this.#turnMs;
    this.#untilMs += ms;
    if (isFirst && this.#script.hasPartials) this.#say({ end_of_turn: false, transcript: '' }, 1);
  }

  #message({ type, keyterms_prompt }: Readonly<Record<string, unknown>>): void {
    if (type === 'ForceEndpoint') return this.#forceEndpoint();
    if (type === 'Terminate') {
      this.#connection.send({ type: 'Termination', audio_duration_seconds: this.#untilMs / 1_000 });
      return this.#connection.close(1000);
    }
    const isKnown = type === 'KeepAlive' || (type === 'UpdateConfiguration' && Array.isArray(keyterms_prompt));
    if (!isKnown) this.#end(3006, `Invalid Message Type: ${String(type)}`);
  }

  #forceEndpoint(): void {
    const { text, onForceEndpoint } = this.#script;
    if (onForceEndpoint === 'nothing') return;
    if (onForceEndpoint === 'cut') return this.#connection.cut();
    if (onForceEndpoint === 'expired') return this.#end(3008, 'Session Expired: Maximum session duration exceeded');
    if (this.#untilMs === this.#turnMs) return;
    const words = text === '' ? 0 : text.split(' ').length;
    this.#say({ end_of_turn: true, transcript: text }, words);
    if (onForceEndpoint === 'formatted') {
      this.#say({ end_of_turn: true, turn_is_formatted: true, transcript: `${text}.` }, words);
    }
    this.#turn++;
    this.#turnMs = this.#untilMs;
  }

  #say(fields: object, count: number): void {
    const texts = this.#script.text.split(' ').slice(0, count);
    const [start, end] = [this.#turnMs, this.#untilMs - 10];
    const words = texts.map((text) => ({ text, start, end, confidence: 0.9, word_is_final: false }));
    const turn = { turn_order: this.#turn, turn_is_formatted: false, end_of_turn_confidence: 0.5, words };
    this.#connection.send({ type: 'Turn', ...turn, ...fields });
  }

  #end(error_code: number, error: string): void {
    this.#connection.send({ type: 'Error', error_code, error });
    this.#connection.close(error_code, 'See Error message for details');
  }
}

/** It accepts every upgrade, and ends the session where something is wrong with it. */
function wrongWith({ headers, query }: FakeHandshake): FakeScript['error'] {
  if (headers.authorization !== FAKE_KEY) {
    return { code: 1008, text: `Unauthorized Connection: Missing Authorization header (${headers.authorization})` };
  }
  if (!query.has('speech_model')) return { code: 3006, text: 'speech_model is required' };
  const terms: unknown = JSON.parse(query.get('keyterms_prompt') ?? '[]');
  const isFine = Array.isArray(terms) && terms.length <= 100 && terms.every((term) => String(term).length <= 50);
  return isFine ? undefined : { code: 3006, text: 'keyterms_prompt: at most 100 of 50 characters' };
}
