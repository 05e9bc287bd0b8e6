import { isIP } from 'node:net';

/**
 * Every setting, with its default and what it accepts: the one list. `config.ts` reads them, `docs/settings.md` is
 * tested against it both ways. Nested names use a double underscore.
 */
export interface SettingKind {
  /** Shown in the documentation; undefined where there is none. */
  readonly standard: string | undefined;
  readonly accepts: string;
  readonly doc: string;
  readonly test: (text: string) => boolean;
  readonly secret?: true;
}

const port = (text: string): boolean => /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535;
const count = (text: string): boolean => /^[0-9]{1,9}$/.test(text);
const host = (text: string): boolean => /^[A-Za-z0-9_.:[\]-]{1,253}$/.test(text);
const postgresAddress = (text: string): boolean => /^postgres(ql)?:\/\/\S+$/.test(text);
const redisAddress = (text: string): boolean => /^rediss?:\/\/\S+$/.test(text) && URL.canParse(text);
const region = (text: string): boolean => /^[a-z0-9-]{1,40}$/.test(text);
const webAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const name = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);
const pathPrefix = (text: string): boolean => /^(\/[A-Za-z0-9._~-]+)+$/.test(text) && text.length <= 200;
const anything = (text: string): boolean => text.trim() !== '';

/** In base64 as the standard has it: another spelling of the same bytes is more likely a key that was cut. */
export function isVaultKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export function vaultKeysIn(text: string): string[] {
  return text.split(',').map((key) => key.trim());
}

const keyOf = (provider: string): SettingKind => ({
  standard: undefined,
  accepts: 'a key',
  doc: `For assistants with a provider \`${provider}\` that name no credential.`,
  test: anything,
  secret: true,
});

const PORT = 'a port, 0 to 65535 (0 picks a free one)';
const ADDRESS = 'an address or host name';

