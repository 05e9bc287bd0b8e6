import type { OwnKey } from '@rapida/calls';
import { type OpenedCredential, Secret } from '@rapida/core';
import type { RemoteProvider } from '@rapida/providers';
import type { SettingName } from './settings-catalogue.js';

/** What the environment gives for engines that name no credential. */
export type ProviderKeys = { readonly [P in RemoteProvider]?: OpenedCredential<P> };

/** Which settings open a provider, for people. */
export const KEY_SETTINGS: Readonly<Record<RemoteProvider, string>> = {
  'openai-compatible': 'OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own',
  openai: 'OPENAI_API_KEY',
  deepgram: 'DEEPGRAM_API_KEY',
  assemblyai: 'ASSEMBLYAI_API_KEY',
  elevenlabs: 'ELEVENLABS_API_KEY',
  cartesia: 'CARTESIA_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GEMINI_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  groq: 'GROQ_API_KEY',
  'google-cloud': 'GOOGLE_APPLICATION_CREDENTIALS',
  'azure-speech': 'AZURE_SPEECH_KEY and AZURE_SPEECH_REGION',
  'azure-openai': 'AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT',
  bedrock: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION',
};

/** `read` gives a setting or undefined; `readFile` the text of a file that a setting names. */
export function readProviderKeys(
  read: (name: SettingName) => string | undefined,
  readFile: (name: SettingName, path: string) => string,
): ProviderKeys {
  const keyed = (name: SettingName) => {
    const key = read(name);
    return key === undefined ? undefined : { apiKey: new Secret(key) };
  };
  const openai = keyed('OPENAI_API_KEY');
  const accountFile = read('GOOGLE_APPLICATION_CREDENTIALS');
  const account = accountFile && readFile('GOOGLE_APPLICATION_CREDENTIALS', accountFile);
  const speech = keyed('AZURE_SPEECH_KEY');
  const region = read('AZURE_SPEECH_REGION');
  const azure = keyed('AZURE_OPENAI_API_KEY');
  const endpoint = read('AZURE_OPENAI_ENDPOINT');
  const found: { readonly [P in RemoteProvider]: OpenedCredential<P> | undefined } = {
    'openai-compatible': { ...openai, baseUrl: read('OPENAI_BASE_URL') },
    openai,
    deepgram: keyed('DEEPGRAM_API_KEY'),
    assemblyai: keyed('ASSEMBLYAI_API_KEY'),
    elevenlabs: keyed('ELEVENLABS_API_KEY'),
    cartesia: keyed('CARTESIA_API_KEY'),
    anthropic: keyed('ANTHROPIC_API_KEY'),
    google: keyed('GEMINI_API_KEY'),
    mistral: keyed('MISTRAL_API_KEY'),
    groq: keyed('GROQ_API_KEY'),
    'google-cloud': account === undefined ? undefined : { serviceAccount: new Secret(account) },
    'azure-speech': speech && region ? { ...speech, region } : undefined,
    'azure-openai': azure && endpoint ? { ...azure, endpoint } : undefined,
    bedrock: bedrock(read),
  };
  return Object.fromEntries(Object.entries(found).filter(([, one]) => one !== undefined)) as ProviderKeys;
}

/** Those that can be asked about: a server of one's own without a key is none. */
export function ownKeysOf(keys: ProviderKeys): readonly OwnKey[] {
  const named = Object.entries(keys).map(([provider, credential]) => ({ provider, credential }) as OwnKey);
  return named.filter((key) => key.provider !== 'openai-compatible' || key.credential.apiKey !== undefined);
}

function bedrock(read: (name: SettingName) => string | undefined): OpenedCredential<'bedrock'> | undefined {
  const accessKeyId = read('AWS_ACCESS_KEY_ID');
  const secretAccessKey = read('AWS_SECRET_ACCESS_KEY');
  const region = read('AWS_REGION');
  if (!accessKeyId || !secretAccessKey || !region) return undefined;
  return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), region };
}
