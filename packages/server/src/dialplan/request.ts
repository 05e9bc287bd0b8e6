import { isEntityId, RapidaError } from '@rapida/core';

export type MediaTransportName = 'audiosocket' | 'websocket';
export type MediaFormat = 'ulaw' | 'alaw' | 'slin' | 'slin16';

/** What to write a configuration for. What is left out has the default that is named. */
export interface DialplanRequest {
  /** `22` (its newest release), `22.10`, `20.14.0`. Default 22. */
  readonly asterisk?: string | undefined;
  readonly transport: MediaTransportName;
  /** Default inbound. */
  readonly direction?: 'inbound' | 'outbound' | 'both' | undefined;
  /** In the order in which they are tried, 1 to 8. */
  readonly servers: readonly DialplanServer[];
  /** Default http. */
  readonly scheme?: 'http' | 'https' | undefined;
  /** Where the key travels. Default header. */
  readonly keyIn?: 'header' | 'url' | undefined;
  /** Default: slin by AudioSocket, ulaw by WebSocket. */
  readonly format?: MediaFormat | undefined;
  /** How the WebSocket channel speaks. Default json where the release can. */
  readonly control?: 'json' | 'plain-text' | undefined;
  /** Whose files: Asterisk's own, or the ones FreePBX leaves to its owner. Default asterisk. */
  readonly layout?: 'asterisk' | 'freepbx' | undefined;
  /** PEM file on the Asterisk host that has the certificate authority of the servers. Default: the system's. */
  readonly caFile?: string | undefined;
  /** Of the ARI user, for outbound. */
  readonly ariPassword?: string | undefined;
}

export interface DialplanServer {
  /** Name, IPv4 address or `[IPv6 address]`. */
  readonly host: string;
  /** Default: the scheme's own. */
  readonly httpPort?: number | undefined;
  readonly audiosocketPort: number;
  /** Not needed for outbound alone. */
  readonly assistantId?: string | undefined;
  readonly apiKey?: string | undefined;
}

export const AUDIOSOCKET_PORT = 4573;
/** Each server that is down costs the caller seconds of silence. */
export const SERVERS_MAX = 8;

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])$/;
/** Nothing in here means anything to a dialplan, a configuration file or a URL. */
const WORD = /^[A-Za-z0-9._~-]{1,200}$/;
const PATH = /^\/[A-Za-z0-9._/-]{1,250}$/;

/** Reads `host[:http port][/audiosocket port]`. Fails with `invalid_request`. */
export function parseServer(text: string): Pick<DialplanServer, 'host' | 'httpPort' | 'audiosocketPort'> {
  const [, host = '', http, audiosocket] =
    /^(\[[^\]]*\]|[^:/]*)(?::([0-9]{1,5}))?(?:\/([0-9]{1,5}))?$/.exec(text) ?? [];
  const server = {
    host,
    httpPort: http === undefined ? undefined : Number(http),
    audiosocketPort: Number(audiosocket ?? AUDIOSOCKET_PORT),
  };
  check(
    isServer(server),
    `server ${JSON.stringify(text)}`,
    'host[:http port][/audiosocket port], such as ai-1.example.com:8080/4573',
  );
  return server;
}

/** Refuses everything that could mean something else in a dialplan than the value it is. Fails with `invalid_request`. */
export function checkRequest(request: DialplanRequest): void {
  const { servers, caFile, ariPassword } = request;
  checkChoices(request);
  check(servers.length >= 1 && servers.length <= SERVERS_MAX, 'servers', `1 to ${SERVERS_MAX} of them`);
  for (const server of servers) {
    check(
      isServer(server),
      `server ${JSON.stringify(server.host)}`,
      'a host name or address, and ports from 1 to 65535',
    );
    if (request.direction === 'outbound') continue;
    check(isEntityId(server.assistantId ?? ''), 'assistant', 'the number of an assistant');
    check(WORD.test(server.apiKey ?? ''), 'key', 'letters, digits and . _ ~ -');
  }
  check(caFile === undefined || PATH.test(caFile), 'ca', 'an absolute path of letters, digits and . _ - /');
  check(ariPassword === undefined || WORD.test(ariPassword), 'ari password', 'letters, digits and . _ ~ -');
}

const CHOICES = {
  transport: ['audiosocket', 'websocket'],
  direction: ['inbound', 'outbound', 'both'],
  scheme: ['http', 'https'],
  keyIn: ['header', 'url'],
  format: ['ulaw', 'alaw', 'slin', 'slin16'],
  control: ['json', 'plain-text'],
  layout: ['asterisk', 'freepbx'],
} as const;

/** Requests come from a command line too, whose words no compiler has checked. */
function checkChoices(request: DialplanRequest): void {
  for (const [name, accepted] of Object.entries(CHOICES)) {
    const given = request[name as keyof typeof CHOICES];
    const optional = name !== 'transport' && given === undefined;
    check(optional || (accepted as readonly unknown[]).includes(given), name, accepted.join(', '));
  }
}

function isServer({ host, httpPort = 80, audiosocketPort }: DialplanServer): boolean {
  return HOST.test(host) && isPort(httpPort) && isPort(audiosocketPort);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** The value itself is not repeated where it may be a secret. */
function check(fine: boolean, what: string, accepted: string): void {
  if (!fine) throw new RapidaError('invalid_request', `${what}: accepted is ${accepted}`);
}
