/** What Asterisk needs besides the configuration under test. */

const MODULES = [
  ...['res_timing_timerfd', 'pbx_config', 'res_crypto', 'res_clioriginate'],
  ...['res_sorcery_config', 'res_sorcery_memory', 'res_sorcery_astdb'],
  ...['func_callerid', 'func_strings', 'func_uri', 'func_logic', 'func_channel', 'func_global', 'func_json'],
  ...['func_timeout', 'func_groupcount', 'func_cut', 'func_math', 'func_hangupcause', 'func_env', 'func_shell'],
  ...['res_curl', 'func_curl', 'res_audiosocket', 'app_audiosocket', 'chan_audiosocket'],
  ...['res_http_websocket', 'res_websocket_client', 'chan_websocket'],
  ...['app_playback', 'app_exec', 'app_dial', 'app_stack', 'app_verbose', 'app_echo'],
  ...['format_pcm', 'format_wav', 'format_gsm', 'format_sln'],
  ...['codec_ulaw', 'codec_alaw', 'codec_gsm', 'codec_resample', 'codec_a_mu'],
  ...['bridge_simple', 'bridge_native_rtp', 'bridge_softmix', 'bridge_builtin_features'],
  ...['res_pjproject', 'res_rtp_asterisk', 'res_pjsip', 'res_pjsip_session', 'res_pjsip_sdp_rtp', 'chan_pjsip'],
  ...['res_pjsip_endpoint_identifier_ip', 'res_pjsip_caller_id', 'res_pjsip_dlg_options', 'res_pjsip_rfc3326'],
];

export interface Ports {
  readonly sip: number;
  readonly rtpFrom: number;
  readonly rtpTo: number;
}

/** `folder` and `modules` as the programs in the root see them. */
export function asteriskConf(folder: string, modules: string): string {
  const own = ['astdbdir', 'astkeydir', 'astagidir', 'astspooldir', 'astrundir', 'astlogdir'];
  return lines(
    '[directories]',
    `astetcdir => ${folder}/etc`,
    `astmoddir => ${modules}`,
    'astvarlibdir => /var/lib/asterisk',
    'astdatadir => /usr/share/asterisk',
    ...own.map((name) => `${name} => ${folder}`),
    '[options]',
    'systemname = interop',
  );
}

export function baseFiles({ sip, rtpFrom, rtpTo }: Ports): Readonly<Record<string, string>> {
  return {
    'modules.conf': lines('[modules]', 'autoload = no', ...MODULES.map((name) => `load = ${name}.so`)),
    'logger.conf': lines('[general]', '[logfiles]', 'messages => notice,warning,error,verbose'),
    'http.conf': lines('[general]', 'enabled = no'),
    'rtp.conf': lines('[general]', `rtpstart = ${rtpFrom}`, `rtpend = ${rtpTo}`, 'strictrtp = yes'),
    'pjsip.conf': lines('[udp]', 'type = transport', 'protocol = udp', `bind = 127.0.0.1:${sip}`),
  };
}

/** The phones of the suite: all on this machine; a call of theirs starts in `context`. */
export function callers(context: string): string {
  return lines(
    '[caller]',
    'type = endpoint',
    'transport = udp',
    `context = ${context}`,
    'disallow = all',
    'allow = ulaw,alaw',
    'dtmf_mode = rfc4733',
    'direct_media = no',
    '[caller]',
    'type = identify',
    'endpoint = caller',
    'match = 127.0.0.1',
  );
}

/** A phone that can be called as `PJSIP/<name>`. */
export function callee(name: string, port: number): string {
  return lines(
    `[${name}]`,
    'type = endpoint',
    'transport = udp',
    'disallow = all',
    'allow = ulaw,alaw',
    'direct_media = no',
    `aors = ${name}`,
    `[${name}]`,
    'type = aor',
    `contact = sip:${name}@127.0.0.1:${port}`,
  );
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
