import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { RapidaError, Secret } from '@rapida/core';
import { type ProviderKeys, readProviderKeys } from './provider-keys.js';
import { SECTIONS, SETTINGS, type SettingKind, type SettingName, vaultKeysIn } from './settings-catalogue.js';

export interface Config {
  /** Undefined: `localhost` and the port HTTP turns out to listen on. */
  readonly publicHost: string | undefined;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly tls: TlsFiles | undefined;
    /** Empty, or `/path`. */
    readonly pathPrefix: string;
    readonly trustedProxies: readonly string[] | undefined;
  };
  readonly audiosocket: { readonly host: string; readonly port: number };
  readonly grpc: { readonly host: string; readonly port: number };
  readonly dataDir: string;
  /** Undefined: the embedded database in DATA_DIR. */
  readonly databaseUrl: Secret | undefined;
  readonly databaseConnections: number;
  /** Undefined: one node. */
  readonly redisUrl: Secret | undefined;
  readonly redisPrefix: string;
  /** Undefined: the name kept in DATA_DIR. */
  readonly nodeId: string | undefined;
  /** Each 32 bytes in base64, the first seals. Undefined: the key in DATA_DIR. */
  readonly vaultKeys: readonly Secret[] | undefined;
  readonly contextTtlMs: number;
  readonly callsMax: number;
  /** Calls that a project may have under way which it placed itself. */
  readonly outboundCallsMax: number;
  /** Calls of a project that may wait to be placed. */
  readonly outboundQueueMax: number;
  /** Webhooks may go to addresses that are not of the public internet. */
  readonly webhooksAllowPrivate: boolean;
  /** Where tools may go; undefined: to the public internet. */
  readonly toolHosts: readonly string[] | undefined;
  readonly drainMs: number;
  readonly logLevel: string;
  /** For engines that name no credential. */
  readonly providerKeys: ProviderKeys;
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment over a `.env` file in the working directory. Fails with `setting_invalid`. */
export function loadConfig(environment: Environment = process.env, workingDirectory: string = process.cwd()): Config {
  const settings = { ...readDotEnv(resolve(workingDirectory, '.env')), ...environment };
  refuseStrangers(settings);
  const of = (name: SettingName): string => read(settings, name) ?? '';
  const vaultKeys = read(settings, 'VAULT__KEY');
  const databaseUrl = read(settings, 'DATABASE_URL');
  const redisUrl = read(settings, 'REDIS_URL');
  return {
    publicHost: settings.PUBLIC_ASSISTANT_HOST === undefined ? undefined : of('PUBLIC_ASSISTANT_HOST'),
    http: {
      host: of('HTTP__HOST'),
      port: Number(of('HTTP__PORT')),
      tls: tlsFiles(settings),
      pathPrefix: of('HTTP__PATH_PREFIX'),
      trustedProxies: read(settings, 'HTTP__TRUSTED_PROXIES')
        ?.split(',')
        .map((one) => one.trim()),
    },
    audiosocket: { host: of('AUDIOSOCKET__HOST'), port: Number(of('AUDIOSOCKET__PORT')) },
    grpc: { host: of('GRPC__HOST'), port: Number(of('GRPC__PORT')) },
    dataDir: resolve(workingDirectory, of('DATA_DIR')),
    databaseUrl: databaseUrl === undefined ? undefined : new Secret(databaseUrl),
    databaseConnections: Number(of('DATABASE__CONNECTIONS')),
    redisUrl: redisUrl === undefined ? undefined : new Secret(redisUrl),
    redisPrefix: of('REDIS__PREFIX'),
    nodeId: read(settings, 'NODE__ID'),
    vaultKeys: vaultKeys === undefined ? undefined : vaultKeysIn(vaultKeys).map((key) => new Secret(key)),
    contextTtlMs: Number(of('CONTEXT__TTL_SECONDS')) * 1000,
    callsMax: Number(of('LIMITS__MAX_CALLS')),
    outboundCallsMax: Number(of('LIMITS__OUTBOUND_CALLS')),
    outboundQueueMax: Number(of('LIMITS__OUTBOUND_QUEUE')),
    webhooksAllowPrivate: of('WEBHOOKS__ALLOW_PRIVATE') === 'true',
    toolHosts: read(settings, 'TOOLS__ALLOWED_HOSTS')?.split(','),
    drainMs: Number(of('DRAIN__TIMEOUT_SECONDS')) * 1000,
    logLevel: of('LOG_LEVEL'),
    providerKeys: readProviderKeys(
      (name) => read(settings, name),
      (name, path) => readNamedFile(name, resolve(workingDirectory, path)),
    ),
  };
}

