import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { createApi } from '@rapida/api';
import { createUseCases, type FirstStart, type KeyUseCases } from '@rapida/calls';
import { createConversation } from '@rapida/conversation';
import { createScope, type Logger, type ProviderSource, RapidaError, systemClock } from '@rapida/core';
import { createPlayout, createRecorder, createTicker, openWebSocketTransport, repairRecordings } from '@rapida/media';
import {
  createMemoryContextStore,
  createSqlApiKeyStore,
  createSqlAssistantStore,
  createSqlCallStore,
  createSqlProjectStore,
  openEmbedded,
} from '@rapida/stores';
import { createAudioSocketDoor } from './audiosocket-door.js';
import type { Config } from './config.js';
import { type DataFolder, openDataFolder, writeSecretFile } from './data-folder.js';
import type { DialplanValues } from './dialplan.js';
import { createProviderSource } from './provider-source.js';
import { createMetrics } from './telemetry.js';

/** One process, one folder of data: calls of a former life on this folder are this node's. */
const NODE_ID = 'single';

type FirstStartMade = NonNullable<FirstStart['made']>;

export interface RunningServer {
  readonly httpPort: number;
  readonly audiosocketPort: number;
  /** On the first start of an empty folder: what to put into Asterisk. */
  readonly firstStart: DialplanValues | undefined;
  /** Takes no new calls, waits for the running ones up to the limit, then stops. */
  drain(): Promise<void>;
  /** Stops now: running calls are ended and recorded. Idempotent. */
  close(): Promise<void>;
}

/** Engines of one's own instead of the ones this server brings: for embedding, and for tests that must know every word. */
export interface ReplacedParts {
  readonly providers?: ProviderSource;
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
  scope: ReturnType<typeof createScope>,
  replaced: ReplacedParts,
): Promise<RunningServer> {
  const clock = systemClock;
  const metrics = createMetrics();
  const { telemetry } = metrics;
  scope.onClose(() => metrics.close());
  const database = await openEmbedded({ file: folder.database, clock, logger });
  scope.onClose(() => database.close());
  const { failed } = await repairRecordings(folder.recordings);
  for (const { path, error } of failed) logger.warn({ path, err: error }, 'a recording could not be repaired');
  const contexts = createMemoryContextStore({ clock });
  const providers = replaced.providers ?? createProviderSource({ clock, logger, telemetry, openai: config.openai });
  scope.onClose(() => providers.close());
  const onTickError = (error: unknown) => logger.error({ err: error }, 'a playout failed');
  const ticker = createTicker(clock, { telemetry, onError: onTickError });

  const calls = createUseCases({
    clock,
    logger,
    telemetry,
    scope: scope.child('calls'),
    stores: {
      calls: createSqlCallStore(database),
      contexts,
      assistants: createSqlAssistantStore(database),
      keys: createSqlApiKeyStore(database),
      projects: createSqlProjectStore(database),
    },
    providers,
    createConversation,
    createPlayout: (leg) => createPlayout({ ...leg, ticker, clock, telemetry }),
    createRecorder: (recording) => createRecorder({ ...recording, telemetry }),
    recordingsDir: folder.recordings,
    nodeId: NODE_ID,
    contextTtlMs: config.contextTtlMs,
    callsMax: config.callsMax,
  });
  const { useCases } = calls;
  const { made } = await calls.start();
  // Written at once: a key whose file is missing cannot be had again.
  const asteriskKey = made && (await writeKeys(folder, made, useCases.keys));
  const door = createAudioSocketDoor({ clock, logger, telemetry, media: useCases.media });
  scope.onClose(() => door.close({ connections: 'destroy' }));
  const tls = readTls(config);
  const api = createApi({
    useCases,
    clock,
    logger,
    telemetry,
    requestId: randomUUID,
    metricsText: metrics.text,
    openMedia: (connection) => openWebSocketTransport(connection, { clock }),
    tls,
  });
  scope.onClose(() => api.close());

  const audiosocket = await listening('AUDIOSOCKET__PORT', config.audiosocket, (at) => door.listen(at));
  const http = await listening('HTTP__PORT', config.http, (at) => api.listen(at));

  return {
    httpPort: http.port,
    audiosocketPort: audiosocket.port,
    firstStart: made && {
      publicHost: config.publicHost ?? `localhost:${http.port}`,
      scheme: tls === undefined ? 'http' : 'https',
      audiosocketPort: audiosocket.port,
      assistantId: made.assistant.id,
      apiKey: asteriskKey ?? '',
    },
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

async function listening<T>(
  setting: 'HTTP__PORT' | 'AUDIOSOCKET__PORT',
  at: { readonly host: string; readonly port: number },
  listen: (at: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  try {
    return await listen({ host: at.host, port: at.port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new RapidaError('port_in_use', `${setting}=${at.port}: the port is in use; accepted is a free port, or 0`, {
        cause: error,
      });
    }
    throw new RapidaError(
      'setting_invalid',
      `${setting}=${at.port} on ${at.host}: cannot listen there (${String(code)})`,
      { cause: error },
    );
  }
}

function readTls({ http: { tls } }: Config): { cert: Buffer; key: Buffer } | undefined {
  if (tls === undefined) return undefined;
  const files = { cert: readPem('HTTP__TLS_CERT', tls.cert), key: readPem('HTTP__TLS_KEY', tls.key) };
  try {
    createSecureContext(files);
  } catch (error) {
    const given = `HTTP__TLS_CERT=${tls.cert}, HTTP__TLS_KEY=${tls.key}`;
    const accepted = 'accepted are a certificate chain and its private key in PEM';
    throw new RapidaError('setting_invalid', `${given}: ${accepted}`, { cause: error });
  }
  return files;
}

function readPem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RapidaError('setting_invalid', `${setting}=${path}: the file cannot be read`, { cause: error });
  }
}
