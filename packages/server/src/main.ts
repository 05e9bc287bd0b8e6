import { RapidaError } from '@rapida/core';
import { type RunningServer, startServer } from './compose.js';
import { loadConfig } from './config.js';
import { type DialplanValues, generateConfiguration, type MediaTransportName, parseServer } from './dialplan.js';
import { createLogger } from './logger.js';

/** `rapida serve`: runs until it is told to stop. Ends the process: 0 after SIGTERM or SIGINT, 1 where it cannot start. */
export async function serve(print: (text: string) => void): Promise<void> {
  try {
    const config = loadConfig();
    const logger = createLogger(config.logLevel, process.stderr.isTTY ? 'attached' : 'none');
    const server = await startServer(config, logger);
    const { httpPort, audiosocketPort, grpcPort } = server;
    logger.info({ httpPort, audiosocketPort, grpcPort, dataDir: config.dataDir }, 'ready');
    if (server.firstStart !== undefined) print(welcome(server.firstStart));
    if (server.setUpLink !== undefined) print(setUp(server.setUpLink));
    stopOnSignals(server, (signal) => logger.info({ signal }, 'stopping: no new calls, waiting for the running ones'));
  } catch (error) {
    const { code, message } = RapidaError.from(error);
    const detail = code === 'internal' ? `${message} ${String(error)}` : message;
    process.stderr.write(`rapida cannot start: ${detail}\n`);
    process.exit(1);
  }
}

/** The first signal drains, the second ends it now. */
function stopOnSignals(server: RunningServer, onFirst: (signal: string) => void): void {
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
