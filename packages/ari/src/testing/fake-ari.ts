import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from './answers.js';
import { Applications } from './applications.js';
import { type Channel, Exchange } from './exchange.js';
import type {
  FakeAri,
  FakeAriOptions,
  FakeChannel,
  FakeFailure,
  FakeIncoming,
  FakeRequest,
  PhoneBehaviour,
} from './fake-types.js';
import { HttpSide, type Verdict } from './http-side.js';
import { InjectedFailures } from './injected-failures.js';
import { type RouteContext, route } from './routes.js';

const REQUESTS_KEPT = 1000;
const UNAUTHORIZED = refusal(401, 'Authentication required');

export const FAKE_MODULES: Readonly<Record<string, 'Running' | 'Not Running'>> = {
  'app_audiosocket.so': 'Running',
  'chan_audiosocket.so': 'Running',
  'chan_pjsip.so': 'Running',
  'chan_websocket.so': 'Running',
  'res_ari.so': 'Running',
  'res_audiosocket.so': 'Running',
  'res_websocket_client.so': 'Running',
};

/**
 * An Asterisk's ARI on a free port of the loopback, as Asterisk 22 behaves: its refusals, its order of events, its subscriptions. Calls go
 * to scripted phones. What needs time waits for the clock; everything else happens at once.
 */
export async function createFakeAri(options: FakeAriOptions): Promise<FakeAri> {
  const fake = new Fake(options);
  await fake.start();
  return fake;
}

class Fake implements FakeAri {
  readonly requests: FakeRequest[] = [];
  readonly #applications: Applications;
  readonly #exchange: Exchange;
  readonly #phones = new Map<string, PhoneBehaviour>();
  readonly #failures = new InjectedFailures();
  readonly #context: RouteContext;
  readonly #authorization: Buffer;
  readonly #apiKey: string;
  readonly #http: HttpSide;
  #closed = false;

