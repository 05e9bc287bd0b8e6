import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import {
  type RecognitionConfig,
  Speech,
  type StreamingRecognizeRequest,
  type StreamingRecognizeResponse,
  StreamingRecognizeResponseSchema,
} from '../../../proto/gen/google/cloud/speech/v2/cloud_speech_pb.js';
import type { FakeAccount } from './fake-account.js';

/** Google's Speech-to-Text v2 as its reference describes it, on a port of this machine, over HTTP/2 without TLS. */
export interface FakeSpeech {
  readonly port: number;
  readonly url: string;
  /** In order of arrival. */
  readonly streams: readonly FakeStream[];
  /** Connections made so far. */
  readonly connections: number;
  /** The next streams go this way, later ones sensibly again. */
  script(...scripts: FakeStreamScript[]): void;
  /** All streams from now on go this way. */
  always(script: FakeStreamScript): void;
  /** Resolves when `count` streams have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Cuts every connection, as a front end that restarts. Resolves when they are gone. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export interface FakeStream {
  readonly config: RecognitionConfig | undefined;
  readonly recognizer: string;
  readonly sound: () => Buffer;
  /** Resolves when the client has sent its last sound. */
  readonly ended: Promise<void>;
  /** Resolves with how it ended: answered to its end, or cut by the client or the network. */
  readonly over: Promise<'whole' | 'cut'>;
}

export interface FakeStreamScript {
  /** Interim results after the first sound: each entry is one response, its texts the portions that may still change. */
  readonly interim?: readonly (readonly string[])[];
  /** A final while sound still comes: after the interim results. */
  readonly early?: string;
  /** Finals after the end of the sound. */
  readonly finals?: readonly string[];
  /** Finals wait for this. */
  readonly after?: Promise<unknown>;
  /** In place of anything: before it the request is read as far as the first sound. */
  readonly error?: { readonly code: Code; readonly message: string };
  readonly ending?: 'stall' | 'disconnect' | 'error-after-finals';
  /** Ends with OK after the early final, although sound still comes. */
  readonly endsEarly?: boolean;
}

const SENSIBLE: FakeStreamScript = { interim: [['hello'], ['hello', ' world']], finals: ['Hello world.'] };

