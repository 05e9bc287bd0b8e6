import type { Plan } from './plan.js';
import { supports } from './releases.js';

/** websocket_client.conf: a section for each server. */
export function webSocketClientText({ servers, scheme, clientCaFile }: Plan): string {
  const tls = [
    '; wss:// alone does not switch TLS on',
    'tls_enabled = yes',
    `ca_list_file = ${clientCaFile}`,
    'verify_server_cert = yes',
    'verify_server_hostname = yes',
  ];
  const sections = servers.map(({ section, authority }) =>
    lines(
      `[${section}]`,
      'type = websocket_client',
      `uri = ${scheme === 'https' ? 'wss' : 'ws'}://${authority}/v1/talk/asterisk/ctx`,
      'protocols = media',
      'connection_type = per_call_config',
      '; milliseconds, for TCP and TLS',
      'connection_timeout = 2000',
      `; tries in all${servers.length > 1 ? ': the dialplan has another server' : ''}`,
      `reconnect_attempts = ${servers.length > 1 ? 1 : 2}`,
      'reconnect_interval = 250',
      ...(scheme === 'https' ? tls : []),
    ),
  );
  return sections.join('\n');
}

/** chan_websocket.conf: so that a Dial() of one's own without f() speaks the same. */
export function chanWebSocketText(control: 'json' | 'plain-text'): string {
  return lines('[global]', 'type = global', `control_message_format = ${control}`);
}

export function ariText({ ariPassword, layout }: Plan): string {
  const general = layout === 'freepbx' ? [] : ['[general]', 'enabled = yes', ''];
  return lines(
    ...general,
    '[rapida]',
    'type = user',
    'read_only = no',
    'password_format = plain',
    `password = ${ariPassword}`,
  );
}

export function httpText(): string {
  return lines(
    '[general]',
    'enabled = yes',
    '; the address at which the server reaches ARI; never one that the internet reaches',
    'bindaddr = 127.0.0.1',
    'bindport = 8088',
  );
}

const DIALPLAN_MODULES = [
  // Without a source of timing Asterisk 22 delivers no keys after the first.
  'res_timing_timerfd',
  ...['pbx_config', 'func_callerid', 'func_channel', 'func_dialplan', 'func_logic', 'func_strings', 'func_uri'],
  ...[
    'res_curl',
    'func_curl',
    'app_playback',
    'app_stack',
    'format_gsm',
    'codec_gsm',
    'codec_ulaw',
    'codec_alaw',
    'codec_resample',
  ],
];
const ARI_MODULES = [
  ...['res_http_websocket', 'res_stasis', 'res_stasis_answer', 'res_stasis_playback', 'res_stasis_recording'],
  ...['res_stasis_snoop', 'res_ari', 'res_ari_model', 'res_ari_applications', 'res_ari_asterisk', 'res_ari_bridges'],
  ...['res_ari_channels', 'res_ari_endpoints', 'res_ari_events', 'app_stasis'],
  // Calls in our Stasis application: their bridges are made with it.
  'bridge_simple',
];
/** By AudioSocket() alone there is no channel for a call in our Stasis application. */
const ARI_AUDIOSOCKET_MODULES = ['res_audiosocket', 'chan_audiosocket'];

/** modules.conf: what must be loaded where autoload is off. */
export function modulesText(plan: Plan): string {
  const channel = ['app_dial', 'bridge_simple'];
  const media =
    plan.transport === 'websocket'
      ? ['res_sorcery_config', 'res_http_websocket', 'res_websocket_client', 'chan_websocket', ...channel]
      : [
          'res_audiosocket',
          ...(plan.media === 'app' ? ['app_exec', 'app_audiosocket'] : ['chan_audiosocket', ...channel]),
        ];
  // res_ari.so has symbols of it from the day on that it can connect by itself.
  const client = supports(plan.release, 'ariOutboundWebSocket') ? ['res_sorcery_config', 'res_websocket_client'] : [];
  const channels = plan.transport === 'audiosocket' ? ARI_AUDIOSOCKET_MODULES : [];
  const ari = plan.directions.includes('outbound') ? [...client, ...ARI_MODULES, ...channels] : [];
  const names = new Set([...DIALPLAN_MODULES, ...media, ...ari]);
  return lines('[modules]', ...[...names].map((name) => `load = ${name}.so`));
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
