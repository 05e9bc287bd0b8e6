import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import {
  type AssistantRecord,
  type CallEvent,
  type CallRecord,
  type EntityId,
  type PhoneDeployment,
  phoneDeploymentSchema,
} from '@rapida/core';
import type { PhoneCallOrder, PlacedCall } from '../use-cases.js';
import { ASSISTANT, type Harness, type HarnessOptions, openHarness, PROJECT } from './harness.js';
import { type Loopback, openLoopback } from './loopback.js';
import { MediaSide, type Talk } from './media-side.js';
import { orderOf } from './order-of.js';

/** Trips over the loopback that a condition may take: about a second. */
const TRIPS_MAX = 10_000;
/** As far as things go by themselves: a request takes one trip or two. */
const REST_TRIPS = 120;
/** While time passes: long enough for answers to be there before their requests run out of time. */
const STEP_MS = 250;
/** Over long times, in which less happens. */
const LONG_STEP_MS = 1_000;
const LONG_MS = 10_000;
const STEP_TRIPS = 15;

const USER = 'rapida';
const PASSWORD = 'correct horse';

export const MODES = ['dialplan', 'stasis'] as const;
export type Mode = (typeof MODES)[number];

export interface Deployment {
  readonly [field: string]: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface UnderTestOptions extends HarnessOptions {
  readonly mode?: Mode;
  readonly deployment?: Deployment;
  readonly password?: string;
  readonly callsPerSecond?: number;
  readonly endpoints?: readonly string[];
  /** Of Asterisk. */
  readonly version?: string;
  /** Media comes before anything is told of the answer; otherwise when that is on record, as with a real telephone. */
  readonly mediaFirst?: true;
  /** Default: the fake's own. */
  readonly url?: (fake: FakeAri) => string;
}

/** The whole package, a credential and a deployment for a fake Asterisk, and that Asterisk. */
export class AsteriskUnderTest {
  readonly harness: Harness;
  readonly fake: FakeAri;
  readonly mode: Mode;
  credentialId: EntityId = '';
  readonly #options: UnderTestOptions;
  readonly #loopback: Loopback;
  readonly #media: MediaSide;

  constructor(harness: Harness, fake: FakeAri, loopback: Loopback, options: UnderTestOptions) {
    this.#loopback = loopback;
    this.harness = harness;
    this.fake = fake;
    this.mode = options.mode ?? 'dialplan';
    this.#options = options;
    this.#media = new MediaSide(harness, fake, this.mode, options.mediaFirst ? 'at_once' : 'when_answered');
  }

  async prepare(): Promise<void> {
    const { deployment = {} } = this.#options;
    this.credentialId = await this.credential('PBX');
    await this.deploy(deployment);
  }

  /** From now on Asterisk's media does not reach us. */
  withoutMedia(): void {
    this.#media.comes = false;
  }

  async credential(name: string, value: Readonly<Record<string, unknown>> = {}): Promise<EntityId> {
    const { callsPerSecond = 100 } = this.#options;
    const input = { name, provider: 'asterisk' as const, value: this.access(value), callsPerSecond };
    return (await this.harness.useCases.credentials.create(PROJECT, input)).id;
  }

  access(value: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const { password = PASSWORD, url = ({ url }) => url } = this.#options;
    return { ari_url: url(this.fake), ari_user: USER, ari_password: password, trunk: 'trunk', ...value };
  }

  deployment({ options, ...rest }: Deployment = {}): PhoneDeployment {
    const into = this.mode === 'dialplan' ? { context: 'bot' } : {};
    return phoneDeploymentSchema.parse({
      credentialId: this.credentialId,
      options: { ...into, phone: '+15550001111', ...options },
      ...rest,
    });
  }

  async deploy(deployment: Deployment, assistantId = ASSISTANT): Promise<void> {
    const { stores, clock } = this.harness;
    await stores.assistants.saveDeployment(PROJECT, assistantId, this.deployment(deployment), clock.wallMs());
  }

  /** One more assistant, reached as the first one is. */
  async assistant(id: EntityId, deployment: Deployment = {}): Promise<void> {
    const { harness } = this;
    const { config } = harness.assistant;
    const record: AssistantRecord = {
      ...harness.assistant,
      ...{ id, config: { ...config, name: `Assistant ${id}` }, deployment: this.deployment(deployment) },
    };
    await harness.stores.assistants.create(record);
  }

  async place(toNumber = '+15557654321', order: Partial<PhoneCallOrder> = {}, key?: string): Promise<PlacedCall> {
    const [placed] = await this.harness.useCases.outbound.place(PROJECT, [orderOf(toNumber, order)], key);
    if (placed === undefined) throw new Error('nothing was placed');
    return placed;
  }

