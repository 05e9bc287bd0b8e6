import { CREDENTIAL_PROVIDERS, type CredentialProvider, ENDPOINT_TECHNOLOGIES, SECRET_FIELDS } from '@rapida/core';
import { type Command, Option } from 'commander';
import { readSecret } from './secret-input.js';
import type { Terminal } from './terminal.js';

/** What a credential holds, as the command line gives it. An empty text is nothing. */
export interface ValueOptions {
  readonly ariUrl?: string;
  readonly ariUser?: string;
  readonly ariPasswordFile?: string;
  readonly technology?: string;
  readonly trunk?: string;
  readonly apiKeyFile?: string;
  readonly baseUrl?: string;
  readonly speechUrl?: string;
  readonly voiceUrl?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly apiVersion?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKeyFile?: string;
  readonly serviceAccountFile?: string;
  readonly tokenFile?: string;
}

type OptionName = keyof ValueOptions;

const KEYED = { apiKey: 'apiKeyFile', baseUrl: 'baseUrl' } as const;

/** The options of each provider, by the field each of them fills. */
const OPTIONS: Readonly<Record<CredentialProvider, Readonly<Record<string, OptionName>>>> = {
  asterisk: {
    ari_url: 'ariUrl',
    ari_user: 'ariUser',
    ari_password: 'ariPasswordFile',
    endpoint_technology: 'technology',
    trunk: 'trunk',
  },
  'openai-compatible': KEYED,
  openai: KEYED,
  deepgram: KEYED,
  assemblyai: KEYED,
  elevenlabs: KEYED,
  cartesia: KEYED,
  anthropic: KEYED,
  google: KEYED,
  mistral: KEYED,
  groq: KEYED,
  'google-cloud': { serviceAccount: 'serviceAccountFile', speechUrl: 'speechUrl', voiceUrl: 'voiceUrl' },
  'azure-speech': { apiKey: 'apiKeyFile', region: 'region', speechUrl: 'speechUrl', voiceUrl: 'voiceUrl' },
  'azure-openai': { apiKey: 'apiKeyFile', endpoint: 'endpoint', apiVersion: 'apiVersion' },
  bedrock: {
    ...{ region: 'region', accessKeyId: 'accessKeyId', secretAccessKey: 'secretAccessKeyFile', baseUrl: 'baseUrl' },
  },
  http: { token: 'tokenFile' },
};

export function withValueOptions(command: Command): Command {
  return command
    .option('--ari-url <url>', 'where the HTTP server of Asterisk is, as in http://127.0.0.1:8088')
    .option('--ari-user <name>', 'section of ari.conf')
    .option('--ari-password-file <file>', 'file with the password, or - for standard input (default: asked for)')
    .addOption(
      new Option('--technology <name>', 'how numbers are dialled (default: PJSIP)').choices(ENDPOINT_TECHNOLOGIES),
    )
    .option('--trunk <name>', 'endpoint in Asterisk that leads to the telephone network')
    .option('--api-key-file <file>', 'file with the key of a provider, or - for standard input (default: asked for)')
    .option('--base-url <url>', 'a server of your own, up to and with the version, as in http://127.0.0.1:11434/v1')
    .option('--region <name>', 'of azure-speech and bedrock, as in westeurope')
    .option('--endpoint <url>', 'of azure-openai: the address of the resource')
    .option('--api-version <version>', 'of azure-openai')
    .option('--access-key-id <id>', 'of bedrock')
    .option('--secret-access-key-file <file>', 'of bedrock: file with the secret key, or - for standard input')
    .option('--service-account-file <file>', "of google-cloud: the JSON file of a service account's key")
    .option('--speech-url <url>', 'of google-cloud and azure-speech: another address for recognition')
    .option('--voice-url <url>', 'of google-cloud and azure-speech: another address for voices')
    .option('--token-file <file>', 'of http: file with the token that tools send, or - for standard input');
}

export function providerOption(): Option {
  return new Option('--provider <name>', 'what it opens').choices(CREDENTIAL_PROVIDERS).default('asterisk');
}

/** Whether anything of the value was given. */
export function namesValue(options: ValueOptions): boolean {
  return Object.values(OPTIONS).some((fields) => Object.values(fields).some((name) => options[name] !== undefined));
}

/**
 * The whole value: it is replaced as one, because nothing of an old one ever comes back. `had` names the fields of the
 * old one: leaving one of them out could be a slip, so it has to be given again, empty to be rid of it.
 */
export async function valueFrom(
  provider: CredentialProvider,
  options: ValueOptions,
  had: readonly string[],
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  refuseOthers(provider, options);
  const { field: secretField, question, required } = secretOf(provider);
  const lost = had.filter((field) => field !== secretField && options[optionOf(provider, field)] === undefined);
  if (lost.length > 0) {
    const flags = lost.map((field) => flagOf(optionOf(provider, field))).join(', ');
    throw new Error(`a value is replaced as a whole, and this one has ${lost.join(', ')}: give ${flags} again`);
  }
  if (provider === 'asterisk') checkAriAddress(options);
  const fields = Object.entries(OPTIONS[provider])
    .filter(([field]) => field !== secretField)
    .map(([field, name]) => [field, options[name]] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined && entry[1] !== '');
  const source = options[optionOf(provider, secretField)];
  const secret = source === undefined && !required ? undefined : await readSecret(source, question, terminal);
  return { ...Object.fromEntries(fields), ...(secret !== undefined && { [secretField]: secret }) };
}

interface SecretQuestion {
  readonly field: string;
  readonly required: boolean;
  readonly question: { readonly flag: string; readonly what: string };
}

/** What the question for the secret field calls it. */
const ASKED_FOR: Readonly<Record<string, string>> = {
  ari_password: 'password of the ARI user',
  apiKey: 'API key',
  serviceAccount: "JSON of the service account's key",
  secretAccessKey: 'secret access key',
  token: 'token',
};

/** A server of one's own may need no key; all others have a secret. */
function secretOf(provider: CredentialProvider): SecretQuestion {
  const field = SECRET_FIELDS[provider];
  const flag = flagOf(optionOf(provider, field));
  return { field, required: provider !== 'openai-compatible', question: { flag, what: ASKED_FOR[field] ?? field } };
}

function refuseOthers(provider: CredentialProvider, options: ValueOptions): void {
  const own = Object.values(OPTIONS[provider]);
  const strange = Object.entries(options).find(
    ([name, value]) => value !== undefined && ALL_OPTIONS.includes(name) && !own.includes(name as OptionName),
  );
  if (strange === undefined) return;
  throw new Error(`${flagOf(strange[0])} is not of provider ${provider}; accepted are ${own.map(flagOf).join(', ')}`);
}

const ALL_OPTIONS: readonly string[] = Object.values(OPTIONS).flatMap((fields) => Object.values(fields));

function checkAriAddress({ ariUrl, ariUser }: ValueOptions): void {
  if (!ariUrl) throw new Error('--ari-url is needed: the HTTP server of Asterisk, as in http://127.0.0.1:8088');
  if (!ariUser) throw new Error('--ari-user is needed: the section of ari.conf');
  const url = URL.canParse(ariUrl) ? new URL(ariUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error('--ari-url: accepted is an http or https address, as in http://127.0.0.1:8088');
  }
  // Not repeated: it holds a password.
  if (url.username !== '' || url.password !== '') {
    throw new Error('--ari-url: without user and password; those are --ari-user and --ari-password-file');
  }
}

/** A field that this version does not know has no option: it is said by its own name. */
function optionOf(provider: CredentialProvider, field: string): OptionName {
  return OPTIONS[provider][field] ?? (field as OptionName);
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
