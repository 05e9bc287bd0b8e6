import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderSource } from '@rapida/core';
import { loadConfig, type RunningServer, startServer } from '@rapida/server';
import { Api } from './api.js';
import { createCapturedLog, type LogLine } from './captured-log.js';
import { scriptedProviders } from './scripted-providers.js';

export interface ServerUnderTest {
  readonly url: string;
  readonly server: RunningServer;
  readonly dataDir: string;
  /** With the admin key of the first start. */
  readonly api: Api;
  readonly lines: LogLine[];
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** `own`: the engines the server brings. */
  readonly providers?: ProviderSource | 'own';
  /** With the pages of the dashboard; default: what is installed. */
  readonly dashboardDir?: string;
}

/** The whole server on free ports of this host, with a folder of its own. */
export async function startServerUnderTest(options: ServerOptions = {}): Promise<ServerUnderTest> {
  const { environment = {}, providers = scriptedProviders() } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'rapida-test-'));
  const config = loadConfig(
    {
      HTTP__HOST: '127.0.0.1',
      HTTP__PORT: '0',
      AUDIOSOCKET__HOST: '127.0.0.1',
      AUDIOSOCKET__PORT: '0',
      GRPC__PORT: '0',
      DATA_DIR: dataDir,
      ...environment,
    },
    dataDir,
  );
  const { logger, lines } = createCapturedLog();
  const server = await startServer(config, logger, {
    ...(providers !== 'own' && { providers }),
    ...(options.dashboardDir !== undefined && { dashboardDir: options.dashboardDir }),
  });
  const url = `http://127.0.0.1:${server.httpPort}`;
  return {
    url,
    server,
    dataDir,
    api: new Api(url, readFileSync(join(config.dataDir, 'admin-api-key'), 'utf8').trim()),
    lines,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** An assistant that does not mind a silent caller for as long as a test may take. */
export async function patientAssistant(api: Api, name = 'patient'): Promise<string> {
  const config = { name, greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  return (await api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}
