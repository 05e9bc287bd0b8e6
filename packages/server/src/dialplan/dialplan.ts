import type { Plan, PlannedServer } from './plan.js';

const FAILURE_CODES = '400,401,403,404,409,429,500,502,503,504';
/** How long one question to a server may take, and how long connecting may. */
const CURL_SECONDS_MAX = 5;
const CONNECT_SECONDS_MAX = 2;
/** How long a media channel may take to come up. */
const DIAL_SECONDS_MAX = 5;

const OUTBOUND_CONTEXT = 'rapida-outbound';

/**
 * Of one server, how long after the last time it is asked again for a call whose media was lost: it may be starting again, or be
 * several behind one address. Together they stay below the time for which a server keeps such a call open.
 */
const AGAIN_AFTER_SECONDS: readonly number[] = [0, 2, 4];

/** The contexts of extensions.conf. Straight down, one block for each try: there is nothing that could go round. */
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
    ...triesOf(plan).flatMap((one) => [
      ...heading(plan, one, 'tells it of the call, then gives it the sound'),
      ...arriveAt(plan, one),
      ...inboundTry(plan, one),
    ]),
    ...ending(inboundContext(plan)),
  );
}

/** A call begins at the first server that takes it; where it has begun already it comes back. */
function inboundTry(plan: Plan, one: Try): string[] {
  const resume = () => askToResume(plan, callUrl(plan, one.server, '&resume=${CTX}'), one);
  if (one.number === 0) return [...register(plan, one), ...media(plan, one)];
  if (!one.isFirst) {
    return [goIf('${LEN(${CTX})} != 36', 'failed'), ...takeUp(one, one.unknown), ...resume(), ...media(plan, one)];
  }
  const begin = beginOf(one);
  return [
    goIf('${LEN(${CTX})} != 36', begin),
    ...takeUp(one, begin),
    ...resume(),
    ` same => n,Goto(${mediaOf(one)})`,
    ...labelled(begin, register(plan, one)),
    ...labelled(mediaOf(one), media(plan, one)),
  ];
}

/** Runs once the callee has answered; the server that placed the call has set RAPIDA_CONTEXT_ID. */
function outbound(plan: Plan): string {
  return lines(
    `[${OUTBOUND_CONTEXT}]`,
    'exten => _[+0-9s]!,1,Set(CTX=${FILTER(0-9a-f-,${RAPIDA_CONTEXT_ID})})',
    goIf('${LEN(${CTX})} != 36', 'failed'),
    ...curlLimits(plan),
    ...triesOf(plan).flatMap((one) => [
      ...heading(plan, one, 'gives it the sound; one that does not know this call refuses it'),
      ...arriveAt(plan, one),
      ...(one.number === 0
        ? []
        : [...takeUp(one, one.unknown), ...askToResume(plan, '${SERVER}/ctx/${CTX}/resume', one)]),
      ...media(plan, one),
    ]),
    ...ending(OUTBOUND_CONTEXT),
  );
}

/** One block of a context: a server, and where it goes on when that cannot have the call. */
interface Try {
  readonly server: PlannedServer;
  readonly number: number;
  /** Of this server: only then a call may begin there. Later one that has begun may come back. */
  readonly isFirst: boolean;
  /** The one before was of the same server: what it said of the call is known. */
  readonly isAtOnce: boolean;
  readonly waitSeconds: number;
  readonly next: string;
  /** The same where it does not know the call: of one server it is of no use to wait. */
  readonly unknown: string;
}

function triesOf({ servers }: Plan): Try[] {
  const isOnly = servers.length === 1;
  const first = servers.map((server) => ({ server, waitSeconds: 0, isFirst: true, isAtOnce: false }));
  const waits = isOnly ? AGAIN_AFTER_SECONDS : [0];
  const again = waits.flatMap((waitSeconds) =>
    servers.map((server) => ({ server, waitSeconds, isFirst: false, isAtOnce: isOnly && waitSeconds === 0 })),
  );
  const all = [...first, ...again];
  return all.map((one, number) => {
    const next = number + 1 < all.length ? labelOf(number + 1) : 'failed';
    return { ...one, number, next, unknown: isOnly ? 'failed' : next };
  });
}