  constructor(options: FakeAriOptions) {
    this.#applications = new Applications(() => this.#exchange.eventTime());
    this.#exchange = new Exchange(options.clock, this.#applications);
    this.#apiKey = `${options.user}:${options.password}`;
    this.#authorization = Buffer.from(`Basic ${Buffer.from(this.#apiKey, 'utf8').toString('base64')}`);
    this.#context = {
      exchange: this.#exchange,
      applications: this.#applications,
      endpoints: new Set(options.endpoints ?? ['PJSIP/trunk']),
      webSocketSections: new Set(options.webSocketSections ?? ['rapida']),
      modules: options.modules ?? FAKE_MODULES,
      version: options.version ?? '22.10.1',
      phones: this.#phones,
    };
    this.#http = new HttpSide({
      request: (request, rawPath, headers) => this.#request(request, rawPath, headers),
      events: (request, headers) => this.#events(request, headers),
      opened: (sink, { app = '', subscribeAll }) => {
        for (const name of app.split(',')) {
          this.#applications.attach(name, sink, subscribeAll === 'true' ? 'all' : 'subscribed');
        }
      },
      closed: (sink) => this.#applications.detach(sink),
    });
  }

  get url(): string {
    return this.#http.url;
  }

  channels(): readonly FakeChannel[] {
    return [...this.#exchange.channels.values()].map(shownChannel);
  }

  bridges() {
    return [...this.#exchange.bridges.values()].map(({ id, name, channelIds }) => ({
      id,
      name,
      channels: [...channelIds],
    }));
  }

  phone(number: string, behaviour: PhoneBehaviour): void {
    this.#phones.set(number, behaviour);
  }

  hangupByCallee(channelId: string): boolean {
    return this.#with(channelId, (channel) => this.#exchange.hangup(channel, { cause: 16 }));
  }

  dtmf(channelId: string, digit: string): boolean {
    return this.#with(channelId, (channel) =>
      this.#exchange.publish('ChannelDtmfReceived', channel, { digit, duration_ms: 100 }),
    );
  }

  handToStasis(channelId: string, app: string, args: readonly string[]): boolean {
    return this.#with(channelId, (channel) => this.#exchange.enterStasis(channel, app, args));
  }

  setVariable(channelId: string, variable: string, value: string): boolean {
    return this.#with(channelId, (channel) => {
      channel.variables.set(variable, value);
      this.#exchange.publish('ChannelVarset', channel, { variable, value });
    });
  }

  endMedia(channelId: string): boolean {
    // Asterisk 22 often says 0 where AudioSocket() ended in the dialplan, although all is well.
    return this.#with(channelId, (channel) =>
      this.#exchange.hangup(channel, { cause: channel.place === 'dialplan' ? 0 : 16 }),
    );
  }

  incoming({ number, to, app, args, variables }: FakeIncoming): string {
    const serial = this.#exchange.nextSerial();
    const [endpoint = 'PJSIP/trunk'] = this.#context.endpoints;
    const channel = this.#exchange.add({
      id: `1700000000.${serial}`,
      name: `${endpoint}-${serial.toString(16).padStart(8, '0')}`,
      endpoint,
      state: 'Ring',
      caller: { name: '', number },
      dialplan: { context: 'from-trunk', exten: to, priority: 1 },
      variables: new Map(Object.entries(variables ?? {})),
    });
    this.#exchange.announce(channel);
    this.#exchange.enterStasis(channel, app, args);
    return channel.id;
  }

  dropEvents(): void {
    this.#http.dropEvents();
  }

  fail(matcher: Parameters<FakeAri['fail']>[0], failure: FakeFailure): void {
    this.#failures.add(matcher, failure);
  }

  onMedia(listener: Parameters<FakeAri['onMedia']>[0]): () => void {
    this.#exchange.mediaListeners.add(listener);
    return () => this.#exchange.mediaListeners.delete(listener);
  }

  onDialplan(listener: Parameters<FakeAri['onDialplan']>[0]): () => void {
    this.#exchange.dialplanListeners.add(listener);
    return () => this.#exchange.dialplanListeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#applications.clear();
    this.#exchange.clear();
    await this.#http.stop();
  }

  async start(): Promise<void> {
    if (!this.#closed) await this.#http.start();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  #with(channelId: string, act: (channel: Channel) => void): boolean {
    const channel = this.#exchange.channels.get(channelId);
    if (channel !== undefined) act(channel);
    return channel !== undefined;
  }

  #request(request: FakeRequest, rawPath: string, headers: IncomingMessage['headers']): Verdict {
    const failure = this.#arrived(request);
    if (failure !== undefined && failure !== 'answer_lost') return failure;
    const answer = this.#answer(request, rawPath, headers);
    return failure === 'answer_lost' ? { lost: answer } : answer;
  }

  #events(request: FakeRequest, headers: IncomingMessage['headers']): Verdict | 'welcome' {
    const failure = this.#arrived(request);
    if (failure !== undefined) return failure === 'answer_lost' ? 'reset' : failure;
    if (request.path !== '/events') return refusal(404, 'Resource not found');
    if (!this.#isAuthorized(request, headers)) return UNAUTHORIZED;
    return request.query.app ? 'welcome' : refusal(400, 'HTTP request is missing param: [app]');
  }

  #answer(request: FakeRequest, rawPath: string, headers: IncomingMessage['headers']): Answer {
    if (!this.#isAuthorized(request, headers)) return UNAUTHORIZED;
    const params = { ...textFields(request.body), ...request.query };
    return route(this.#context, request.method, rawPath, { params, body: request.body });
  }

  #arrived(request: FakeRequest): FakeFailure | undefined {
    const { api_key: _secret, ...query } = request.query;
    this.requests.push({ ...request, query });
    if (this.requests.length > REQUESTS_KEPT) this.requests.shift();
    return this.#failures.take(request);
  }

  #isAuthorized(request: FakeRequest, headers: IncomingMessage['headers']): boolean {
    const given = Buffer.from(headers.authorization ?? '');
    if (given.length === this.#authorization.length && timingSafeEqual(given, this.#authorization)) return true;
    return request.query.api_key === this.#apiKey;
  }
}

function textFields(body: unknown): Record<string, string> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'string'));
}

function shownChannel(channel: Channel): FakeChannel {
  const { id, name, state, place, app, bridgeId, media, variables } = channel;
  return {
    id,
    name,
    state,
    place,
    variables: Object.fromEntries(variables),
    ...(app === undefined ? {} : { app }),
    ...(bridgeId === undefined ? {} : { bridgeId }),
    ...(media === undefined ? {} : { media }),
  };
}
