/** What Asterisk needs besides the configuration under test. */

/** Of the telephones; what the configuration under test needs it loads itself. */
const PHONE_MODULES = [
  ...['res_sorcery_config', 'res_sorcery_memory', 'res_sorcery_astdb', 'res_crypto', 'res_pjproject'],
  ...['res_rtp_asterisk', 'res_pjsip', 'res_pjsip_session', 'res_pjsip_pubsub', 'res_pjsip_sdp_rtp', 'chan_pjsip'],
  ...['res_pjsip_endpoint_identifier_ip', 'res_pjsip_caller_id', 'res_pjsip_dlg_options', 'res_pjsip_rfc3326'],
  ...['codec_ulaw', 'codec_alaw', 'codec_resample', 'app_dial', 'bridge_simple'],
];

export interface Ports {
  readonly sip: number;
  readonly rtpFrom: number;
  readonly rtpTo: number;
  /** Of HTTP, where the files under test switch it on. */
  readonly http: number | undefined;
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

/** To be appended to the files under test: the modules continue their `[modules]`, and the port of HTTP its `[general]`. */
export function baseFiles({ sip, rtpFrom, rtpTo, http }: Ports): Readonly<Record<string, string>> {
  return {
    'modules.conf': lines('autoload = no', ...PHONE_MODULES.map((name) => `load = ${name}.so`)),
    'logger.conf': lines('[general]', '[logfiles]', 'messages => notice,warning,error,verbose'),
    'http.conf': http === undefined ? lines('[general]', 'enabled = no') : lines(`bindport = ${http}`),
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
  return endpoint(name, `sip:${name}@127.0.0.1:${port}`);
}

/** A phone in the place of a provider: `PJSIP/<number>@<name>` calls it with that number. */
export function trunk(name: string, port: number): string {
  return endpoint(name, `sip:127.0.0.1:${port}`);
}

function endpoint(name: string, contact: string): string {
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
    `contact = ${contact}`,
  );
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
