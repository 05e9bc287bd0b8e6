import type { Plan, PlannedServer } from './plan.js';

const FAILURE_CODES = '400,401,403,404,409,429,500,502,503,504';
/** How long one question to a server may take, and how long connecting may. */
const CURL_SECONDS_MAX = 5;
const CONNECT_SECONDS_MAX = 2;
/** How long a media channel may take to come up. */
const DIAL_SECONDS_MAX = 5;

const OUTBOUND_CONTEXT = 'rapida-outbound';

/** The contexts of extensions.conf. Straight down, one block for each server: there is nothing that could go round. */
export function dialplanText(plan: Plan): string {
  return plan.directions.map((direction) => (direction === 'inbound' ? inbound(plan) : outbound(plan))).join('\n');
}

export function inboundContext({ transport }: Pick<Plan, 'transport'>): string {
  return `rapida-${transport}`;
}

function inbound(plan: Plan): string {
  const query = 'from=${URIENCODE(${FROM})}&to=${URIENCODE(${EXTEN})}&channel_id=${URIENCODE(${UNIQUEID})}';
  const [{ apiKey } = { apiKey: '' }] = plan.servers;
  return lines(
    `[${inboundContext(plan)}]`,
    'exten => _[+0-9s]!,1,Answer()',
    ' ; a withheld number is an empty one',
    ' same => n,Set(FROM=${IF($[${LEN(${CALLERID(num)})} = 0]?anonymous:${CALLERID(num)})})',
    ` same => n,Set(QUERY=${query})`,
    ' ; without limits CURL() waits for ever',
    ...curlLimits(plan),
    ...(plan.keyIn === 'header' ? [set('CURLOPT(httpheader)', `x-api-key: ${apiKey}`)] : []),
    ...plan.servers.flatMap((server, index) => [
      ...heading(plan, index, 'tells it of the call, then gives it the sound'),
      ...register(plan, server, index),
      ...media(plan, server),
    ]),
    ...ending(inboundContext(plan)),
  );
}

/** Runs once the callee has answered; the server that placed the call has set RAPIDA_CONTEXT_ID. */
function outbound(plan: Plan): string {
  return lines(
    `[${OUTBOUND_CONTEXT}]`,
    'exten => _[+0-9s]!,1,Set(CTX=${FILTER(0-9a-f-,${RAPIDA_CONTEXT_ID})})',
    ' same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)',
    ...curlLimits(plan),
    ...plan.servers.flatMap((server, index) => [
      ...heading(plan, index, 'gives it the sound; one that did not place this call refuses it'),
      set('SERVER', base(plan, server)),
      ...media(plan, server),
    ]),
    ...ending(OUTBOUND_CONTEXT),
  );
}

function curlLimits({ curlCaFile }: Plan): string[] {
  return [
    set('CURLOPT(conntimeout)', CONNECT_SECONDS_MAX),
    set('CURLOPT(httptimeout)', CURL_SECONDS_MAX),
    ...(curlCaFile === undefined ? [] : [set('CURLOPT(ssl_cainfo)', curlCaFile)]),
  ];
}

/** Phase 1: the context id in CTX, or on to the next server. */
function register(plan: Plan, server: PlannedServer, index: number): string[] {
  const key = plan.keyIn === 'url' ? `&x-api-key=${server.apiKey}` : '';
  const call = `\${CURL(\${SERVER}/call/${server.assistantId}?\${QUERY}${key})}`;
  const next = index + 1 < plan.servers.length ? labelOf(index + 1) : 'failed';
  return [
    set('SERVER', base(plan, server), index === 0 ? '' : labelOf(index)),
    // func_curl.c cuts the list up in place: it holds for one CURL().
    ...(plan.failureCodes ? [set('CURLOPT(failurecodes)', FAILURE_CODES)] : []),
    set('CTX', `\${FILTER(0-9a-f-,${call})}`),
    ` same => n,GotoIf($[\${LEN(\${CTX})} != 36]?${next})`,
  ];
}

/** Phase 2, and what the assistant decided. Falls through where this server did not bring the call to its end. */
function media(plan: Plan, server: PlannedServer): string[] {
  const [status, good] = plan.media === 'app' ? ['TRYSTATUS', 'SUCCESS'] : ['DIALSTATUS', 'ANSWER'];
  return [
    ...mediaApplication(plan, server),
    set('NEXT', '${CURL(${SERVER}/ctx/${CTX}/next)}'),
    ' same => n,GotoIf($["${NEXT:0:5}" = "goto:"]?transfer)',
    ` same => n,GotoIf($["\${${status}}:\${NEXT}" =~ "^${good}:(hangup|continue)"]?end)`,
  ];
}

function mediaApplication(plan: Plan, { audiosocket, section }: PlannedServer): string[] {
  if (plan.media === 'app') return [` same => n,TryExec(AudioSocket(\${CTX},${audiosocket}))`];
  if (plan.transport === 'audiosocket') {
    return [` same => n,Dial(AudioSocket/${audiosocket}/\${CTX}/c(${plan.format}),${DIAL_SECONDS_MAX},g)`];
  }
  const control = plan.control === undefined ? '' : `f(${plan.control})`;
  const options = `c(${plan.format})${control}v(contextId=\${URIENCODE(\${CTX})})`;
  return [
    // MEDIA_START in JSON carries it: the server sees at once if another call's v() were sent.
    ...(plan.control === 'json' ? [set('_RAPIDA_CONTEXT_ID', '${CTX}')] : []),
    ` same => n,Dial(WebSocket/${section}/${options},${DIAL_SECONDS_MAX},g)`,
  ];
}

/** A handler that runs at the very end: the target's own DIALSTATUS is known then, and nobody waits for our answer. */
function ending(context: string): string[] {
  const url = '${SERVER}/ctx/${CTX}/event?type=transfer_result&dialstatus=${DIALSTATUS}';
  return [
    ' same => n(failed),Playback(sorry-youre-having-problems)',
    ' same => n(end),Hangup()',
    ' ; the assistant transfers: NEXT is goto:context,extension,priority; at hangup it is told what became of it',
    ` same => n(transfer),Set(CHANNEL(hangup_handler_push)=${context},transferred,1)`,
    ' same => n,Set(DIALSTATUS=${IF(${DIALPLAN_EXISTS(${NEXT:5})}?:NOEXTEN)})',
    ' same => n,GotoIf($["${DIALSTATUS}" = ""]?${NEXT:5}:failed)',
    `exten => transferred,1,Set(TOLD=\${CURL(${url})})`,
    ' same => n,Return()',
  ];
}

function heading({ servers }: Plan, index: number, what: string): string[] {
  return servers.length === 1 ? [` ; ${what}`] : [` ; server ${index + 1} of ${servers.length}: ${what}`];
}

function labelOf(index: number): string {
  return `server${index + 1}`;
}

function base({ scheme }: Plan, { authority }: PlannedServer): string {
  return `${scheme}://${authority}/v1/talk/asterisk`;
}

function set(name: string, value: string | number, label = ''): string {
  return ` same => n${label === '' ? '' : `(${label})`},Set(${name}=${value})`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
