import { Rapida } from '@rapida/client';
import { type Clock, systemClock } from '@rapida/core';
import { loadClientConfig } from '@rapida/server/config';
import type { Command } from 'commander';
import { allOf } from './all-of.js';

/** The options of every command that talks to a server. */
export interface ClientOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: true;
}

export function withClientOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the server (default: RAPIDA_URL, else this host)')
    .option('--key <key>', 'API key (default: RAPIDA_API_KEY, else DATA_DIR/admin-api-key)')
    .option('--json', 'print JSON');
}

/** The server that is named. What has no answer is told at once: whoever sits before the command can repeat it. */
export function apiFor(options: ClientOptions, clock: Clock = systemClock): Rapida {
  const { url, apiKey } = loadClientConfig();
  try {
    return new Rapida({ url: options.url ?? url, apiKey: options.key ?? apiKey, retries: 0, clock });
  } catch (error) {
    const setting =
      error instanceof TypeError && error.message.startsWith('apiKey') ? 'API_KEY or --key' : 'URL or --url';
    throw new Error(`${error instanceof Error ? error.message : error} (set RAPIDA_${setting})`);
  }
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The assistant that is named, by id or by name; the newest one where none is. */
export async function findAssistantId(api: Rapida, wanted: string | undefined): Promise<string> {
  return isId(wanted) ? wanted : idOf('assistant', await allOf(api.assistants.each()), wanted);
}

/** The credential that is named, by id or by name. */
export async function findCredentialId(api: Rapida, wanted: string): Promise<string> {
  return isId(wanted) ? wanted : idOf('credential', await allOf(api.credentials.each()), wanted);
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9]+$/.test(text);
}

/** Enough to see what was meant. */
const NAMES_SHOWN_MAX = 20;

function idOf(kind: string, known: readonly Named[], wanted: string | undefined): string {
  const found = wanted === undefined ? known[0] : known.find((one) => one.name === wanted);
  if (found !== undefined) return found.id;
  const names = known.slice(0, NAMES_SHOWN_MAX).map((one) => `"${one.name}"`);
  if (known.length > names.length) names.push('...');
  throw new Error(
    `there is no ${kind} ${wanted === undefined ? '' : `"${wanted}" `}here; there are: ${names.join(', ') || 'none'}`,
  );
}
