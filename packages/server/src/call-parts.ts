import { hostname } from 'node:os';
import { type CallsRuntime, createCredentialReader, createUseCases, createVault } from '@rapida/calls';
import { createConversation } from '@rapida/conversation';
import {
  createIdSource,
  type EntityId,
  type Logger,
  type OpenedCredential,
  type ProviderSource,
  type Scope,
  systemClock,
  type Telemetry,
} from '@rapida/core';
import { createPlayout, createRecorder, createTicker, repairRecordings } from '@rapida/media';
import type { RemoteProvider } from '@rapida/providers';
import { createSqlStores } from '@rapida/stores';
import type { Config } from './config.js';
import { type DataFolder, readOrMakeVaultKey } from './data-folder.js';
import { openDatabase } from './open-database.js';
import { ownKeysOf } from './provider-keys.js';
import { createProviderSource } from './provider-source.js';
import { openSharedParts } from './shared-parts.js';
import { VERSION } from './version.js';

export interface CallPartsOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly folder: DataFolder;
  /** Everything opened here is closed with it. */
  readonly scope: Scope;
  /** Instead of the engines that this server brings. */
  readonly providers: ProviderSource | undefined;
  /** Where Asterisk finds our AudioSocket, asked for when a call needs it. */
  readonly audiosocketPort: () => number;
  readonly loopDelayMs: () => number;
  readonly lateFrames: () => number;
}

/** Everything behind the doors: stores, engines, and the use-cases over them. */
export async function openCallParts(options: CallPartsOptions): Promise<CallsRuntime> {
  const { config, logger, telemetry, folder, scope } = options;
  const clock = systemClock;
  const database = await openDatabase(config, folder, logger);
  scope.onClose(() => database.close());
  const { failed } = await repairRecordings(folder.recordings);
  for (const { path, error } of failed) logger.warn({ path, err: error }, 'a recording could not be repaired');
  const { contexts, feed, ...shared } = await openSharedParts(options);
  const stores = { ...createSqlStores(database, createIdSource(clock), { feed, clock }), contexts };
  const vault = createVault(config.vaultKeys ?? [readOrMakeVaultKey(folder)]);
  const credentialReader = createCredentialReader({ credentials: stores.credentials, vault, clock, logger });
  const providers =
    options.providers ??
    createProviderSource({
      ...{ clock, logger, telemetry, keys: config.providerKeys },
      credentials: async <P extends RemoteProvider>(projectId: EntityId, id: EntityId, provider: P) =>
        (await credentialReader.read(projectId, id, provider)) as OpenedCredential<P>,
    });
  scope.onClose(() => providers.close());
  const onTickError = (error: unknown) => logger.error({ err: error }, 'a playout failed');
  const ticker = createTicker(clock, { telemetry, onError: onTickError });

  return createUseCases({
    ...{ clock, logger, telemetry, stores, providers, vault, credentialReader, createConversation },
    ...shared,
    liveFeed: feed,
    nodeFacts: { host: hostname(), version: VERSION, loopDelayMs: options.loopDelayMs, lateFrames: options.lateFrames },
    scope: scope.child('calls'),
    createPlayout: (leg) => createPlayout({ ...leg, ticker, clock, telemetry }),
    createRecorder: (recording) => createRecorder({ ...recording, telemetry }),
    recordingsDir: folder.recordings,
    contextTtlMs: config.contextTtlMs,
    callsMax: config.callsMax,
    webhooksAllowPrivate: config.webhooksAllowPrivate,
    toolHosts: config.toolHosts,
    ownKeys: ownKeysOf(config.providerKeys),
    outbound: {
      callsMax: config.outboundCallsMax,
      queueMax: config.outboundQueueMax,
      audiosocketAddress: () => `${mediaHost(config)}:${options.audiosocketPort()}`,
    },
  });
}

/** Where Asterisk reaches us, without the port of HTTP: `[::1]:8080` is `[::1]`. */
function mediaHost({ publicHost = 'localhost' }: Config): string {
  return publicHost.replace(/:[0-9]+$/, '');
}
