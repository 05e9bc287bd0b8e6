import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { temporaryPostgres } from '@rapida/stores/testing';
import { vi } from 'vitest';
import type { Api } from './api.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './command.js';

export interface NodeJson {
  readonly id: string;
  readonly state: 'up' | 'draining' | 'lost';
  readonly calls: number;
  readonly loopDelayMs: number;
  readonly lateFrames: number;
}

/** Processes over one PostgreSQL and one Redis, each with a folder of its own. */
export interface Installation {
  /** Starts a node, or starts it again after it has ended. */
  node(name: string, environment?: Readonly<Record<string, string>>): Promise<ServedProcess>;
  /** Ends all of them, and removes what they had. */
  remove(): Promise<void>;
}

export interface InstallationOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Others than those of this run of tests, e.g. to be killed. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

export async function openInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const folder = await temporaryFolder();
  const database = await temporaryPostgres(options.databaseUrl);
  const shared = {
    DATABASE_URL: database.url,
    REDIS_URL: options.redisUrl ?? process.env.TEST_REDIS_URL ?? '',
    REDIS__PREFIX: `test-${randomUUID()}`,
    VAULT__KEY: randomBytes(32).toString('base64'),
    DATABASE__CONNECTIONS: '3',
    ...options.environment,
  };
  const started: ServedProcess[] = [];
  let key: string | undefined;
  return {
    async node(name, environment = {}) {
      const served = await serveProcess(
        join(folder.path, name),
        { ...shared, NODE__ID: name, ...environment },
        [],
        // Made by the first of them.
        key,
      );
      started.push(served);
      key = served.api.key;
      return served;
    },
    async remove() {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ finished }) => finished));
      await database.drop();
      await folder.remove();
    },
  };
}

/** Waits until this node sees the others so. */
export async function seesNodes(
  api: Api,
  wanted: Readonly<Record<string, NodeJson['state']>>,
  withinMs = 15_000,
): Promise<readonly NodeJson[]> {
  return vi.waitFor(
    async () => {
      const { data } = await api.get<{ data: NodeJson[] }>('/v1/nodes');
      const seen = Object.fromEntries(data.map(({ id, state }) => [id, state]));
      if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`it sees ${JSON.stringify(seen)}`);
      return data;
    },
    { timeout: withinMs, interval: 50 },
  );
}
