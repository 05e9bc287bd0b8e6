import {
  type FakeConnection,
  type FakeHandshake,
  type FakeHttpAnswer,
  type FakeSockets,
  startFakeSockets,
} from '../../wire/testing/fake-sockets.js';

/**
 * Deepgram's live streaming as its reference describes it: it checks key, address and order, hears {@link FakeDeepgram.text} in whatever
 * is sent between two `Finalize`s, and does what it is scripted to where a test wants trouble.
 */
export interface FakeDeepgram {
  readonly sockets: FakeSockets;
  readonly baseUrl: string;
  text: string;
  /** What a `Finalize` brings, sound before it or not; `answer` is silent where there was none, as the documentation allows. */
  onFinalize: 'answer' | 'nothing' | 'cut' | 'error' | 'close';
  /** Results come while there is sound. */
  hasInterims: boolean;
  /** Upgrades are answered with this. */
  refusal: FakeHttpAnswer | undefined;
  close(): Promise<void>;
}

export const FAKE_KEY = 'dg-fake-key-0123456789abcdef';

const INTERIM_MS = 200;
const KINDS = ['KeepAlive', 'Finalize', 'CloseStream'];

export async function startFakeDeepgram(): Promise<FakeDeepgram> {
  const script: Omit<FakeDeepgram, 'sockets' | 'baseUrl' | 'close'> = {
    text: 'Hello world.',
    onFinalize: 'answer',
    hasInterims: true,
    refusal: undefined,
  };
  const sockets = await startFakeSockets({
    refuse: (handshake) => refusalOf(handshake) ?? script.refusal,
    accept: (connection) => serve(connection, script),
    get: (handshake) => {
      if (handshake.path !== '/v1/auth/token') return { status: 404 };
      return authRefusal(handshake) ?? { status: 200, body: { api_key_id: 'x', scopes: ['usage:write'] } };
    },
  });
  return Object.assign(script, { sockets, baseUrl: `${sockets.origin}/v1`, close: () => sockets.close() });
}

function refusalOf(handshake: FakeHandshake): FakeHttpAnswer | undefined {
  const { path, query } = handshake;
  if (path !== '/v1/listen') return bad(404, 'NOT_FOUND', 'Not found.');
  const unauthorised = authRefusal(handshake);
  if (unauthorised !== undefined) return unauthorised;
  const isKnown = query.get('encoding') === 'mulaw' || query.get('encoding') === 'linear16';
  if (!isKnown || !/^\d+$/.test(query.get('sample_rate') ?? '')) {
    return bad(400, 'Bad Request', 'Bad Request: encoding and sample_rate are required for raw audio.');
  }
  if (!query.get('model')?.startsWith('nova-')) {
    return bad(400, 'Bad Request', 'Bad Request: No such model/language/tier combination found.');
  }
  if (query.has('keyterm') && !query.get('model')?.startsWith('nova-3')) {
    return bad(400, 'Bad Request', 'Bad Request: Keyterms are only supported for Nova-3.');
  }
  return undefined;
}

function authRefusal({ headers }: FakeHandshake): FakeHttpAnswer | undefined {
  if (headers.authorization === `Token ${FAKE_KEY}`) return undefined;
  // What a careless vendor would do.
  return bad(401, 'INVALID_AUTH', `Invalid credentials: ${headers.authorization ?? ''}`);
}

function bad(status: number, err_code: string, err_msg: string): FakeHttpAnswer {
  return { status, body: { err_code, err_msg, request_id: 'b8f6a6e2' }, headers: { 'dg-error': err_code } };
}

function serve(connection: FakeConnection, script: Omit<FakeDeepgram, 'sockets' | 'baseUrl' | 'close'>): void {
  const bytesPerMs = connection.query.get('encoding') === 'mulaw' ? 8 : 32;
  let untilMs = 0;
  let finalMs = 0;
  let interimMs = 0;
  const result = (fields: object, transcript: string) => {
    const [start, duration] = [finalMs / 1_000, (untilMs - finalMs) / 1_000];
    const channel = { alternatives: [{ transcript, confidence: 0.98, words: [] }] };
    const metadata = { request_id: 'b8f6a6e2', model_info: { name: 'nova-3', version: '1', arch: 'nova-3' } };
    connection.send({ type: 'Results', channel_index: [0, 1], start, duration, ...fields, channel, metadata });
  };
  connection.onSound((bytes) => {
    untilMs += bytes.length / bytesPerMs;
    if (!script.hasInterims || untilMs - Math.max(interimMs, finalMs) < INTERIM_MS) return;
    interimMs = untilMs;
    result({ is_final: false, speech_final: false }, script.text.slice(0, 5).toLowerCase());
  });
  const finalize = () => {
    switch (script.onFinalize) {
      case 'answer':
        if (untilMs === finalMs) return;
        result({ is_final: true, speech_final: true, from_finalize: true }, script.text);
        finalMs = untilMs;
        return;
      case 'cut':
        return connection.cut();
      case 'close':
        return connection.close(1011, 'NET-0001: no audio');
      case 'error':
        return connection.send({ type: 'Error', description: 'Internal error', message: 'x', variant: 'Internal' });
      case 'nothing':
    }
  };
  connection.onMessage(({ type }) => {
    if (type === 'Finalize') finalize();
    else if (type === 'CloseStream') {
      connection.send({ type: 'Metadata', duration: untilMs / 1_000, channels: 1 });
      connection.close(1000);
    } else if (!KINDS.includes(String(type))) connection.close(1008, 'DATA-0000: unknown message');
  });
}
