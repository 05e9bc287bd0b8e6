import { describe, expect, it } from 'vitest';
import { generateConfiguration } from './generate.js';
import type { DialplanRequest, DialplanServer } from './request.js';

const SERVER: DialplanServer = {
  host: 'ai',
  httpPort: 8443,
  audiosocketPort: 4573,
  assistantId: '42',
  apiKey: 'rpd-key',
};

const generate = (request: Partial<DialplanRequest>) =>
  generateConfiguration({ transport: 'audiosocket', servers: [SERVER], ...request });
const names = (request: Partial<DialplanRequest>) => generate(request).files.map(({ name }) => name);
const text = (request: Partial<DialplanRequest>, name: string) =>
  generate(request).files.find((file) => file.name === name)?.text ?? '';

describe('the files', () => {
  it('are those that the request needs', () => {
    expect(names({})).toEqual(['extensions.conf', 'modules.conf']);
    expect(names({ transport: 'websocket' })).toEqual([
      'extensions.conf',
      'websocket_client.conf',
      'chan_websocket.conf',
      'modules.conf',
    ]);
    expect(names({ transport: 'websocket', asterisk: '22.7' })).not.toContain('chan_websocket.conf');
    expect(names({ direction: 'both' })).toEqual(['extensions.conf', 'ari.conf', 'http.conf', 'modules.conf']);
  });

  it('of FreePBX are the ones that it leaves alone, and each says where it goes', () => {
    const freepbx = { layout: 'freepbx', direction: 'both', transport: 'websocket' } as const;
    expect(names(freepbx)).toEqual([
      'extensions_custom.conf',
      'websocket_client_custom.conf',
      'chan_websocket_custom.conf',
      'ari_additional_custom.conf',
    ]);
    expect(text(freepbx, 'extensions_custom.conf')).toContain(
      '; Admin > Custom Destinations: Target rapida-websocket,s,1',
    );
    expect(text(freepbx, 'websocket_client_custom.conf')).toContain('#include websocket_client_custom.conf');
    expect(text(freepbx, 'ari_additional_custom.conf')).not.toContain('[general]');
    expect(generate(freepbx).notes.join()).toContain('Enable the mini-HTTP Server');
  });

  it('hold both directions in one dialplan', () => {
    const sections = text({ direction: 'both' }, 'extensions.conf').match(/^\[.*\]$/gm);
    expect(sections).toEqual(['[rapida-audiosocket]', '[rapida-outbound]']);
  });

  it('begin no block comment: a line of ;-- would swallow what follows', () => {
    for (const layout of ['asterisk', 'freepbx'] as const) {
      const { files } = generate({ layout, direction: 'both', transport: 'websocket', scheme: 'https' });
      expect(files.filter((file) => file.text.includes(';--'))).toEqual([]);
    }
  });
});

describe('websocket_client.conf', () => {
  it('switches TLS on, checks the certificate and the name', () => {
    const tls = text({ transport: 'websocket', scheme: 'https', caFile: '/etc/ai-ca.pem' }, 'websocket_client.conf');
    for (const line of [
      'uri = wss://ai:8443/v1/talk/asterisk/ctx',
      'tls_enabled = yes',
      'ca_list_file = /etc/ai-ca.pem',
      'verify_server_cert = yes',
      'verify_server_hostname = yes',
    ]) {
      expect(tls.split('\n')).toContain(line);
    }
    const plain = text({ transport: 'websocket' }, 'websocket_client.conf');
    expect(plain).toContain('uri = ws://ai:8443/');
    expect(plain).not.toContain('tls_enabled');
  });

  it('has a section for each server, tried once where there is another', () => {
    const two = text({ transport: 'websocket', servers: [SERVER, { ...SERVER, host: 'b' }] }, 'websocket_client.conf');
    expect(two.match(/^\[.*\]$/gm)).toEqual(['[rapida-1]', '[rapida-2]']);
    expect(two.match(/^reconnect_attempts = .*/gm)).toEqual(['reconnect_attempts = 1', 'reconnect_attempts = 1']);
    const one = text({ transport: 'websocket' }, 'websocket_client.conf');
    expect(one.match(/^reconnect_attempts = .*/gm)).toEqual(['reconnect_attempts = 2']);
  });
});

it('modules.conf names what the dialplan uses', () => {
  const modules = (request: Partial<DialplanRequest>) => text(request, 'modules.conf').match(/\w+(?=\.so)/g) ?? [];
  expect(modules({})).toEqual(
    expect.arrayContaining(['func_curl', 'func_uri', 'func_dialplan', 'app_exec', 'app_audiosocket']),
  );
  expect(modules({ asterisk: '18' })).toEqual(expect.arrayContaining(['chan_audiosocket', 'app_dial']));
  expect(modules({ asterisk: '18' })).not.toContain('app_audiosocket');
  for (const request of [{}, { asterisk: '18' }, { transport: 'websocket' }] as const) {
    expect(modules(request)).toContain('res_timing_timerfd');
  }
  expect(modules({ transport: 'websocket' })).toEqual(
    expect.arrayContaining(['res_http_websocket', 'res_websocket_client', 'chan_websocket', 'app_dial']),
  );
  expect(modules({ direction: 'outbound' })).toEqual(
    expect.arrayContaining(['res_ari_channels', 'res_stasis_recording', 'res_websocket_client']),
  );
  expect(modules({ direction: 'outbound', asterisk: '22.4' })).not.toContain('res_websocket_client');
  for (const transport of ['audiosocket', 'websocket'] as const) {
    const stasis = modules({ direction: 'both', transport });
    expect(stasis).toEqual(expect.arrayContaining(['app_stasis', 'bridge_simple', `chan_${transport}`]));
  }
  expect(modules({ direction: 'both' })).toEqual(expect.arrayContaining(['res_audiosocket', 'app_audiosocket']));
  expect(modules({})).not.toContain('app_stasis');
  expect(new Set(modules({ direction: 'both' })).size).toBe(modules({ direction: 'both' }).length);
});

it('ari.conf has the password that was given; without one it says that it must be replaced', () => {
  expect(text({ direction: 'outbound', ariPassword: 'pw-1' }, 'ari.conf')).toContain('password = pw-1\n');
  expect(generate({ direction: 'outbound', ariPassword: 'pw-1' }).notes.join()).not.toContain('replace');
  expect(generate({ direction: 'outbound' }).notes.join()).toContain('replace change-this-password');
});

it('says what is not to be seen in the files', () => {
  const placing = /rapida credentials create .* then rapida assistants deploy .*--context rapida-outbound/;
  expect(generate({ direction: 'both' }).notes.join()).toMatch(placing);
  expect(generate({ direction: 'outbound' }).notes.join()).toMatch(placing);
  expect(generate({}).notes.join()).not.toContain('rapida credentials');
  expect(generate({ scheme: 'https' }).notes.join()).toContain('AudioSocket has neither encryption nor password');
  expect(generate({ servers: [{ ...SERVER, host: 'localhost' }] }).notes.join()).toContain('on the same host');
  expect(generate({ servers: [SERVER, SERVER] }).notes.join()).toContain('copy of the DATA_DIR');
});
