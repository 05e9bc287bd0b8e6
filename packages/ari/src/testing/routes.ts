import { type Answer, type Call, CHANNEL_NOT_FOUND, NO_CONTENT, refusal } from './answers.js';
import type { Applications } from './applications.js';
import { bridgeJson, type Channel, channelJson } from './exchange.js';
import { externalMedia, originate, type Surroundings } from './originate.js';

export interface RouteContext extends Surroundings {
  readonly applications: Applications;
  readonly modules: Readonly<Record<string, string>>;
  readonly version: string;
}

type Parts = Readonly<Record<string, string>>;
type Handler = (context: RouteContext, parts: Parts, call: Call) => Answer;

const BRIDGE_NOT_FOUND = refusal(404, 'Bridge not found');

// By name as in Asterisk; the numbers are Q.850.
const HANGUP_REASONS: ReadonlyMap<string, number> = new Map([
  ['normal', 16],
  ['busy', 17],
  ['no_answer', 19],
  ['rejected', 21],
  ['unallocated', 1],
]);

const ROUTES: ReadonlyArray<readonly [method: string, pattern: string, handler: Handler]> = [
  ['GET', '/asterisk/info', (context) => ok(info(context.version))],
  ['GET', '/asterisk/ping', ({ exchange }) => ok({ asterisk_id: '', ping: 'pong', timestamp: exchange.nowText() })],
  ['GET', '/asterisk/modules/:name', moduleOf],
  ['GET', '/endpoints/:technology/:resource', endpointOf],
  ['GET', '/channels', ({ exchange }) => ok([...exchange.channels.values()].map(channelJson))],
  ['POST', '/channels', (context, _parts, call) => originate(context, call)],
  ['POST', '/channels/externalMedia', (context, _parts, call) => externalMedia(context, call)],
  ['GET', '/channels/:id', withChannel((_context, channel) => ok(channelJson(channel)))],
  ['DELETE', '/channels/:id', withChannel(hangup)],
  ['GET', '/channels/:id/variable', withChannel(variable)],
  ['POST', '/channels/:id/answer', withChannel(inStasis(answer))],
  ['POST', '/channels/:id/continue', withChannel(inStasis(continueAt))],
  ['GET', '/bridges', ({ exchange }) => ok([...exchange.bridges.values()].map(bridgeJson))],
  ['POST', '/bridges', createBridge],
  ['POST', '/bridges/:id/addChannel', addChannel],
  ['DELETE', '/bridges/:id', destroyBridge],
  ['POST', '/applications/:app/subscription', subscribe],
  ['DELETE', '/applications/:app/subscription', unsubscribe],
];

/** `path` is below `/ari`, its parts still encoded. */
export function route(context: RouteContext, method: string, path: string, call: Call): Answer {
  const given = path.split('/');
  let answer: Answer = refusal(404, 'Resource not found');
  for (const [routeMethod, pattern, handler] of ROUTES) {
    const parts = matchPath(pattern.split('/'), given);
    if (parts === undefined) continue;
    if (routeMethod === method) return handler(context, parts, call);
    answer = refusal(405, 'Invalid method');
  }
  return answer;
}

