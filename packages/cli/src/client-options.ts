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

interface AssistantName {
  readonly id: string;
  readonly name: string;
}

/** The assistant that is named, by id or by name; the newest one where none is. */
export async function findAssistantId(api: ApiClient, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && /^[0-9]+$/.test(wanted)) return wanted;
  const { data: known } = await api.get<{ data: AssistantName[] }>('/v1/assistants?limit=200');
  const found = wanted === undefined ? known[0] : known.find((one) => one.name === wanted);
  if (found !== undefined) return found.id;
  const names = known.map((one) => `"${one.name}"`).join(', ');
  throw new Error(
    `there is no assistant ${wanted === undefined ? '' : `"${wanted}" `}here; there are: ${names || 'none'}`,
  );
}
