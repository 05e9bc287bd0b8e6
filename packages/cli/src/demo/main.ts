import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Rapida } from '@rapida/client';
import { createLogger, loadConfig, type RunningServer, startServer } from '@rapida/server';
import { printCall } from '../call/print-call.js';
import { runCall } from '../call/run-call.js';
import { type CallStep, INTERRUPT_AFTER_MS } from '../call/script.js';
import { openCallTools } from '../call/tools.js';
import { problemsOf } from './checks.js';

/**
 * `npm run demo`: a server on free ports with a temporary folder of data, one spoken call over each transport, and the
 * two recordings. The caller is synthesised speech through 8 kHz; what is printed comes from the recogniser.
 */
const STEPS: readonly CallStep[] = [
  { kind: 'say', text: 'when are you open' },
  { kind: 'interrupt', text: 'what is your address', afterMs: INTERRUPT_AFTER_MS },
  { kind: 'say', text: 'please call me back' },
  { kind: 'say', text: 'five five five one two three four' },
  { kind: 'say', text: 'yes' },
  { kind: 'say', text: 'thank you goodbye' },
];
const UNDERSTOOD = [
  'when are you open',
  'what is your address',
  'please call me back',
  '5551234',
  'yes',
  'thank you goodbye',
];
const OUTPUT = 'demo-output';
const WENT_WELL =
  '\nBoth calls went as they should. To look at calls of your own: npx rapida serve, then open http://localhost:8080';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function demo(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rapida-demo-'));
  const config = loadConfig(
    {
      HTTP__PORT: '0',
      HTTP__HOST: '127.0.0.1',
      AUDIOSOCKET__PORT: '0',
      GRPC__PORT: '0',
      AUDIOSOCKET__HOST: '127.0.0.1',
      DATA_DIR: dataDir,
    },
    dataDir,
  );
  print('Starting a server on free ports, with a temporary folder of data and no provider key ...');
  const server = await startServer(config, createLogger('warn', 'none'));
  const tools = await openCallTools('rms');
  try {
    const problems: string[] = [];
    for (const transport of ['audiosocket', 'websocket'] as const) {
      problems.push(...(await demoCall(server, transport, tools, join(dataDir, 'admin-api-key'))));
    }
    for (const problem of problems) print(`PROBLEM: ${problem}`);
    print(problems.length === 0 ? WENT_WELL : '\nThe demonstration failed.');
    return problems.length === 0 ? 0 : 1;
  } finally {
    await tools.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function demoCall(
  server: RunningServer,
  transport: 'audiosocket' | 'websocket',
  tools: Awaited<ReturnType<typeof openCallTools>>,
  keyFile: string,
): Promise<string[]> {
  const url = `http://127.0.0.1:${server.httpPort}`;
  const apiKey = (await readFile(keyFile, 'utf8')).trim();
  const api = new Rapida({ url, apiKey });
  const assistantId = await recordingAssistant(api);
  print(`\nA call over ${transport === 'audiosocket' ? 'AudioSocket' : 'WebSocket'}:`);
  const outcome = await runCall(
    {
      url,
      apiKey,
      assistantId,
      from: '+15551230000',
      transport,
      audiosocket: { host: '127.0.0.1', port: server.audiosocketPort },
      format: 'ulaw',
      form: 'json',
      steps: STEPS,
      record: undefined,
    },
    { ...tools, onEvent: printCall(print) },
  );
  const file = resolve(OUTPUT, `${transport}.wav`);
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(file, await api.calls.recording(outcome.callId ?? ''));
  print(`  recording    ${file} (caller left, assistant right)`);
  return problemsOf(outcome, STEPS, UNDERSTOOD).map((problem) => `${transport}: ${problem}`);
}

/** The ready assistant, with recording switched on: it is off by default. */
async function recordingAssistant(api: Rapida): Promise<string> {
  const { data } = await api.assistants.list();
  const [assistant] = data;
  if (assistant === undefined) throw new Error('the first start made no assistant');
  await api.assistants.save(assistant.id, { ...assistant, recording: { enabled: true } });
  return assistant.id;
}

process.exit(await demo());
