import { randomUUID } from 'node:crypto';
import { type Api, createApi, createGrpcServer, type GrpcServer } from '@rapida/api';
import type { AudioSocketServer } from '@rapida/audiosocket';
import type { FirstStart, KeyUseCases, SignInUseCases } from '@rapida/calls';
import { createScope, type Logger, type ProviderSource, type Scope, systemClock } from '@rapida/core';
import { createBrowserTransport, createTicker, openWebSocketTransport } from '@rapida/media';
import { createAudioSocketDoor } from './audiosocket-door.js';
import { openCallParts } from './call-parts.js';
import type { Config, Ports } from './config.js';
import { installedDashboard, readDashboard } from './dashboard-files.js';
import { type DataFolder, openDataFolder, sharedDataFolder, writeSecretFile } from './data-folder.js';
import type { DialplanValues } from './dialplan.js';
import { createDialplanWriter, type ServerAddresses } from './dialplan-writer.js';
import { listening } from './listening.js';
import { createMetrics, type Metrics } from './telemetry.js';
import { readTls } from './tls-files.js';
import { rememberWorkers } from './workers/former-nodes.js';
import type { WorkerSeat } from './workers/seat.js';
import { tellingCalls } from './workers/telling-calls.js';

type FirstStartMade = NonNullable<FirstStart['made']>;

export interface RunningServer {
  readonly httpPort: number;
  readonly audiosocketPort: number;
  readonly grpcPort: number;
  /** On the first start of an empty folder: what to put into Asterisk. */
  readonly firstStart: DialplanValues | undefined;
  /** Where the password of the dashboard can be set, until it was or a day is over; undefined where another start told it. */
  readonly setUpLink: string | undefined;
  /** Of this process. */
  readonly metrics: Metrics;
  /** Takes no new calls, waits for the running ones up to the limit, then stops. */
  drain(): Promise<void>;
  /** Stops now: running calls are ended and recorded. Idempotent. */
  close(): Promise<void>;
}

export interface ReplacedParts {
  /** Engines of one's own instead of the ones this server brings: for embedding, and for tests that must know every word. */
  readonly providers?: ProviderSource;
  /** It is one of several workers, and shares what it can with them. */
  readonly seat?: WorkerSeat;
  /** The folder with what was built of the dashboard, instead of the one that is installed. */
  readonly dashboardDir?: string;
}

/** The parts list. Everything is made here, given what it needs, and stopped in the opposite order. */
export async function startServer(
  config: Config,
  logger: Logger,
  replaced: ReplacedParts = {},
): Promise<RunningServer> {
  const clock = systemClock;
  const { seat } = replaced;
  const folder = seat === undefined ? openDataFolder(config.dataDir) : sharedDataFolder(config.dataDir);
  const scope = createScope('server', {
    clock,
    onError: (error) => logger.error({ err: error }, 'stopping went wrong'),
  });
  scope.onClose(() => folder.release());
  try {
    return await startParts(config, logger, folder, scope, replaced);
  } catch (error) {
    await scope.close('start_failed');
    throw error;
  }
}

