import { type Logger, RapidaError } from '@rapida/core';
import { startServer } from './compose.js';
import { configOf, loadSettings } from './config.js';
import { type DialplanValues, generateConfiguration, type MediaTransportName, parseServer } from './dialplan.js';
import { createLogger } from './logger.js';
import { workersFor } from './workers/cores.js';
import { startWorkers } from './workers/primary.js';
import { runWorker } from './workers/worker.js';

export interface ServeOptions {
  readonly print: (text: string) => void;
  /** Instead of the setting `WORKERS__COUNT`. */
  readonly workers?: string | undefined;
}

/** `rapida serve`: runs until it is told to stop. Ends the process: 0 after SIGTERM or SIGINT, 1 where it cannot start. */
export async function serve({ print, workers }: ServeOptions): Promise<void> {
  try {
    const settings = loadSettings(workers === undefined ? {} : { WORKERS__COUNT: workers });
    const config = configOf(settings);
    const logger = createLogger(config.logLevel, process.stderr.isTTY ? 'attached' : 'none');
    const count = workersFor(config.workers);
    const server = count > 1 ? await startWorkers(settings, count, logger) : await startServer(config, logger);
    const { httpPort, audiosocketPort, grpcPort } = server;
    const processes = count > 1 ? { workers: count } : {};
    logger.info({ httpPort, audiosocketPort, grpcPort, dataDir: config.dataDir, ...processes }, 'ready');
    if (server.firstStart !== undefined) print(welcome(server.firstStart));
    if (server.setUpLink !== undefined) print(setUp(server.setUpLink));
    stopOnSignals(server, (signal) => logger.info({ signal }, 'stopping: no new calls, waiting for the running ones'));
    if ('deserted' in server) void server.deserted.then(() => endDeserted(server, logger));
  } catch (error) {
    const { code, message } = RapidaError.from(error);
    const detail = code === 'internal' ? `${message} ${String(error)}` : message;
    process.stderr.write(`rapida cannot start: ${detail}\n`);
    process.exit(1);
  }
}

/** What a worker of `rapida serve` runs. Ends the process. */
export async function serveAsWorker(): Promise<void> {
  process.exit(await runWorker());
}

/** Whoever looks after this process can do more for it than it can itself. */
async function endDeserted(server: Stoppable, logger: Logger): Promise<void> {
  logger.error({}, 'no worker can be kept running: the server ends');
  await server.close();
  process.exit(1);
}

interface Stoppable {
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The first signal drains, the second ends it now. */
function stopOnSignals(server: Stoppable, onFirst: (signal: string) => void): void {
  let asked = 0;
  const stop = (signal: string) => {
    asked++;
    if (asked === 1) onFirst(signal);
    const stopped = asked === 1 ? server.drain() : server.close();
    void stopped.then(() => process.exit(0));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

function welcome(values: DialplanValues): string {
  return [
    'First start: a project, an admin key (DATA_DIR/admin-api-key) and the assistant "Front desk" were made.',
    'Put one of these into Asterisk 22, send a call to it, and talk (rapida dialplan --help: other releases, FreePBX, ...):',
    '',
    ...filesFor(values, 'audiosocket'),
    ...filesFor(values, 'websocket'),
    'Try it without Asterisk: rapida call --say "when are you open" --say "thank you goodbye"',
    '',
  ].join('\n');
}

function setUp(link: string): string {
  return `Open the dashboard and choose its password, within a day (rapida password link: another link):\n${link}\n`;
}

/** Without what every Asterisk loads by itself. */
function filesFor(values: DialplanValues, transport: MediaTransportName): string[] {
  const { publicHost, scheme, audiosocketPort, assistantId, apiKey } = values;
  const server = { ...parseServer(`${publicHost}/${audiosocketPort}`), assistantId, apiKey };
  const { files } = generateConfiguration({ transport, scheme, servers: [server] });
  return files
    .filter(({ name }) => name === 'extensions.conf' || name === 'websocket_client.conf')
    .flatMap(({ name, text }) => [`; ---- ${name}, ${transport} `.padEnd(80, '-'), text]);
}