function matchPath(pattern: readonly string[], given: readonly string[]): Parts | undefined {
  if (pattern.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = given[index] ?? '';
    if (name.startsWith(':')) parts[name.slice(1)] = decodeURIComponent(part);
    else if (name !== part) return undefined;
  }
  return parts;
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function info(version: string): unknown {
  return {
    build: { os: 'Linux', kernel: '6.1', options: '', machine: 'x86_64', date: '', user: '' },
    system: { version, entity_id: '00:00:5e:00:53:01' },
    config: { name: 'fake', default_language: 'en', setid: { user: '', group: '' } },
    status: { startup_time: '', last_reload_time: '' },
  };
}

function moduleOf({ modules }: RouteContext, { name = '' }: Parts): Answer {
  if (!name.endsWith('.so')) return refusal(409, 'Module information could not be retrieved');
  const status = Object.hasOwn(modules, name) ? modules[name] : undefined;
  if (status === undefined) return refusal(404, 'Module could not be found in running modules');
  return ok({ name, description: '', use_count: 0, status, support_level: 'core' });
}

function endpointOf({ endpoints, exchange }: RouteContext, { technology = '', resource = '' }: Parts): Answer {
  const endpoint = `${technology}/${resource}`;
  if (!endpoints.has(endpoint)) return refusal(404, 'Endpoint not found');
  const channel_ids = [...exchange.channels.values()].filter((each) => each.endpoint === endpoint).map(({ id }) => id);
  return ok({ technology, resource, state: 'online', channel_ids });
}

type ChannelHandler = (context: RouteContext, channel: Channel, call: Call) => Answer;

function withChannel(handler: ChannelHandler): Handler {
  return (context, { id = '' }, call) => {
    const channel = context.exchange.channels.get(id);
    return channel === undefined ? CHANNEL_NOT_FOUND : handler(context, channel, call);
  };
}

function inStasis(handler: ChannelHandler): ChannelHandler {
  return (context, channel, call) => {
    if (channel.place !== 'stasis') return refusal(409, 'Channel not in Stasis application');
    return handler(context, channel, call);
  };
}

function hangup({ exchange }: RouteContext, channel: Channel, { params }: Call): Answer {
  const { reason, reason_code: code } = params;
  if (reason !== undefined && !HANGUP_REASONS.has(reason)) return refusal(400, 'Invalid Reason');
  const cause = code === undefined ? (HANGUP_REASONS.get(reason ?? 'normal') ?? 16) : Number(code);
  if (!Number.isInteger(cause) || cause < 0 || cause > 127) return refusal(400, 'Invalid Reason Code');
  return { ...NO_CONTENT, after: () => exchange.hangup(channel, { cause }) };
}

function variable(_context: RouteContext, channel: Channel, { params }: Call): Answer {
  if (!params.variable) return refusal(400, 'Variable name is required');
  const value = channel.variables.get(params.variable);
  return value === undefined ? refusal(404, 'Provided variable was not found') : ok({ value });
}

function answer({ exchange }: RouteContext, channel: Channel): Answer {
  return { ...NO_CONTENT, after: () => channel.state !== 'Up' && exchange.setState(channel, 'Up') };
}

function continueAt({ exchange }: RouteContext, channel: Channel, { params }: Call): Answer {
  const { context, exten, priority } = channel.dialplan;
  const at = {
    context: params.context ?? context,
    exten: params.extension ?? exten,
    priority: Number(params.priority ?? priority),
  };
  return { ...NO_CONTENT, after: () => exchange.runDialplan(channel, at) };
}

function createBridge({ exchange }: RouteContext, _parts: Parts, { params }: Call): Answer {
  const id = params.bridgeId ?? `bridge-${exchange.nextSerial()}`;
  if (exchange.bridges.has(id)) return refusal(409, `Bridge with id '${id}' already exists`);
  return ok(bridgeJson(exchange.addBridge(id, params.name ?? '')));
}

function addChannel({ exchange }: RouteContext, { id = '' }: Parts, { params }: Call): Answer {
  const bridge = exchange.bridges.get(id);
  if (bridge === undefined) return BRIDGE_NOT_FOUND;
  const ids = (params.channel ?? '').split(',').filter((each) => each !== '');
  if (ids.length === 0) return refusal(400, 'Missing parameter channel');
  const channels: Channel[] = [];
  for (const channelId of ids) {
    const channel = exchange.channels.get(channelId);
    if (channel === undefined) return refusal(400, 'Channel not found');
    if (channel.place !== 'stasis') return refusal(422, 'Channel not in Stasis application');
    channels.push(channel);
  }
  return {
    ...NO_CONTENT,
    after: () => {
      for (const channel of channels) exchange.enterBridge(channel, bridge);
    },
  };
}

function destroyBridge({ exchange }: RouteContext, { id = '' }: Parts): Answer {
  const bridge = exchange.bridges.get(id);
  if (bridge === undefined) return BRIDGE_NOT_FOUND;
  return { ...NO_CONTENT, after: () => exchange.destroyBridge(bridge) };
}

function subscribe(context: RouteContext, { app = '' }: Parts, { params }: Call): Answer {
  const source = params.eventSource;
  if (!source) return refusal(400, 'Missing parameter eventSource');
  if (!context.applications.exists(app)) return refusal(404, 'Application not found');
  const state = sourceState(context, source);
  if (state === 'bad scheme') return refusal(400, 'Invalid event source URI scheme');
  if (state === 'absent') return refusal(422, 'Event source does not exist');
  context.applications.subscribe(app, source);
  return ok(context.applications.describe(app));
}

function unsubscribe({ applications }: RouteContext, { app = '' }: Parts, { params }: Call): Answer {
  const source = params.eventSource;
  if (!source) return refusal(400, 'Missing parameter eventSource');
  if (!applications.exists(app)) return refusal(404, 'Application not found');
  if (!applications.unsubscribe(app, source)) return refusal(422, 'Event source was not subscribed to');
  return ok(applications.describe(app));
}

function sourceState({ exchange, endpoints }: RouteContext, source: string): 'present' | 'absent' | 'bad scheme' {
  const colon = source.indexOf(':');
  const name = source.slice(colon + 1);
  switch (source.slice(0, colon)) {
    case 'channel':
      return exchange.channels.has(name) ? 'present' : 'absent';
    case 'bridge':
      return exchange.bridges.has(name) ? 'present' : 'absent';
    case 'endpoint':
      // A technology alone stands for all its endpoints.
      return endpoints.has(name) || [...endpoints].some((each) => each.startsWith(`${name}/`)) ? 'present' : 'absent';
    default:
      return 'bad scheme';
  }
}