/** What commands need to reach a server: `RAPIDA_URL` and `RAPIDA_API_KEY`, else the server on this host and its own key. */
export interface ClientConfig {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly audiosocketPort: number;
}

/** Reads the same places as {@link loadConfig}; the admin key is in DATA_DIR on the server's own host. */
export function loadClientConfig(
  environment: Environment = process.env,
  workingDirectory: string = process.cwd(),
): ClientConfig {
  const settings = { ...readDotEnv(resolve(workingDirectory, '.env')), ...environment };
  const scheme = tlsFiles(settings) === undefined ? 'http' : 'https';
  const keyFile = resolve(workingDirectory, read(settings, 'DATA_DIR') ?? '', 'admin-api-key');
  return {
    url: settings.RAPIDA_URL ?? `${scheme}://localhost:${read(settings, 'HTTP__PORT')}`,
    apiKey: settings.RAPIDA_API_KEY ?? (existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : undefined),
    audiosocketPort: Number(read(settings, 'AUDIOSOCKET__PORT')),
  };
}

function readDotEnv(path: string): Environment {
  if (!existsSync(path)) return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RapidaError('setting_invalid', `${path} cannot be read: ${String(error)}`, { cause: error });
  }
}

/** The value, or the default; undefined where there is neither. An empty value counts as unset. */
function read(settings: Environment, name: SettingName): string | undefined {
  const kind: SettingKind = SETTINGS[name];
  const text = settings[name];
  if (text === undefined || text === '') return kind.standard;
  if (kind.test(text)) return text;
  throw new RapidaError('setting_invalid', `${name}=${kind.secret ? '[secret]' : text}: accepted is ${kind.accepts}`);
}

function refuseStrangers(settings: Environment): void {
  for (const [name, value] of Object.entries(settings)) {
    const section = name.split('__', 1)[0] ?? '';
    const ours = name.includes('__') && (SECTIONS as readonly string[]).includes(section);
    if (!ours || Object.hasOwn(SETTINGS, name)) continue;
    const siblings = Object.entries<SettingKind>(SETTINGS).filter(([one]) => one.startsWith(`${section}__`));
    // VAULT__KEYS is one letter away from printing a key.
    const shown = siblings.some(([, { secret }]) => secret) ? '[secret]' : value;
    const accepted = siblings.map(([one]) => one).join(', ');
    throw new RapidaError('setting_invalid', `${name}=${shown}: there is no such setting; accepted are ${accepted}`);
  }
}

function tlsFiles(settings: Environment): TlsFiles | undefined {
  const cert = read(settings, 'HTTP__TLS_CERT');
  const key = read(settings, 'HTTP__TLS_KEY');
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const missing = cert === undefined ? 'HTTP__TLS_CERT' : 'HTTP__TLS_KEY';
    throw new RapidaError(
      'setting_invalid',
      `${missing} is not set: https needs both HTTP__TLS_CERT and HTTP__TLS_KEY`,
    );
  }
  return { cert, key };
}

function readNamedFile(name: SettingName, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new RapidaError('setting_invalid', `${name}=${path}: it cannot be read`, { cause: error });
  }
}
