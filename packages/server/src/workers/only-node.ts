import { hostname } from 'node:os';
import { type Logger, NODE_RENEW_MS, type NodeState, type Scope, systemClock, type Timer } from '@rapida/core';
import { createMemoryNodeRegistry, createOnlyNodeRegistry } from '@rapida/stores';
import type { Config } from '../config.js';
import type { DataFolder } from '../data-folder.js';
import { openDatabase } from '../open-database.js';
import { VERSION } from '../version.js';

export interface OnlyNodeParts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly logger: Logger;
  /** It leaves when this closes. */
  readonly scope: Scope;
}

/**
 * Without Redis the workers of this process must have the PostgreSQL to themselves: the process says so in it for all of them, on
 * a connection of its own. Fails with `setting_invalid` where another node has it.
 */
export async function holdPostgres({ config, folder, logger, scope }: OnlyNodeParts, nodeId: string): Promise<void> {
  const clock = systemClock;
  const database = await openDatabase({ ...config, databaseConnections: 1 }, folder, logger);
  scope.onClose(() => database.close());
  const registry = createMemoryNodeRegistry(nodeId, clock);
  const node = createOnlyNodeRegistry({ database, nodeId, clock, registry });
  const state: NodeState = {
    ...{ host: hostname(), version: VERSION, startedAtMs: clock.wallMs() },
    ...{ calls: 0, draining: false, loopDelayMs: 0, lateFrames: 0 },
  };
  await node.join(state);
  scope.onClose(() => node.leave());
  let timer: Timer | undefined;
  const renew = (): void => {
    timer = clock.setTimer(NODE_RENEW_MS, () => {
      const renewing = node.renew(state).catch((error: unknown) => {
        logger.error({ err: error }, 'the database could not be told that this node has it');
      });
      void renewing.then(() => (scope.closed ? undefined : renew()));
    });
  };
  scope.onClose(() => timer?.cancel());
  renew();
}
