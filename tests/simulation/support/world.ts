import { randomBytes } from 'node:crypto';
import { type CallsRuntime, createCredentialReader, createUseCases, createVault } from '@rapida/calls';
import { createConversation } from '@rapida/conversation';
import {
  type AssistantConfig,
  type AssistantConfigInput,
  assistantConfigSchema,
  type CallStore,
  createIdSource,
  createScope,
  type EntityId,
  type Logger,
  type MediaTransport,
  phoneDeploymentSchema,
  RapidaError,
  type Scope,
  Secret,
  silentLogger,
  silentTelemetry,
  sleep,
} from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createPlayout, createTicker } from '@rapida/media';
import {
  createMemoryCallPace,
  createMemoryCallPlaces,
  createMemoryContextStore,
  createMemoryLiveFeed,
  createMemoryNodeCommands,
  createMemoryNodeRegistry,
  createSqlProjectStore,
  createSqlStores,
  type Database,
  openEmbedded,
  type SqlStores,
} from '@rapida/stores';
import { Phone, type Script } from './caller.js';
import { type EnginePlan, type Engines, makeEngines } from './engines.js';
import { Hearing } from './hearing.js';
import { Ledger, type Leg } from './ledger.js';
import { type LineOptions, openLine, type Pacing } from './line.js';

const PROJECT: EntityId = '1';

export interface CallPlan {
  readonly pacing: Pacing;
  readonly assistantId: EntityId;
  readonly script: Script;
  readonly engines?: EnginePlan;
  /** Between the first and the last call of a batch, so that they are not all in step. */
  readonly startAfterMs?: number;
  /** `frames`: what is heard is kept. */
  readonly keeps?: 'frames' | 'counts';
}

/** One call that has ended, from the caller's side and from the playout's. The record is in the store. */
export interface PlayedCall {
  readonly callId: EntityId;
  readonly plan: CallPlan;
  readonly hearing: Hearing;
  readonly phone: Phone;
  readonly ledger: Ledger;
  readonly engines: Engines;
  readonly connectedMs: number;
  readonly endedMs: number;
}

export interface World {
  readonly clock: VirtualClock;
  readonly calls: CallStore;
  readonly useCases: CallsRuntime['useCases'];
  /** What was logged as an error, and what scopes, ticks and unbalanced records complained of. */
  readonly complaints: string[];
  addAssistant(config: Partial<AssistantConfigInput>): Promise<EntityId>;
  /** Plays calls side by side to their ends; fails when that takes longer than `limitMs`. */
  play(plans: readonly CallPlan[], limitMs?: number): Promise<PlayedCall[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Instead of rows in the database. */
  readonly calls?: CallStore;
  /** How many claimed contexts are remembered to explain a second claim. */
  readonly contextsRemembered?: number;
}

/**
 * Everything between Asterisk's media and the database, real, under one virtual clock: register, claim, transports, playout,
 * conversation, record. Played are the telephones and the engines.
 */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
  await createSqlProjectStore(database).ensureDefault({ id: PROJECT, name: 'default', createdAtMs: 0 });
  const world = new SimulatedWorld(database, options);
  await world.start();
  return world;
}

class SimulatedWorld implements World {
  readonly clock = new VirtualClock();
  readonly calls: CallStore;
  readonly complaints: string[] = [];
  readonly useCases: CallsRuntime['useCases'];
  readonly #database: Database;
  readonly #runtime: CallsRuntime;
  readonly #scope: Scope;
  readonly #assistants: SqlStores['assistants'];
  /** Of calls that were registered and not yet prepared, by the name of their assistant; first come, first served. */
  readonly #engines = new Map<string, Engines[]>();
  readonly #ledgers = new Map<MediaTransport, Ledger>();
  readonly #configs = new Map<EntityId, AssistantConfig>();
  #assistantsMade = 0;