export async function startFakeSpeech(account: FakeAccount, nowMs: () => number): Promise<FakeSpeech> {
  const streams: FakeStream[] = [];
  const scripts: FakeStreamScript[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const waiters = new Set<() => void>();
  let standing = SENSIBLE;
  let connections = 0;

  async function* recognize(requests: AsyncIterable<StreamingRecognizeRequest>, context: HandlerContext) {
    const refusal = account.refuse(context.requestHeader.get('authorization'), 'speech.googleapis.com', nowMs());
    if (refusal !== undefined) throw new ConnectError(refusal, Code.Unauthenticated);
    const iterator = requests[Symbol.asyncIterator]();
    const opening = opened(await iterator.next(), context);
    const heard = new Heard(opening, iterator, context.signal);
    streams.push(heard);
    const script = scripts.shift() ?? standing;
    for (const waiter of waiters) waiter();
    try {
      yield* answers(script, heard, disconnect);
      heard.answered();
    } finally {
      heard.close();
    }
  }
  const disconnect = () => {
    for (const session of sessions) session.destroy();
  };

  const server = createServer(
    connectNodeAdapter({ routes: (router) => router.service(Speech, { streamingRecognize: recognize }) }),
  );
  server.on('session', (session) => {
    connections++;
    sessions.add(session.on('error', () => {}).on('close', () => sessions.delete(session)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, url: `http://127.0.0.1:${port}`, streams },
    get connections() {
      return connections;
    },
    script: (...more) => void scripts.push(...more),
    always: (script) => {
      standing = script;
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (streams.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    cut: async () => {
      const gone = [...sessions].map((session) => new Promise<void>((resolve) => session.on('close', () => resolve())));
      disconnect();
      await Promise.all(gone);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        disconnect();
      }),
  };
}

/** What the reference calls required of the first message. */
function opened(first: IteratorResult<StreamingRecognizeRequest>, context: HandlerContext) {
  const request = first.done ? undefined : first.value;
  const { recognizer = '' } = request ?? {};
  if (!/^projects\/[^/]+\/locations\/[^/]+\/recognizers\/[^/]+$/.test(recognizer)) throw invalid('Invalid recognizer.');
  const routed = context.requestHeader.get('x-goog-request-params');
  if (routed !== `recognizer=${encodeURIComponent(recognizer)}`) throw invalid('Invalid resource routing.');
  if (request?.streamingRequest.case !== 'streamingConfig') throw invalid('Malordered Data Received. Expected config.');
  const { config } = request.streamingRequest.value;
  const decoding = config?.decodingConfig;
  if (decoding?.case !== 'explicitDecodingConfig') throw invalid('Invalid decoding config.');
  const { encoding, sampleRateHertz, audioChannelCount } = decoding.value;
  if (encoding === 0 || sampleRateHertz < 8_000 || sampleRateHertz > 48_000 || audioChannelCount !== 1) {
    throw invalid('Audio encoding, sample rate and channel count are required.');
  }
  if (config?.languageCodes.length === 0) throw invalid('Must supply at least one language code.');
  if (config?.model === '' || config?.model === 'unknown-model') {
    throw invalid(`The model "${config.model}" does not exist in the location named "global".`);
  }
  return { config, recognizer };
}

function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}

/** The sound of one stream as it arrives, refused where Google would refuse it. */
class Heard implements FakeStream {
  readonly config: RecognitionConfig | undefined;
  readonly recognizer: string;
  readonly ended: Promise<void>;
  readonly over: Promise<'whole' | 'cut'>;
  readonly signal: AbortSignal;
  readonly #iterator: AsyncIterator<StreamingRecognizeRequest>;
  readonly #pieces: Uint8Array[] = [];
  #ending = () => {};
  #settle: (how: 'whole' | 'cut') => void = () => {};
  #isOver = false;

  constructor(
    { config, recognizer }: { config: RecognitionConfig | undefined; recognizer: string },
    iterator: AsyncIterator<StreamingRecognizeRequest>,
    signal: AbortSignal,
  ) {
    this.config = config;
    this.recognizer = recognizer;
    this.signal = signal;
    this.#iterator = iterator;
    this.ended = new Promise((resolve) => {
      this.#ending = resolve;
    });
    this.over = new Promise((resolve) => {
      this.#settle = resolve;
    });
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  sound = (): Buffer => Buffer.concat(this.#pieces);

  /** False at the end of the sound. */
  async more(): Promise<boolean> {
    const next = await this.#iterator.next();
    if (next.done) {
      this.#ending();
      return false;
    }
    const { streamingRequest } = next.value;
    if (streamingRequest.case !== 'audio') throw invalid('Malordered Data Received. Expected audio.');
    if (streamingRequest.value.length > 15_360) throw invalid('Audio chunk can be of a maximum of 15360 bytes.');
    this.#pieces.push(streamingRequest.value);
    return true;
  }

  /** Said everything; whether it was sent is known when the stream is closed. */
  answered(): void {
    this.#isOver = true;
    this.#settle('whole');
  }

  close(): void {
    if (!this.#isOver) this.#settle('cut');
    this.#isOver = true;
  }
}

async function* answers(
  script: FakeStreamScript,
  heard: Heard,
  disconnect: () => void,
): AsyncGenerator<StreamingRecognizeResponse> {
  const { interim = [], finals = [], early, error, ending } = script;
  const hasSound = await heard.more();
  if (error !== undefined && ending !== 'error-after-finals') throw new ConnectError(error.message, error.code);
  if (hasSound) {
    yield somethingElse();
    for (const texts of interim) yield response(texts.map((transcript) => ({ transcript, isFinal: false })));
    if (early !== undefined) yield response([{ transcript: early, isFinal: true }]);
    if (script.endsEarly === true) return;
    while (await heard.more());
    await script.after;
    for (const transcript of finals) yield response([{ transcript, isFinal: true }]);
  }
  if (error !== undefined) throw new ConnectError(error.message, error.code);
  if (ending === 'disconnect') disconnect();
  if (ending !== undefined && !heard.signal.aborted) {
    await new Promise((resolve) => heard.signal.addEventListener('abort', resolve, { once: true }));
  }
}

function response(results: readonly { transcript: string; isFinal: boolean }[]): StreamingRecognizeResponse {
  return create(StreamingRecognizeResponseSchema, {
    results: results.map(({ transcript, isFinal }) => ({ isFinal, alternatives: [{ transcript }] })),
  });
}

/** `speech_event_type: SPEECH_ACTIVITY_BEGIN`, a field that the client does not know. */
function somethingElse(): StreamingRecognizeResponse {
  return Object.assign(create(StreamingRecognizeResponseSchema), {
    $unknown: [{ no: 3, wireType: 0, data: Uint8Array.of(2) }],
  });
}
