import { RapidaError } from '@rapida/core';
import {
  FEATURES,
  type FeatureName,
  parseRelease,
  type Release,
  releaseName,
  sinceText,
  supports,
} from './releases.js';
import { checkRequest, type DialplanRequest, type MediaFormat } from './request.js';

/** A request with every choice made that its release allows. */
export interface Plan {
  readonly release: Release;
  /** `app`: AudioSocket(); `dial`: a channel by Dial(), for AudioSocket where the application cannot be used. */
  readonly media: 'app' | 'dial';
  readonly transport: DialplanRequest['transport'];
  readonly directions: readonly ('inbound' | 'outbound')[];
  readonly servers: readonly PlannedServer[];
  readonly scheme: 'http' | 'https';
  readonly format: MediaFormat;
  /** Undefined where the release knows only plain text and no option for it. */
  readonly control: 'json' | 'plain-text' | undefined;
  readonly layout: 'asterisk' | 'freepbx';
  /** The authority that CURL() is told of; undefined: the system's. */
  readonly curlCaFile: string | undefined;
  readonly clientCaFile: string;
  readonly failureCodes: boolean;
  readonly keyIn: 'header' | 'url';
  readonly ariPassword: string;
  /** What the release cannot do, and what the owner has to know. */
  readonly notes: readonly string[];
}

export interface PlannedServer {
  /** host or host:port of HTTP. */
  readonly authority: string;
  /** host:port */
  readonly audiosocket: string;
  readonly assistantId: string;
  readonly apiKey: string;
  /** Section of websocket_client.conf. */
  readonly section: string;
}

/** Where Debian and its relatives keep them. */
const SYSTEM_CA_FILE = '/etc/ssl/certs/ca-certificates.crt';
export const PLACEHOLDER_PASSWORD = 'change-this-password';

/** Fails with `invalid_request` where the request is malformed, or no release of that kind can do it. */
export function planFor(request: DialplanRequest): Plan {
  checkRequest(request);
  const release = parseRelease(request.asterisk ?? '22');
  const { transport, direction = 'inbound', scheme = 'http', layout = 'asterisk' } = request;
  const notes = new Set<string>();
  const can = (feature: FeatureName): boolean => {
    const able = supports(release, feature);
    if (!able) notes.add(`Asterisk ${releaseName(release)}: ${FEATURES[feature].without}.`);
    return able;
  };
  const format = transport === 'websocket' ? webSocketFormat(request, release, can) : audioSocketFormat(request, can);
  const inbound = direction !== 'outbound';
  const keyIn = inbound && request.keyIn !== 'url' && !can('curlHeader') ? 'url' : (request.keyIn ?? 'header');
  refuseSeveralKeysInHeaders(request, keyIn);
  const { caFile } = request;
  const plan = {
    release,
    media: transport === 'audiosocket' && format === 'slin' && can('audiosocketReturns') ? 'app' : 'dial',
    transport,
    directions: direction === 'both' ? (['inbound', 'outbound'] as const) : [direction],
    servers: plannedServers(request),
    scheme,
    format,
    control: transport === 'websocket' ? controlForm(request, can) : undefined,
    layout,
    curlCaFile: scheme === 'https' && caFile !== undefined && can('curlCaFile') ? caFile : undefined,
    clientCaFile: caFile ?? SYSTEM_CA_FILE,
    failureCodes: inbound ? can('curlFailureCodes') : supports(release, 'curlFailureCodes'),
    keyIn,
    ariPassword: request.ariPassword ?? PLACEHOLDER_PASSWORD,
  } as const;
  for (const note of surroundings(request)) notes.add(note);
  return { ...plan, notes: [...notes] };
}

type Can = (feature: FeatureName) => boolean;

function webSocketFormat({ format }: DialplanRequest, release: Release, can: Can): MediaFormat {
  if (!supports(release, 'chanWebSocket')) {
    throw new RapidaError(
      'invalid_request',
      `Asterisk ${releaseName(release)} has no WebSocket channel (it came with ${sinceText('chanWebSocket')}): use the transport audiosocket`,
    );
  }
  // Below, ulaw and alaw are transcoded from the silence that the channel makes itself.
  return can('cleanSilence') ? (format ?? 'ulaw') : (format ?? 'slin');
}

function audioSocketFormat({ format = 'slin' }: DialplanRequest, can: Can): MediaFormat {
  if (format === 'ulaw' || format === 'alaw') {
    throw new RapidaError(
      'invalid_request',
      `format: AudioSocket carries slin or slin16, not ${format}; Asterisk converts what the caller's phone speaks`,
    );
  }
  can('audiosocket');
  can('audiosocketNoDelay');
  can('audiosocketComfortNoise');
  return format === 'slin16' && can('audiosocketWide') ? 'slin16' : 'slin';
}

function controlForm({ control }: DialplanRequest, can: Can): Plan['control'] {
  return can('jsonControl') ? (control ?? 'json') : undefined;
}

/** Asterisk adds header after header to a channel and cannot take one away: the second server would get both keys. */
function refuseSeveralKeysInHeaders({ servers }: DialplanRequest, keyIn: Plan['keyIn']): void {
  const keys = new Set(servers.map(({ apiKey }) => apiKey));
  if (keyIn === 'url' || keys.size < 2) return;
  throw new RapidaError(
    'invalid_request',
    'key: CURLOPT(httpheader) can hold one key per call: give all servers the same key, or ask for the key in the URL',
  );
}

function plannedServers({ servers }: DialplanRequest): PlannedServer[] {
  return servers.map(({ host, httpPort, audiosocketPort, assistantId = '', apiKey = '' }, index) => ({
    authority: httpPort === undefined ? host : `${host}:${httpPort}`,
    audiosocket: `${host}:${audiosocketPort}`,
    assistantId,
    apiKey,
    section: servers.length === 1 ? 'rapida' : `rapida-${index + 1}`,
  }));
}

function surroundings({ transport, direction, servers, ariPassword, layout }: DialplanRequest): string[] {
  const notes: string[] = [];
  if (transport === 'audiosocket') {
    notes.push(
      'AudioSocket has neither encryption nor password, also beside https: keep it on a private network, or use the transport websocket.',
    );
  }
  if (servers.some(({ host }) => host === 'localhost')) {
    notes.push('The server is localhost: that is right only where Asterisk runs on the same host.');
  }
  if (servers.length > 1) {
    notes.push(
      'Servers that share DATABASE_URL and REDIS_URL take up the calls of one that dies. Others must know the assistant and the key under its number: start them with a copy of the DATA_DIR of the first; calls begin anew there.',
    );
  }
  if (direction === undefined || direction === 'inbound') return notes;
  notes.push(
    'To place calls: rapida credentials create my-pbx --ari-url http://<host of Asterisk>:8088 --ari-user rapida --trunk <endpoint>, then rapida assistants deploy --credential my-pbx --context rapida-outbound, then rapida calls create --to <number> --follow.',
  );
  if (ariPassword === undefined) notes.push(`ari.conf: replace ${PLACEHOLDER_PASSWORD} before ARI is switched on.`);
  if (layout === 'freepbx') {
    notes.push('FreePBX: switch on Settings > Advanced Settings > Enable the mini-HTTP Server, which ARI needs.');
  }
  return notes;
}
