import { loadClientConfig } from '@rapida/server/config';
import type { Command } from 'commander';
import { ApiClient } from './api-client.js';

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

export function apiFor(options: ClientOptions): ApiClient {
  const { url, apiKey } = loadClientConfig();
  return new ApiClient(options.url ?? url, options.key ?? apiKey);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The assistant that is named, by id or by name; the newest one where none is. */
export async function findAssistantId(api: ApiClient, wanted: string | undefined): Promise<string> {
  return isId(wanted) ? wanted : idOf('assistant', await api.all<Named>('/v1/assistants'), wanted);
}

/** The credential that is named, by id or by name. */
export async function findCredentialId(api: ApiClient, wanted: string): Promise<string> {
  return isId(wanted) ? wanted : idOf('credential', await api.all<Named>('/v1/credentials'), wanted);
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
