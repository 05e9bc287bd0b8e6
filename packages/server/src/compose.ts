import { randomUUID } from 'node:crypto';
import { createApi, createGrpcServer } from '@rapida/api';
import type { FirstStart, KeyUseCases, SignInUseCases } from '@rapida/calls';
import { createScope, type Logger, type ProviderSource, type Scope, systemClock } from '@rapida/core';
import { createBrowserTransport, createTicker, openWebSocketTransport } from '@rapida/media';
import { createAudioSocketDoor } from './audiosocket-door.js';
import { openCallParts } from './call-parts.js';
import type { Config } from './config.js';
import { installedDashboard, readDashboard } from './dashboard-files.js';
import { type DataFolder, openDataFolder, writeSecretFile } from './data-folder.js';
import type { DialplanValues } from './dialplan.js';
import { listening } from './listening.js';
import { ownDialplan } from './own-dialplan.js';
import { createMetrics } from './telemetry.js';
import { readTls } from './tls-files.js';

type FirstStartMade = NonNullable<FirstStart['made']>;

export interface RunningServer {
  readonly httpPort: number;
  readonly audiosocketPort: number;
  readonly grpcPort: number;
  /** On the first start of an empty folder: what to put into Asterisk. */
  readonly firstStart: DialplanValues | undefined;
  /** Where the password of the dashboard can be set, until it was or a day is over; undefined where another start told it. */
  readonly setUpLink: string | undefined;
  /** Takes no new calls, waits for the running ones up to the limit, then stops. */
  drain(): Promise<void>;
  /** Stops now: running calls are ended and recorded. Idempotent. */
  close(): Promise<void>;
}

/** Engines of one's own instead of the ones this server brings: for embedding, and for tests that must know every word. */
export interface ReplacedParts {
  readonly providers?: ProviderSource;
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
  const folder = openDataFolder(config.dataDir);
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
  { providers, dashboardDir }: ReplacedParts,
): Promise<RunningServer> {
  const clock = systemClock;
  const metrics = createMetrics();
  const { telemetry } = metrics;
  scope.onClose(() => metrics.close());
  // Known when it listens.
  let [httpPort, audiosocketPort] = [0, 0];
  const parts = { config, logger, telemetry, folder, scope, providers };
  const calls = await openCallParts({
    ...parts,
    audiosocketPort: () => audiosocketPort,
    loopDelayMs: metrics.loopDelayMs,
    lateFrames: metrics.lateFrames,
  });
  const { useCases } = calls;
  const door = createAudioSocketDoor({ clock, logger, telemetry, media: useCases.media });
  scope.onClose(() => door.close({ connections: 'destroy' }));
  const tls = readTls(config);
  // Of callers that type; their assistants are paced as all others are.
  const typing = createTicker(clock, { telemetry, onError: (err) => logger.error({ err }, 'a typed caller failed') });
  const api = createApi({
    ...{ useCases, clock, logger, telemetry, tls },
    ...{ pathPrefix: config.http.pathPrefix, trustedProxies: config.http.trustedProxies },
    dashboard: await readDashboard(dashboardDir ?? installedDashboard(), logger),
    requestId: randomUUID,
    metricsText: metrics.text,
    writeDialplan: ownDialplan(config, () => ({ http: httpPort, audiosocket: audiosocketPort })),
    openMedia: (connection) => openWebSocketTransport(connection, { clock }),
    openBrowserMedia: (link, speak) =>
      createBrowserTransport(link, { clock, ...(speak && { typing: { speak, ticker: typing } }) }),
  });
  scope.onClose(() => api.close());
  const grpc = createGrpcServer({ useCases, clock, logger, telemetry, tls });
  scope.onClose(() => grpc.close());

  const { made } = await calls.prepare();
  // Written at once: a key whose file is missing cannot be had again.
  const asteriskKey = made && (await writeKeys(folder, made, useCases.keys));
  const audiosocket = await listening('AUDIOSOCKET__PORT', config.audiosocket, (at) => door.listen(at));
  audiosocketPort = audiosocket.port;
  const http = await listening('HTTP__PORT', config.http, (at) => api.listen(at));
  httpPort = http.port;
  const { port: grpcPort } = await listening('GRPC__PORT', config.grpc, (at) => grpc.listen(at));
  const publicHost = config.publicHost ?? `localhost:${http.port}`;
  const scheme = tls === undefined ? 'http' : 'https';
  const address = `${scheme}://${publicHost}${config.http.pathPrefix}`;
  const setUpLink = await offerSetUp(folder, useCases.signIn, address);
  // Last of all: who is called must be able to reach us.
  await calls.start();

  return {
    httpPort: http.port,
    audiosocketPort,
    grpcPort,
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
