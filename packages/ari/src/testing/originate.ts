import { ALLOCATION_FAILED, type Answer, type Call, refusal, variablesOf } from './answers.js';
import { dial, dialTarget } from './dial.js';
import { type Channel, channelJson, type Exchange, type Party } from './exchange.js';
import type { FakeMedia, PhoneBehaviour } from './fake-types.js';

export interface Surroundings {
  readonly exchange: Exchange;
  readonly endpoints: ReadonlySet<string>;
  readonly webSocketSections: ReadonlySet<string>;
  readonly phones: ReadonlyMap<string, PhoneBehaviour>;
}

const DEFAULT_TIMEOUT_SECONDS = 30;
const FORMATS: ReadonlySet<string> = new Set(['ulaw', 'alaw', 'g722', 'slin', 'slin16', 'slin24', 'slin48', 'opus']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID_IN_USE = refusal(409, 'Channel with given unique ID already exists');

/** POST /channels. */
export function originate(around: Surroundings, { params, body }: Call): Answer {
  const { exchange } = around;
  const { endpoint, app, extension, channelId, formats } = params;
  if (!endpoint) return refusal(400, 'Endpoint must be specified');
  if (!/^[^/]+\/./.test(endpoint)) return refusal(400, 'Invalid endpoint specified');
  if (!app && !extension) return refusal(400, 'Application or extension must be specified');
  const variables = variablesOf(body);
  if (!(variables instanceof Map)) return variables;
  const unknownFormat = formats?.split(',').find((format) => !FORMATS.has(format));
  if (unknownFormat !== undefined) return refusal(400, `Provided format (${unknownFormat}) was not found`);
  if (exchange.channels.has(channelId ?? '')) return ID_IN_USE;
  const target = dialTarget(endpoint, around.endpoints);
  if (target === undefined) return ALLOCATION_FAILED;

  const caller = partyOf(params.callerId ?? '', variables);
  const at = { context: params.context ?? 'default', exten: extension ?? 's', priority: Number(params.priority ?? 1) };
  const serial = exchange.nextSerial();
  const channel = exchange.add({
    id: channelId ?? `1700000000.${serial}`,
    name: `${target.endpoint}-${serial.toString(16).padStart(8, '0')}`,
    endpoint: target.endpoint,
    state: 'Down',
    caller,
    connected: { ...caller },
    variables,
    dialplan: app ? { context: 'default', exten: 's', priority: 1 } : at,
  });
  const dialling = {
    channel,
    target,
    behaviour: around.phones.get(target.number) ?? { outcome: 'answer' },
    timeoutSeconds: Number(params.timeout ?? DEFAULT_TIMEOUT_SECONDS),
    answered: () => {
      if (app) exchange.enterStasis(channel, app, argsOf(params.appArgs));
      else exchange.runDialplan(channel, at);
    },
  } as const;
  return {
    status: 200,
    body: channelJson(channel),
    after: () => {
      exchange.announce(channel);
      if (app) exchange.follow(channel, app);
      dial(exchange, dialling);
    },
  };
}

/** POST /channels/externalMedia. */
export function externalMedia(around: Surroundings, { params, body }: Call): Answer {
  const { exchange } = around;
  const { app, format, channelId } = params;
  const variables = variablesOf(body);
  if (!(variables instanceof Map)) return variables;
  if (!app) return refusal(400, 'app cannot be empty');
  if (!format || !FORMATS.has(format)) return refusal(400, `Provided format (${format}) was not found`);
  if (exchange.channels.has(channelId ?? '')) return ID_IN_USE;
  const serial = exchange.nextSerial();
  const id = channelId ?? `1700000000.${serial}`;
  const media = mediaOf(around, params, { channelId: id, format });
  if ('status' in media) return media;
  const name =
    media.transport === 'tcp' ? `AudioSocket/${media.host}-${media.data}` : `WebSocket/${media.host}/0x${serial}`;
  const channel = exchange.add({ id, name, state: 'Down', media, variables });
  return {
    status: 200,
    body: channelJson(channel),
    after: () => {
      exchange.announce(channel);
      for (const listener of exchange.mediaListeners) listener(media);
      // A listener may have ended it.
      if (!exchange.channels.has(id)) return;
      exchange.setState(channel, 'Up');
      exchange.enterStasis(channel, app, argsOf(media.data));
    },
  };
}

function mediaOf(
  around: Surroundings,
  params: Call['params'],
  known: Pick<FakeMedia, 'channelId' | 'format'>,
): FakeMedia | Answer {
  const { external_host: host, encapsulation, transport, data, transport_data: transportData } = params;
  if (!host) return refusal(400, 'external_host cannot be empty');
  if (encapsulation === 'audiosocket') {
    if (transport !== 'tcp') return refusal(400, 'transport must be tcp for audiosocket');
    if (!data) return refusal(400, 'data cannot be empty for audiosocket');
    if (!UUID.test(data)) return ALLOCATION_FAILED;
    return { ...known, host, encapsulation, transport, data };
  }
  if (transport !== 'websocket') return refusal(501, 'The encapsulation and/or transport is not supported');
  if (encapsulation !== 'none') return refusal(400, 'encapsulation must be none for websocket');
  if (!around.webSocketSections.has(host)) return refusal(400, 'external_host is no section of websocket_client.conf');
  return { ...known, host, encapsulation, transport, ...(transportData ? { transportData } : {}) };
}

/** appArgs are split at their commas. */
function argsOf(appArgs: string | undefined): readonly string[] {
  return appArgs ? appArgs.split(',') : [];
}

/** `Name <number>` or a number alone; the dialplan's functions in the variables win. */
function partyOf(callerId: string, variables: ReadonlyMap<string, string>): Channel['caller'] {
  const named = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(callerId);
  const party: Party = { name: named?.[1] ?? '', number: named?.[2] ?? callerId };
  party.name = variables.get('CALLERID(name)') ?? party.name;
  party.number = variables.get('CALLERID(num)') ?? party.number;
  return party;
}