async function startParts(
  config: Config,
  logger: Logger,
  folder: DataFolder,
  scope: Scope,
  { providers, seat, dashboardDir }: ReplacedParts,
): Promise<RunningServer> {
  const clock = systemClock;
  const metrics = createMetrics();
  const telemetry = seat === undefined ? metrics.telemetry : tellingCalls(metrics.telemetry, seat);
  scope.onClose(() => metrics.close());
  // Known when it listens.
  let audiosocketPort = 0;
  const parts = { config, logger, telemetry, folder, scope, providers, seat };
  const calls = await openCallParts({
    ...parts,
    audiosocketPort: () => audiosocketPort,
    loopDelayMs: metrics.loopDelayMs,
    lateFrames: metrics.lateFrames,
  });
  const { useCases } = calls;
  let addresses: ServerAddresses = { publicHost: 'localhost', scheme: 'http', audiosocketPort };
  const door = createAudioSocketDoor({ clock, logger, telemetry, media: useCases.media });
  scope.onClose(() => door.close({ connections: 'destroy' }));
  const tls = readTls(config);
  // Of callers that type; their assistants are paced as all others are.
  const typing = createTicker(clock, { telemetry, onError: (err) => logger.error({ err }, 'a typed caller failed') });
  const api = createApi({
    ...{ useCases, clock, logger, telemetry, tls },
    ...{ pathPrefix: config.http.pathPrefix, trustedProxies: config.http.trustedProxies },
    dialplan: createDialplanWriter(() => addresses),
    dashboard: await readDashboard(dashboardDir ?? installedDashboard(), logger),
    requestId: randomUUID,
    metricsText: seat?.metricsText ?? metrics.text,
    openMedia: (connection) => openWebSocketTransport(connection, { clock }),
    openBrowserMedia: (link, speak) =>
      createBrowserTransport(link, { clock, ...(speak && { typing: { speak, ticker: typing } }) }),
  });
  scope.onClose(() => api.close());
  const grpc = createGrpcServer({ useCases, clock, logger, telemetry, tls });
  scope.onClose(() => grpc.close());

  const { made } = await calls.prepare();
  if (seat === undefined) rememberWorkers(folder, 1);
  // Written at once: a key whose file is missing cannot be had again.
  const asteriskKey = made && (await writeKeys(folder, made, useCases.keys));
  const ports = await openDoors({ audiosocket: door, http: api, grpc }, config, seat);
  audiosocketPort = ports.audiosocket;
  const publicHost = config.publicHost ?? `localhost:${ports.http}`;
  const scheme = tls === undefined ? 'http' : 'https';
  addresses = { publicHost, scheme, audiosocketPort };
  const address = `${scheme}://${publicHost}${config.http.pathPrefix}`;
  const setUpLink = await offerSetUp(folder, useCases.signIn, address);
  // Last of all: who is called must be able to reach us.
  await calls.start();

  return {
    httpPort: ports.http,
    audiosocketPort,
    grpcPort: ports.grpc,
    metrics,
    firstStart: made && {
      ...{ publicHost, scheme, audiosocketPort },
      assistantId: made.assistant.id,
      apiKey: asteriskKey ?? '',
    },
    setUpLink,
    async drain() {
      await calls.drain(config.drainMs);
      await scope.close('server_shutdown');
    },
    close: () => scope.close('server_shutdown'),
  };
}

interface Doors {
  readonly audiosocket: AudioSocketServer;
  readonly http: Api;
  readonly grpc: GrpcServer;
}

/** Listens, or takes what the primary process of workers has accepted. */
async function openDoors(doors: Doors, config: Config, seat: WorkerSeat | undefined): Promise<Ports> {
  const { audiosocket, http, grpc } = doors;
  if (seat !== undefined) {
    await http.ready();
    seat.open({
      audiosocket: (connection) => audiosocket.accept(connection),
      http: (connection) => http.accept(connection),
      grpc: (connection) => grpc.accept(connection),
    });
    return seat.ports;
  }
  return {
    audiosocket: (await listening('AUDIOSOCKET__PORT', config.audiosocket, (at) => audiosocket.listen(at))).port,
    http: (await listening('HTTP__PORT', config.http, (at) => http.listen(at))).port,
    grpc: (await listening('GRPC__PORT', config.grpc, (at) => grpc.listen(at))).port,
  };
}

/** The dialplan gets a key of its own that can register calls and nothing else. */
async function writeKeys(folder: DataFolder, made: FirstStartMade, keys: KeyUseCases): Promise<string> {
  writeSecretFile(folder.adminKey, made.adminKey);
  const { key } = await keys.create(made.assistant.projectId, 'asterisk', ['inbound']);
  writeSecretFile(folder.asteriskKey, key);
  return key;
}

/** Kept in a file as well: what was printed is easily lost. */
async function offerSetUp(folder: DataFolder, signIn: SignInUseCases, address: string): Promise<string | undefined> {
  const offer = await signIn.offerSetUp();
  if (offer === undefined) return undefined;
  // After the #: no browser sends it to anybody, so that no log has it.
  const link = `${address}/setup#${offer.token}`;
  writeSecretFile(folder.setUpLink, link);
  return link;
}
