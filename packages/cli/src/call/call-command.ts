import { readFile } from 'node:fs/promises';
import { decodeWav, Resampler } from '@rapida/audio';
import { loadClientConfig } from '@rapida/server/config';
import { Command, InvalidArgumentError, Option } from 'commander';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import { PHONE_FORMATS, PHONE_RATE_HZ, type PhoneFormat } from './leg.js';
import { printCall, printJson } from './print-call.js';
import { type CallStep, INTERRUPT_AFTER_MS } from './script.js';

interface CallOptions extends ClientOptions {
  readonly assistant?: string;
  readonly transport: 'audiosocket' | 'websocket';
  readonly audiosocket?: string;
  readonly format: PhoneFormat;
  readonly plainText?: true;
  readonly from: string;
  readonly voice: string;
  readonly record?: string;
}

/** What is said when nothing is told: asks something, and says goodbye. */
const DEFAULT_STEPS: readonly CallStep[] = [
  { kind: 'say', text: 'when are you open' },
  { kind: 'say', text: 'thank you goodbye' },
];

export function callCommand(print: (text: string) => void): Command {
  // The steps happen in the order they are given in, whatever their kind.
  const steps: (CallStep | { readonly kind: 'file'; readonly path: string })[] = [];
  const add = (make: (value: string) => (typeof steps)[number]) => (value: string) => void steps.push(make(value));
  const command = withClientOptions(new Command('call'))
    .description('act as Asterisk: register a call, connect its media, speak and listen')
    .option('--assistant <id or name>', 'whom to call (default: the newest assistant)')
    .addOption(
      new Option('--transport <kind>', 'how the sound travels')
        .choices(['audiosocket', 'websocket'])
        .default('audiosocket'),
    )
    .option(
      '--audiosocket <host:port>',
      'where AudioSocket listens (default: the host of the server, AUDIOSOCKET__PORT)',
    )
    .addOption(new Option('--format <codec>', 'of a WebSocket call').choices(PHONE_FORMATS).default('ulaw'))
    .option('--plain-text', 'control messages of a WebSocket call as Asterisk before 20.18 and 22.8 writes them')
    .option(
      '--say <text>',
      'speak, once the assistant is silent (repeatable)',
      add((text) => ({ kind: 'say', text })),
    )
    .option(
      '--wav <file>',
      'play a file, once the assistant is silent (repeatable)',
      add((path) => ({ kind: 'file', path })),
    )
    .option(
      '--interrupt <text>',
      `speak into what the assistant is saying, ${INTERRUPT_AFTER_MS} ms after it began (repeatable)`,
      add((text) => ({ kind: 'interrupt', text, afterMs: INTERRUPT_AFTER_MS })),
    )
    .option(
      '--keys <digits>',
      'press keys (repeatable)',
      add((digits) => ({ kind: 'keys', digits: keysOf(digits) })),
    )
    .option(
      '--wait <ms>',
      'do nothing for a while (repeatable)',
      add((ms) => ({ kind: 'wait', ms: numberOf(ms) })),
    )
    .option('--from <number>', "the caller's number", '+15551230000')
    .addOption(new Option('--voice <voice>', 'the voice of the caller').choices(['rms', 'slt', 'awb']).default('rms'))
    .option('--record <file.wav>', 'keep both sides: caller left, assistant right')
    .addHelpText(
      'after',
      '\nExample:\n  $ rapida call --say "when are you open" --interrupt "where are you" --say "goodbye"',
    );
  return command.action(async (options: CallOptions) => {
    const loaded = await Promise.all(steps.map((step) => (step.kind === 'file' ? playStep(step.path) : step)));
    await call(options, loaded.length > 0 ? loaded : DEFAULT_STEPS, print);
  });
}

async function call(options: CallOptions, steps: readonly CallStep[], print: (text: string) => void): Promise<void> {
  const api = apiFor(options);
  const client = loadClientConfig();
  const assistantId = await findAssistantId(api, options.assistant);
  const [{ openCallTools }, { runCall }] = await Promise.all([import('./tools.js'), import('./run-call.js')]);
  const tools = await openCallTools(options.voice);
  try {
    const outcome = await runCall(
      {
        url: api.url,
        apiKey: options.key ?? client.apiKey,
        assistantId,
        from: options.from,
        transport: options.transport,
        audiosocket: addressOf(options.audiosocket, new URL(api.url).hostname, client.audiosocketPort),
        format: options.format,
        form: options.plainText ? 'plain-text' : 'json',
        steps,
        record: options.record,
      },
      { ...tools, onEvent: options.json ? printJson(print) : printCall(print) },
    );
    if (outcome.phone.heardMs === 0) throw new Error('the assistant was not heard');
  } finally {
    await tools.close();
  }
}

function addressOf(text: string | undefined, host: string, port: number): { host: string; port: number } {
  if (text === undefined) return { host, port };
  const parts = /^(.+):([0-9]{1,5})$/.exec(text);
  if (parts === null) throw new InvalidArgumentError(`--audiosocket ${text}: accepted is host:port`);
  return { host: parts[1] ?? host, port: Number(parts[2]) };
}

async function playStep(path: string): Promise<CallStep> {
  const { rateHz, channels } = decodeWav(await readFile(path));
  const mono = channels[0] ?? new Int16Array(0);
  const samples =
    rateHz === PHONE_RATE_HZ ? mono : new Resampler({ fromHz: rateHz, toHz: PHONE_RATE_HZ }).process(mono);
  return { kind: 'play', name: path, samples };
}

function keysOf(text: string): string {
  if (/^[0-9*#A-D]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('accepted are 0-9, *, #, A-D');
}

function numberOf(text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('accepted is a number of milliseconds');
}