  constructor(database: Database, options: WorldOptions) {
    const { clock, complaints } = this;
    const complain = (error: unknown): void => void complaints.push(String(error));
    this.#database = database;
    this.#scope = createScope('process', { clock, onError: complain });
    const feed = createMemoryLiveFeed();
    const stores = createSqlStores(database, createIdSource(clock), { feed, clock });
    this.#assistants = stores.assistants;
    this.calls = options.calls ?? stores.calls;
    const ticker = createTicker(clock, { telemetry: silentTelemetry, onError: complain });
    const { contextsRemembered } = options;
    const { credentials } = stores;
    const vault = createVault([new Secret(randomBytes(32).toString('base64'))]);
    this.#runtime = createUseCases({
      clock,
      logger: complainingLogger(complaints),
      telemetry: silentTelemetry,
      scope: this.#scope,
      liveFeed: feed,
      nodeCommands: createMemoryNodeCommands(),
      nodes: createMemoryNodeRegistry('simulated', clock),
      places: createMemoryCallPlaces(clock),
      pace: createMemoryCallPace(clock),
      nodeFacts: { host: 'simulated', version: '0', loopDelayMs: () => 0, lateFrames: () => 0 },
      stores: {
        ...stores,
        calls: this.calls,
        contexts: createMemoryContextStore({ clock, ...(contextsRemembered && { rememberedMax: contextsRemembered }) }),
      },
      providers: {
        forAssistant: async (config) => this.#enginesFor(config).providers,
        validate: async () => [],
        close: async () => {},
      },
      createConversation,
      createPlayout: (leg) => this.#watchedPlayout(leg, (listener) => createPlayout({ ...leg, listener, ...parts })),
      createRecorder: () => ({ caller() {}, assistant() {}, close: async () => {} }),
      recordingsDir: '/nowhere',
      nodeId: 'simulated',
      contextTtlMs: 300_000,
      callsMax: 0,
      vault,
      credentialReader: createCredentialReader({ credentials, vault, clock, logger: silentLogger }),
      toolHosts: undefined,
      webhooksAllowPrivate: false,
      outbound: { callsMax: 1, queueMax: 1, audiosocketAddress: () => '127.0.0.1:4573' },
    });
    const parts = { ticker, clock, telemetry: silentTelemetry };
    this.useCases = this.#runtime.useCases;
  }

  async start(): Promise<void> {
    await this.#runtime.prepare();
  }

  async addAssistant(config: Partial<AssistantConfigInput>): Promise<EntityId> {
    const id = String(1_000 + this.#assistantsMade++);
    const parsed = assistantConfigSchema.parse({ ...config, name: id });
    this.#configs.set(id, parsed);
    await this.#assistants.create({
      id,
      projectId: PROJECT,
      version: 1,
      config: parsed,
      deployment: phoneDeploymentSchema.parse({}),
      createdAtMs: 0,
      updatedAtMs: 0,
    });
    return id;
  }

  async play(plans: readonly CallPlan[], limitMs = 120_000): Promise<PlayedCall[]> {
    const played: PlayedCall[] = [];
    let failure: unknown;
    for (const plan of plans) {
      this.#play(plan).then(
        (call) => played.push(call),
        (error: unknown) => {
          failure ??= error;
        },
      );
    }
    const untilMs = this.clock.nowMs() + limitMs;
    while (played.length < plans.length && failure === undefined) {
      if (this.clock.nowMs() > untilMs) throw new Error(`${plans.length - played.length} calls have not ended`);
      await this.clock.advance(100);
    }
    if (failure !== undefined) throw failure;
    return played;
  }

  async close(): Promise<void> {
    await this.#scope.close('done');
    await this.#database.close();
  }

  async #play(plan: CallPlan): Promise<PlayedCall> {
    const { clock } = this;
    await sleep(clock, plan.startAfterMs ?? 0);
    const config = this.#configs.get(plan.assistantId);
    if (config === undefined) throw new Error(`there is no assistant ${plan.assistantId}`);
    const engines = await makeEngines(clock, plan.engines ?? {}, config);
    this.#enqueue(plan.assistantId, engines);
    const { contextId, callId } = await this.useCases.registerInbound({
      projectId: PROJECT,
      assistantId: plan.assistantId,
      from: '+15551230000',
      to: '100',
      channelId: null,
      metadata: {},
    });
    // Asterisk connects a moment after the webhook has answered.
    await sleep(clock, 40);
    const connectedMs = clock.nowMs();
    const ledger = new Ledger();
    const hearing = new Hearing(clock, plan.keeps);
    let phone: Phone | undefined;
    await new Promise<void>((resolve, reject) => {
      const onTransport: LineOptions['onTransport'] = (transport) =>
        this.#hold(contextId, transport, ledger).then(resolve, reject);
      const line = openLine(plan.pacing, { clock, contextId, onHeard: hearing.onHeard, onTransport });
      phone = new Phone(clock, line, hearing, plan.script);
    });
    if (phone === undefined) throw new Error('no phone');
    phone.stop();
    return { callId, plan, hearing, phone, ledger, engines, connectedMs, endedMs: clock.nowMs() };
  }

  async #hold(contextId: string, transport: MediaTransport | { missing: string }, ledger: Ledger): Promise<void> {
    const { media } = this.useCases;
    const isMissing = 'missing' in transport;
    const claim = await media.claim(contextId, isMissing ? 'websocket' : transport.kind, '192.0.2.1');
    if (!claim.ok) throw new RapidaError(claim.code);
    if (isMissing) return media.abandon(claim.context, 'media_start_missing', transport.missing);
    this.#ledgers.set(transport, ledger);
    await media.attach(claim.context, transport);
    this.#ledgers.delete(transport);
  }

  #enqueue(name: string, engines: Engines): void {
    const waiting = this.#engines.get(name) ?? [];
    waiting.push(engines);
    this.#engines.set(name, waiting);
  }

  #enginesFor({ name }: AssistantConfig): Engines {
    const waiting = this.#engines.get(name);
    const engines = waiting?.shift();
    if (waiting?.length === 0) this.#engines.delete(name);
    if (engines === undefined) throw new Error(`no call waits for the engines of ${name}`);
    return engines;
  }

  #watchedPlayout(leg: Leg, make: (listener: Leg['listener']) => Parameters<Ledger['watching']>[0]) {
    const ledger = this.#ledgers.get(leg.transport);
    if (ledger === undefined) throw new Error('a playout for a leg nobody knows');
    return ledger.watching(make(ledger.listening(leg.listener)));
  }
}

function complainingLogger(complaints: string[]): Logger {
  const logger: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (fields, message) => void complaints.push(`${message} ${JSON.stringify(fields)}`),
    child: () => logger,
  };
  return logger;
}
