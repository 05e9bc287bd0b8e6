import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DialplanRequest, DialplanServer, GeneratedConfiguration } from '@rapida/server';
import { type Config, loadConfig } from '@rapida/server/config';
import { Command } from 'commander';
import { apiFor, findAssistantId } from './client-options.js';

/** As the command line gives them: the generator checks every one. */
interface DialplanOptions {
  readonly asterisk: string;
  readonly transport: string;
  readonly direction: string;
  readonly assistant?: string;
  readonly servers?: string;
  readonly https?: true;
  readonly ca?: string;
  readonly key?: string;
  readonly keyInUrl?: true;
  readonly format?: string;
  readonly control?: string;
  readonly freepbx?: true;
  readonly ariPassword?: string;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

const HELP = `
Examples:
  $ rapida dialplan                                        AudioSocket, Asterisk 22, this server, its newest assistant
  $ rapida dialplan --transport websocket --https          wss and https; for a private authority add --ca /path/ca.pem
  $ rapida dialplan --asterisk 20.14 --out ./asterisk      each file of its own, to be copied to /etc/asterisk
  $ rapida dialplan --servers ai-1:8080,ai-2:8080/4574     the second server takes the calls when the first is down
  $ rapida dialplan --freepbx --transport websocket        the _custom files of FreePBX

A server is host[:http port][/audiosocket port]. Several servers have the same assistant and key where they began with a
copy of one DATA_DIR; else give one --assistant and one --key for each, separated by commas, and --key-in-url.`;

/** `rapida dialplan`: what to put into Asterisk. */
export function dialplanCommand(print: (text: string) => void, readConfig: () => Config = loadConfig): Command {
  return new Command('dialplan')
    .description('print the configuration of Asterisk that belongs to this server')
    .option('--asterisk <release>', '16 to 23, or a release such as 22.10', '22')
    .option('--transport <name>', 'audiosocket or websocket', 'audiosocket')
    .option('--direction <name>', 'inbound, outbound or both', 'inbound')
    .option('--assistant <id>', 'id or name (default: the newest)')
    .option('--servers <list>', 'tried in this order (default: PUBLIC_ASSISTANT_HOST and AUDIOSOCKET__PORT)')
    .option('--https', 'https and wss (default: as this server is set)')
    .option('--ca <file>', 'PEM file on the Asterisk host with the authority behind the certificate')
    .option('--key <key>', 'key for the webhook (default: DATA_DIR/asterisk-api-key)')
    .option('--key-in-url', 'send the key in the URL, where logs of proxies keep it, instead of in a header')
    .option('--format <codec>', 'ulaw, alaw, slin or slin16 (default: ulaw by WebSocket, slin by AudioSocket)')
    .option('--control <form>', 'of the WebSocket channel: json or plain-text (default: json where the release can)')
    .option('--freepbx', 'files and instructions for FreePBX')
    .option('--ari-password <password>', 'of the ARI user, for outbound (default: a new random one)')
    .option('--out <folder>', 'write the files there instead of printing them')
    .option('--force', 'let --out replace files')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (options: DialplanOptions) => {
      // Loaded when it is wanted: it brings the whole server along, and no other command has to wait for that.
      const generator = await import('@rapida/server');
      const { request, notes } = await requestFrom(options, readConfig(), generator);
      const generated = generator.generateConfiguration(request);
      const result = { ...generated, notes: [...notes, ...generated.notes] };
      const written =
        options.out === undefined ? [] : writeFiles(options.out, result, options.force ? 'replace' : 'keep');
      if (options.json) return print(JSON.stringify({ ...result, written }));
      print(options.out === undefined ? onScreen(result) : [...written, ...noteLines(result)].join('\n'));
    });
}

const PLACEHOLDER_KEY = 'rpd-PUT-THE-KEY-HERE';

type Generator = Pick<typeof import('@rapida/server'), 'AUDIOSOCKET_PORT' | 'parseServer'>;

async function requestFrom(options: DialplanOptions, config: Config, { AUDIOSOCKET_PORT, parseServer }: Generator) {
  const inbound = options.direction !== 'outbound';
  const key = options.key ?? asteriskKey(config);
  const assistants = inbound ? await assistantIds(options.assistant) : [];
  const keys = (key ?? PLACEHOLDER_KEY).split(',');
  const servers = (options.servers ?? ownServer(config, AUDIOSOCKET_PORT))
    .split(',')
    .map((text, index): DialplanServer => {
      // One for all, or one for each.
      return { ...parseServer(text.trim()), assistantId: at(assistants, index), apiKey: at(keys, index) };
    });
  const request = {
    asterisk: options.asterisk,
    transport: options.transport as DialplanRequest['transport'],
    direction: options.direction as DialplanRequest['direction'],
    servers,
    scheme: options.https || config.http.tls !== undefined ? 'https' : 'http',
    keyIn: options.keyInUrl ? 'url' : 'header',
    format: options.format as DialplanRequest['format'],
    control: options.control as DialplanRequest['control'],
    layout: options.freepbx ? 'freepbx' : 'asterisk',
    caFile: options.ca,
    ariPassword: options.ariPassword ?? (inbound && options.direction !== 'both' ? undefined : randomPassword()),
  } as const satisfies DialplanRequest;
  const notes =
    key === undefined && inbound
      ? [`The key could not be read from DATA_DIR/asterisk-api-key: replace ${PLACEHOLDER_KEY}, or give --key.`]
      : [];
  return { request, notes };
}

function at(values: readonly string[], index: number): string | undefined {
  return values.length === 1 ? values[0] : values[index];
}

function ownServer({ publicHost, http, audiosocket }: Config, audiosocketPort: number): string {
  return `${publicHost ?? `localhost:${http.port}`}/${audiosocket.port || audiosocketPort}`;
}

/** Undefined where this is not the server's own host, or not its user. */
function asteriskKey({ dataDir }: Config): string | undefined {
  try {
    return readFileSync(join(dataDir, 'asterisk-api-key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Numbers are taken as they are: a dialplan can be written where the server is not running. */
async function assistantIds(wanted: string | undefined): Promise<string[]> {
  if (wanted !== undefined && /^[0-9]+(,[0-9]+)*$/.test(wanted)) return wanted.split(',');
  const found = findAssistantId(apiFor({}), wanted).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why} - or name the assistant by its number: --assistant ID`, { cause: error });
  });
  return [await found];
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Nothing is written where one of the files is there already. The key is in them: 0600 keeps it from other users. */
function writeFiles(folder: string, { files }: GeneratedConfiguration, existing: 'keep' | 'replace'): string[] {
  const paths = files.map(({ name }) => join(folder, name));
  const there = existing === 'keep' ? paths.filter((path) => existsSync(path)) : [];
  if (there.length > 0) throw new Error(`${there.join(', ')} would be replaced: choose another --out, or add --force`);
  mkdirSync(folder, { recursive: true });
  files.forEach(({ text }, index) => {
    writeFileSync(paths[index] ?? '', text, { mode: 0o600, flag: existing === 'keep' ? 'wx' : 'w' });
  });
  return paths;
}

function onScreen(result: GeneratedConfiguration): string {
  const parts = result.files.map(({ name, text }) => `${`; ---- ${name} `.padEnd(80, '-')}\n${text}`);
  return [...noteLines(result), ...parts].join('\n').trimEnd();
}

/** Comments, so that what is on the screen can be copied as it is. */
function noteLines({ notes }: GeneratedConfiguration): string[] {
  return notes.map((note) => `; Note: ${note}`);
}