  call({ id }: { readonly id: EntityId }): Promise<CallRecord> {
    return this.harness.useCases.calls.get(PROJECT, id);
  }

  events({ id }: { readonly id: EntityId }): Promise<readonly CallEvent[]> {
    return this.harness.stores.calls.events(id);
  }

  async eventTypes(call: { readonly id: EntityId }): Promise<string[]> {
    return (await this.events(call)).map(({ type }) => type);
  }

  /** Waits for the state and for the event that is written after it. */
  async reaches(call: { readonly id: EntityId }, state: CallRecord['state']): Promise<CallRecord> {
    const last = LAST_EVENTS[state];
    await this.until(async () => {
      if ((await this.call(call)).state !== state) return false;
      return last === undefined || (await this.eventTypes(call)).some((type) => last.includes(type));
    }, `the call is ${state}`);
    return this.call(call);
  }

  /** The session that holds a call. */
  async talk({ contextId }: { readonly contextId: string }): Promise<Talk> {
    const find = (): Talk | undefined => this.#media.talks.find((talk) => talk.contextId === contextId);
    await this.until(() => find() !== undefined, 'media has come');
    return find() as Talk;
  }

  /** Requests of that method whose path below `/ari` begins so. */
  requests(method: string, path: string) {
    return this.fake.requests.filter((request) => request.method === method && request.path.startsWith(path));
  }

  /** What Asterisk was asked to dial. */
  originates() {
    return this.requests('POST', '/channels').filter(({ path }) => path === '/channels');
  }

  /** The numbers that were dialled through PJSIP, in their order. */
  dialled(): string[] {
    return this.originates().map(({ query }) => /^PJSIP\/([^@]+)@/.exec(query.endpoint ?? '')?.[1] ?? '');
  }

  /** Lets everything go on, without any time passing, until it is so. */
  async until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let trip = 0; trip < TRIPS_MAX; trip++) {
      if (await done()) return;
      await this.#turn();
    }
    throw new Error(`it did not come to pass that ${what}`);
  }

  /** Lets everything go on as far as it goes without time passing. */
  async rest(trips = REST_TRIPS): Promise<void> {
    for (let trip = 0; trip < trips; trip++) await this.#turn();
  }

  /** Lets time pass, with room for sockets in between. */
  async pass(ms: number): Promise<void> {
    await this.rest();
    const stepMs = ms < LONG_MS ? STEP_MS : LONG_STEP_MS;
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
      await this.harness.clock.advance(Math.min(stepMs, leftMs));
      await this.rest(STEP_TRIPS);
    }
    await this.rest();
  }

  /** Until it has ended: what takes time gets it. */
  async ended<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = (): void => {
      over = true;
    };
    work.then(done, done);
    await this.rest();
    for (let step = 0; !over && step < 200; step++) await this.pass(STEP_MS);
    if (!over) throw new Error('it did not end');
    return work;
  }

  /** Ends everything. What it returns should be nothing: timers that are left, and what went wrong on the way. */
  async close(): Promise<{ readonly timers: number; readonly errors: readonly unknown[] }> {
    const { harness, fake } = this;
    await this.ended(harness.scope.close('test_over'));
    await fake.close();
    await this.rest();
    await this.#loopback.close();
    return { timers: harness.clock.pendingTimers, errors: harness.scopeErrors };
  }

  async #turn(): Promise<void> {
    await this.#loopback.trip();
    this.#media.follow();
  }
}

const LAST_EVENTS: Readonly<Partial<Record<CallRecord['state'], readonly string[]>>> = {
  ringing: ['call.ringing'],
  answered: ['call.answered'],
  connected: ['call.connected'],
  completed: ['call.ended'],
  failed: ['call.failed'],
  busy: ['call.failed'],
  no_answer: ['call.failed'],
  rejected: ['call.failed'],
  cancelled: ['call.failed'],
};

/** Not started yet: nothing is dialled, and no connection is made. */
export async function openAsterisk(options: UnderTestOptions = {}): Promise<AsteriskUnderTest> {
  const harness = await openHarness(options);
  const { endpoints } = options;
  const fake = await createFakeAri({
    ...(options.version !== undefined && { version: options.version }),
    ...{ clock: harness.clock, user: USER, password: PASSWORD },
    ...(endpoints !== undefined && { endpoints }),
  });
  const asterisk = new AsteriskUnderTest(harness, fake, await openLoopback(), options);
  await asterisk.prepare();
  return asterisk;
}

/** Started: calls that wait are dialled. */
export async function startAsterisk(options: UnderTestOptions = {}): Promise<AsteriskUnderTest> {
  const asterisk = await openAsterisk(options);
  await asterisk.harness.start();
  return asterisk;
}