function curlLimits({ curlCaFile }: Plan): string[] {
  return [
    set('CURLOPT(conntimeout)', CONNECT_SECONDS_MAX),
    set('CURLOPT(httptimeout)', CURL_SECONDS_MAX),
    ...(curlCaFile === undefined ? [] : [set('CURLOPT(ssl_cainfo)', curlCaFile)]),
  ];
}

function arriveAt(plan: Plan, { server, number, waitSeconds }: Try): string[] {
  const arrived = set('SERVER', base(plan, server), number === 0 ? '' : labelOf(number));
  return waitSeconds === 0 ? [arrived] : [arrived, ` same => n,Wait(${waitSeconds})`];
}

/** The media of a call is gone: what was decided of it is done; where nobody ended it, it goes on below. `begin`: it is not known here. */
function takeUp({ number, isAtOnce, next }: Try, begin: string): string[] {
  const known = isAtOnce ? [goIf('"${NEXT}" = "resume"', `resume${number + 1}`)] : [];
  const unknown = begin === next ? [] : [goIf('"${NEXT}" = "begin"', begin)];
  return [
    ...known,
    ...askNext(),
    goIf('"${NEXT}" =~ "^(hangup|continue)"', 'end'),
    ...unknown,
    goIf('"${NEXT}" != "resume"', next),
  ];
}

/** With the same context id, which can be used once more then. */
function askToResume(plan: Plan, url: string, { number, isAtOnce, next }: Try): string[] {
  const asking = [
    ...failureCodes(plan),
    set('AGAIN', `\${FILTER(0-9a-f-,\${CURL(${url})})}`),
    goIf('"${AGAIN}" != "${CTX}"', next),
  ];
  return isAtOnce ? labelled(`resume${number + 1}`, asking) : asking;
}

/** Phase 1: the context id in CTX, or on to the next server. */
function register(plan: Plan, { server, next }: Try): string[] {
  return [
    ...failureCodes(plan),
    set('NEW', `\${FILTER(0-9a-f-,\${CURL(${callUrl(plan, server, '')})})}`),
    goIf('${LEN(${NEW})} != 36', next),
    set('CTX', '${NEW}'),
  ];
}

/** func_curl.c cuts the list up in place: it holds for one CURL(). */
function failureCodes(plan: Plan): string[] {
  return plan.failureCodes ? [set('CURLOPT(failurecodes)', FAILURE_CODES)] : [];
}

function callUrl({ keyIn }: Plan, { assistantId, apiKey }: PlannedServer, more: string): string {
  return `\${SERVER}/call/${assistantId}?\${QUERY}${more}${keyIn === 'url' ? `&x-api-key=${apiKey}` : ''}`;
}

/** Phase 2, and what the assistant decided. Falls through where this server did not bring the call to its end. */
function media(plan: Plan, { server }: Try): string[] {
  const [status, good] = plan.media === 'app' ? ['TRYSTATUS', 'SUCCESS'] : ['DIALSTATUS', 'ANSWER'];
  return [
    ...mediaApplication(plan, server),
    ...askNext(),
    goIf(`"\${${status}}:\${NEXT}" =~ "^${good}:(hangup|continue)"`, 'end'),
  ];
}

function askNext(): string[] {
  return [set('NEXT', '${CURL(${SERVER}/ctx/${CTX}/next?can=resume)}'), goIf('"${NEXT:0:5}" = "goto:"', 'transfer')];
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

function heading({ servers }: Plan, { number, isFirst }: Try, what: string): string[] {
  const which = `server ${(number % servers.length) + 1} of ${servers.length}`;
  if (isFirst) return [servers.length === 1 ? ` ; ${what}` : ` ; ${which}: ${what}`];
  const why = 'a call whose sound was lost may come back';
  return [servers.length === 1 ? ` ; once more: ${why}` : ` ; ${which} once more: ${why}`];
}

function labelOf(number: number): string {
  return `server${number + 1}`;
}

function beginOf({ number }: Try): string {
  return `begin${number + 1}`;
}

function mediaOf({ number }: Try): string {
  return `media${number + 1}`;
}

function labelled(label: string, [first = '', ...rest]: readonly string[]): string[] {
  return [first.replace('same => n,', `same => n(${label}),`), ...rest];
}

function goIf(condition: string, label: string): string {
  return ` same => n,GotoIf($[${condition}]?${label})`;
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
