import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type CallsRuntime, createCredentialReader, createUseCases, createVault } from '@rapida/calls';
import { createConversation } from '@rapida/conversation';
import {
  type EntityId,
  type Logger,
  type OpenedCredential,
  type ProviderSource,
  type Scope,
  systemClock,
  type Telemetry,
  type WriteSpool,
} from '@rapida/core';
import { createPlayout, createRecorder, createTicker } from '@rapida/media';
import type { RemoteProvider } from '@rapida/providers';
import { openFileSpool } from '@rapida/stores';
import type { Config } from './config.js';
import { type DataFolder, readOrMakeVaultKey } from './data-folder.js';
import { openOwnDatabase, storesOver } from './open-stores.js';
import { ownKeysOf } from './provider-keys.js';
import { createProviderSource } from './provider-source.js';
import { openSharedParts } from './shared-parts.js';
import { VERSION } from './version.js';
import { formerNodeIds } from './workers/former-nodes.js';
import type { WorkerSeat } from './workers/seat.js';

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
  /** Undefined: this is the only process of its node. */
  readonly seat: WorkerSeat | undefined;
}

/** Everything behind the doors: stores, engines, and the use-cases over them. */
export async function openCallParts(options: CallPartsOptions): Promise<CallsRuntime> {
  const { config, logger, telemetry, folder, scope, seat } = options;
  const clock = systemClock;
  const database = await openOwnDatabase(options);
  const { contexts, feed, ...shared } = await openSharedParts({ ...options, database });
  const former = seat?.formerNodeIds ?? formerNodeIds(folder, shared.nodeId, 1);
  const writeSpool = await openSpool(options, shared.nodeId);
  const formerSpools = [];
  for (const nodeId of former)
    if (existsSync(spoolOf(folder, nodeId))) formerSpools.push(await openSpool(options, nodeId));
  const stores = { ...storesOver(database, options, feed), contexts };
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
    ...{ clock, logger, telemetry, stores, writeSpool, providers, vault, credentialReader, createConversation },
    ...shared,
    liveFeed: feed,
    formerNodeIds: former,
    formerSpools,
    nodeFacts: { host: hostname(), version: VERSION, loopDelayMs: options.loopDelayMs, lateFrames: options.lateFrames },
    scope: scope.child('calls'),
    createPlayout: (leg) => createPlayout({ ...leg, ticker, clock, telemetry }),
    createRecorder: (recording) => createRecorder({ ...recording, telemetry }),
    recordingsDir: folder.recordings,
    contextTtlMs: config.contextTtlMs,
    callsMax: config.callsMax,
    resumesMax: config.resumesMax,
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

/** Of one node: processes that share a folder have one each. */
function spoolOf(folder: DataFolder, nodeId: string): string {
  return join(folder.spool, `node-${nodeId}`);
}

async function openSpool(options: CallPartsOptions, nodeId: string): Promise<WriteSpool> {
  const { config, logger, telemetry, folder, scope } = options;
  const bytesMax = config.spoolBytesMax;
  const spool = await openFileSpool({ folder: spoolOf(folder, nodeId), bytesMax, logger, telemetry });
  scope.onClose(() => spool.close());
  return spool;
}

/** Where Asterisk reaches us, without the port of HTTP: `[::1]:8080` is `[::1]`. */
function mediaHost({ publicHost = 'localhost' }: Config): string {
  return publicHost.replace(/:[0-9]+$/, '');
}
