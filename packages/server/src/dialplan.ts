/** What a dialplan needs to know of this server. */
export interface DialplanValues {
  /** host[:port] of HTTP. */
  readonly publicHost: string;
  readonly scheme: 'http' | 'https';
  readonly audiosocketPort: number;
  readonly assistantId: string;
  readonly apiKey: string;
}

const FAILURE_CODES = '400,401,403,404,409,429,500,502,503';

/** Registers the call (phase 1): the context id in CTX, or the label `failed`. Every value is encoded, every wait bounded. */
function register(values: DialplanValues): string[] {
  const query = [
    'from=${URIENCODE(${FROM})}',
    'to=${URIENCODE(${EXTEN})}',
    'channel_id=${URIENCODE(${UNIQUEID})}',
  ].join('&');
  return [
    'exten => _X.,1,Answer()',
    ' same => n,Set(FROM=${IF($["${CALLERID(num)}" = ""]?anonymous:${CALLERID(num)})})',
    ' same => n,Set(CURLOPT(conntimeout)=2)',
    ' same => n,Set(CURLOPT(httptimeout)=5)',
    ` same => n,Set(CURLOPT(failurecodes)=${FAILURE_CODES})`,
    ` same => n,Set(CURLOPT(httpheader)=x-api-key: ${values.apiKey})`,
    ` same => n,Set(CTX=\${CURL(${base(values)}/call/${values.assistantId}?${query})})`,
    ' same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)',
  ];
}

/** After the media: where the assistant wants the caller to go, if anywhere. */
function afterwards(values: DialplanValues): string[] {
  return [
    ` same => n,Set(NEXT=\${CURL(${base(values)}/ctx/\${CTX}/next)})`,
    ' same => n,GotoIf($["${NEXT:0:5}" = "goto:"]?transfer)',
    ' same => n,Hangup()',
    ' same => n(transfer),Goto(${NEXT:5})',
    ' same => n(failed),Playback(sorry-youre-having-problems)',
    ' same => n,Hangup()',
  ];
}

/** extensions.conf for AudioSocket (Asterisk 18 and later). */
export function audioSocketDialplan(values: DialplanValues): string {
  const media = ` same => n,TryExec(AudioSocket(\${CTX},${hostOf(values)}:${values.audiosocketPort}))`;
  return lines('[rapida-audiosocket]', ...register(values), media, ...afterwards(values));
}

/** extensions.conf for the WebSocket channel (Asterisk 20.18, 22.8, 23.2 and later). */
export function webSocketDialplan(values: DialplanValues): string {
  return lines(
    '[rapida-websocket]',
    ...register(values),
    ' same => n,Set(_RAPIDA_CONTEXT_ID=${CTX})',
    ' same => n,Dial(WebSocket/rapida/c(ulaw)f(json)v(contextId=${URIENCODE(${CTX})}),,g)',
    ' same => n,GotoIf($["${DIALSTATUS}" != "ANSWER"]?failed)',
    ...afterwards(values),
  );
}

/** websocket_client.conf that belongs to it. */
export function webSocketClientConf(values: DialplanValues): string {
  const tls = ['tls_enabled = yes', 'ca_list_file = /etc/ssl/certs/ca-certificates.crt'];
  return lines(
    '[rapida]',
    'type = websocket_client',
    `uri = ${values.scheme === 'https' ? 'wss' : 'ws'}://${values.publicHost}/v1/talk/asterisk/ctx`,
    'protocols = media',
    'connection_type = per_call_config',
    'connection_timeout = 500',
    'reconnect_attempts = 2',
    'reconnect_interval = 250',
    ...(values.scheme === 'https' ? tls : []),
  );
}

function base(values: DialplanValues): string {
  return `${values.scheme}://${values.publicHost}/v1/talk/asterisk`;
}

function hostOf(values: DialplanValues): string {
  return values.publicHost.replace(/:[0-9]+$/, '');
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