export const SETTINGS = {
  PUBLIC_ASSISTANT_HOST: {
    standard: 'localhost:8080',
    accepts: 'host or host:port, without a scheme',
    doc: 'Where Asterisk reaches us; used in every generated dialplan and URL. Unset, it follows `HTTP__PORT`.',
    test: (text) => host(text) && !text.includes('//'),
  },
  HTTP__HOST: { standard: '0.0.0.0', accepts: ADDRESS, doc: 'Where HTTP and the media WebSocket listen.', test: host },
  HTTP__PORT: { standard: '8080', accepts: PORT, doc: 'REST, webhook, media WebSocket, metrics, health.', test: port },
  HTTP__TLS_CERT: {
    standard: undefined,
    accepts: 'the path of a PEM file',
    doc: 'Certificate chain; with `HTTP__TLS_KEY` the same port speaks https and wss.',
    test: anything,
  },
  HTTP__TLS_KEY: { standard: undefined, accepts: 'the path of a PEM file', doc: 'Private key.', test: anything },
  HTTP__PATH_PREFIX: {
    standard: undefined,
    accepts: 'a path without a slash at its end, e.g. /rapida',
    doc: 'Under which path a proxy shows this server to browsers. Requests are answered with it and without it. A proxy that says `X-Forwarded-Prefix` needs no setting.',
    test: pathPrefix,
  },
  HTTP__TRUSTED_PROXIES: {
    standard: undefined,
    accepts: 'addresses and networks with commas between, e.g. 127.0.0.1,10.0.0.0/8',
    doc: 'Proxies that are believed in `X-Forwarded-For`: by that address failed attempts to sign in are counted. Unset: none is, and those behind one proxy count as one.',
    test: (text) => text.split(',').every((one) => isNetwork(one.trim())),
  },
  AUDIOSOCKET__HOST: { standard: '0.0.0.0', accepts: ADDRESS, doc: 'Where AudioSocket listens.', test: host },
  AUDIOSOCKET__PORT: { standard: '4573', accepts: PORT, doc: 'AudioSocket (TCP).', test: port },
  GRPC__HOST: { standard: '0.0.0.0', accepts: ADDRESS, doc: 'Where gRPC listens.', test: host },
  GRPC__PORT: { standard: '9090', accepts: PORT, doc: 'gRPC.', test: port },
  DATA_DIR: {
    standard: './data',
    accepts: 'a folder',
    doc: 'Embedded database, recordings, generated keys (files 0600, folder 0700).',
    test: anything,
  },
  DATABASE_URL: {
    standard: undefined,
    accepts: 'postgres://user:password@host:5432/database',
    doc: 'PostgreSQL instead of the embedded database; see [PostgreSQL](../operations/postgresql.md).',
    test: postgresAddress,
    secret: true,
  },
  DATABASE__CONNECTIONS: {
    standard: '8',
    accepts: 'a number, 1 to 200',
    doc: 'Connections of this node to PostgreSQL, at most.',
    test: (text) => count(text) && Number(text) >= 1 && Number(text) <= 200,
  },
  REDIS_URL: {
    standard: undefined,
    accepts: 'redis://user:password@host:6379/0, or rediss:// for TLS',
    doc: 'Redis: what several nodes have in common beside the database; see [Redis](../operations/redis.md). Unset: one node.',
    test: redisAddress,
    secret: true,
  },
  REDIS__PREFIX: {
    standard: 'rapida',
    accepts: 'letters, digits, `.`, `_` and `-`, up to 64',
    doc: 'In front of every key and channel: installations that share a Redis have one each.',
    test: name,
  },
  NODE__ID: {
    standard: undefined,
    accepts: 'letters, digits, `.`, `_` and `-`, up to 64',
    doc: 'Name of this node among those of the installation, the same after a restart. Unset: the name of the host and a random part, kept in `DATA_DIR/node-id`. Without `REDIS_URL` there is one node, `single`.',
    test: name,
  },
  VAULT__KEY: {
    standard: undefined,
    accepts: '32 bytes in base64 (openssl rand -base64 32), or several of them with commas between',
    doc: 'Seals credentials: the first key encrypts, all decrypt. Unset: made by the first start in `DATA_DIR/vault.key`; without it the credentials in a backup cannot be read.',
    test: (text) => vaultKeysIn(text).every(isVaultKey),
    secret: true,
  },
  CONTEXT__TTL_SECONDS: {
    standard: '300',
    accepts: 'seconds, 1 to 86400',
    doc: 'How long a registered call waits for its media.',
    test: (text) => count(text) && Number(text) >= 1 && Number(text) <= 86_400,
  },
  LIMITS__MAX_CALLS: {
    standard: '0',
    accepts: 'a number; 0 is no limit',
    doc: 'Calls at once, of all nodes together; above it the webhook answers 503. The same for all nodes.',
    test: count,
  },
  LIMITS__OUTBOUND_CALLS: {
    standard: '50',
    accepts: 'a number, 1 to 10000',
    doc: 'Calls that a project may have under way which it placed itself, on all nodes together; the others wait. The same for all nodes.',
    test: (text) => count(text) && Number(text) >= 1 && Number(text) <= 10_000,
  },
  LIMITS__OUTBOUND_QUEUE: {
    standard: '10000',
    accepts: 'a number, 1 to 1000000',
    doc: 'Calls of a project that may wait to be placed; more are refused with `queue_full`.',
    test: (text) => count(text) && Number(text) >= 1 && Number(text) <= 1_000_000,
  },
  DRAIN__TIMEOUT_SECONDS: {
    standard: '300',
    accepts: 'seconds, 0 to 86400',
    doc: 'How long SIGTERM waits for running calls.',
    test: (text) => count(text) && Number(text) <= 86_400,
  },
  WEBHOOKS__ALLOW_PRIVATE: {
    standard: 'false',
    accepts: 'true or false',
    doc: 'Whether webhooks may go to loopback, private and link-local addresses.',
    test: (text) => text === 'true' || text === 'false',
  },
  TOOLS__ALLOWED_HOSTS: {
    standard: undefined,
    accepts: 'hosts with commas between: `name`, `name:port` or `*.domain`',
    doc: 'Where the tools of assistants may go, also if it is private. Unset: to the public internet and nowhere else.',
    test: (text) => text.split(',').every((one) => /^(\*\.)?[A-Za-z0-9_.:[\]-]{1,253}$/.test(one.trim())),
  },
  LOG_LEVEL: {
    standard: 'info',
    accepts: 'trace, debug, info, warn, error, fatal or silent',
    doc: 'What is logged: JSON lines unless a terminal is attached.',
    test: (text) => ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].includes(text),
  },
  OPENAI_API_KEY: {
    standard: undefined,
    accepts: 'a key',
    doc: 'For assistants with a provider `openai` or `openai-compatible`. A server of your own may need none.',
    test: anything,
    secret: true,
  },
  OPENAI_BASE_URL: {
    standard: 'https://api.openai.com/v1',
    accepts: 'an http or https URL',
    doc: "Any server with OpenAI's API: vLLM, Ollama, LocalAI, speaches.",
    test: webAddress,
  },
  DEEPGRAM_API_KEY: keyOf('deepgram'),
  ASSEMBLYAI_API_KEY: keyOf('assemblyai'),
  ELEVENLABS_API_KEY: keyOf('elevenlabs'),
  CARTESIA_API_KEY: keyOf('cartesia'),
  ANTHROPIC_API_KEY: keyOf('anthropic'),
  GEMINI_API_KEY: keyOf('google'),
  MISTRAL_API_KEY: keyOf('mistral'),
  GROQ_API_KEY: keyOf('groq'),
  GOOGLE_APPLICATION_CREDENTIALS: {
    standard: undefined,
    accepts: 'the path of a JSON file',
    doc: 'Key of a service account, for assistants with a provider `google-cloud`.',
    test: anything,
  },
  AZURE_SPEECH_KEY: keyOf('azure-speech'),
  AZURE_SPEECH_REGION: {
    standard: undefined,
    accepts: 'a region, as in westeurope',
    doc: 'Of `AZURE_SPEECH_KEY`.',
    test: region,
  },
  AZURE_OPENAI_API_KEY: keyOf('azure-openai'),
  AZURE_OPENAI_ENDPOINT: {
    standard: undefined,
    accepts: 'an http or https URL',
    doc: 'Of `AZURE_OPENAI_API_KEY`: the address of the resource.',
    test: webAddress,
  },
  AWS_ACCESS_KEY_ID: keyOf('bedrock'),
  AWS_SECRET_ACCESS_KEY: keyOf('bedrock'),
  AWS_REGION: {
    standard: undefined,
    accepts: 'a region, as in eu-central-1',
    doc: 'Of the keys for `bedrock`.',
    test: region,
  },
} as const satisfies Record<string, SettingKind>;

export type SettingName = keyof typeof SETTINGS;

/** A name with one of these sections is ours: a typo in it stops the start instead of being ignored. */
export const SECTIONS = [
  'HTTP',
  'AUDIOSOCKET',
  'GRPC',
  'DATABASE',
  'REDIS',
  'NODE',
  'VAULT',
  'CONTEXT',
  'LIMITS',
  'DRAIN',
  'WEBHOOKS',
  'TOOLS',
] as const;
