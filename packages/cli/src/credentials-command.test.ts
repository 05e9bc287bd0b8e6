import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsCommand } from './credentials-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

const PASSWORD = 'pa55-of-the-pbx';
const KEPT = {
  id: '7',
  name: 'my-pbx',
  provider: 'asterisk',
  fields: ['ari_url', 'ari_user', 'ari_password', 'trunk'],
  callsPerSecond: 5,
  lastUsedAt: null,
};
const PASSED = { ok: true, code: null, message: 'Asterisk 22.10.0 answered' };
const FAILED = { ok: false, code: 'ari_unauthorized', message: 'Asterisk refused the ARI user or password.' };

let server: ApiStandIn;
let terminal: TerminalUnderTest;
let folder: string;
let passwordFile: string;
beforeEach(async () => {
  server = await startApiStandIn();
  server.on('GET /v1/credentials', { body: { data: [KEPT], nextCursor: null } });
  server.on('GET /v1/credentials/7', { body: KEPT });
  server.on('POST /v1/credentials', { status: 201, body: KEPT });
  server.on('PUT /v1/credentials/7', { body: KEPT });
  server.on('POST /v1/credentials/7/test', { body: PASSED });
  terminal = createTerminal();
  folder = mkdtempSync(join(tmpdir(), 'rapida-credentials-'));
  passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const run = (...argv: string[]) => runCommandLine(credentialsCommand(terminal), argv, server.url);
const ADDRESS = ['--ari-url', 'http://127.0.0.1:8088', '--ari-user', 'rapida'];
const PLAIN_VALUE = { ari_url: 'http://127.0.0.1:8088', ari_user: 'rapida', ari_password: PASSWORD };

describe('create', () => {
  it('sends the value with the password of the file, tests it, and shows neither', async () => {
    const options = ['--technology', 'SIP', '--trunk', 'mytrunk', '--calls-per-second', '9'];
    await run('create', 'my-pbx', ...ADDRESS, '--ari-password-file', passwordFile, ...options);
    const value = { ...PLAIN_VALUE, endpoint_technology: 'SIP', trunk: 'mytrunk' };
    expect(server.of('POST /v1/credentials')[0]?.body).toEqual({
      name: 'my-pbx',
      provider: 'asterisk',
      value,
      callsPerSecond: 9,
    });
    expect(terminal.printed).toEqual([
      '7  my-pbx  asterisk  ari_url,ari_user,ari_password,trunk  5/s  last used never',
      'test passed: Asterisk 22.10.0 answered',
    ]);
    expect(terminal.seen()).not.toContain(PASSWORD);
  });

  it('asks for the password where no file is named', async () => {
    terminal.input.isTTY = true;
    const made = run('create', 'my-pbx', ...ADDRESS);
    terminal.input.write(`${PASSWORD}\r`);
    await made;
    expect(server.of('POST /v1/credentials')[0]?.body).toMatchObject({ value: PLAIN_VALUE });
    expect(terminal.seen()).not.toContain(PASSWORD);
  });

  it('has no option that takes the password itself', async () => {
    await expect(run('create', 'my-pbx', ...ADDRESS, '--ari-password', PASSWORD)).rejects.toThrow('unknown option');
    expect(server.asked).toEqual([]);
  });

  it('keeps what fails its test, and says what to change', async () => {
    server.on('POST /v1/credentials/7/test', { body: FAILED });
    await run('create', 'my-pbx', ...ADDRESS, '--ari-password-file', passwordFile);
    expect(terminal.printed[1]).toBe(
      'test failed: Asterisk refused the ARI user or password. (ari_unauthorized) - it is kept; when that is mended: rapida credentials test 7',
    );
  });

  it('prints one JSON object with the test in it', async () => {
    await run('create', 'my-pbx', ...ADDRESS, '--ari-password-file', passwordFile, '--json');
    expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([{ ...KEPT, test: PASSED }]);
  });

  it('keeps what opens a provider, with a key or without', async () => {
    const provider = ['--provider', 'openai-compatible', '--base-url', 'http://127.0.0.1:11434/v1'];
    await run('create', 'llm', ...provider);
    terminal.input.end('sk-1\n');
    await run('create', 'llm', ...provider, '--api-key-file', '-');
    expect(server.of('POST /v1/credentials').map(({ body }) => body)).toEqual([
      { name: 'llm', provider: 'openai-compatible', value: { baseUrl: 'http://127.0.0.1:11434/v1' } },
      { name: 'llm', provider: 'openai-compatible', value: { apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:11434/v1' } },
    ]);
  });

  it.each([
    ['no address', ['--ari-user', 'rapida'], '--ari-url is needed'],
    ['no user', ['--ari-url', 'http://pbx'], '--ari-user is needed'],
    ['no address at all', ['--ari-url', 'pbx', '--ari-user', 'rapida'], '--ari-url: accepted is'],
    ['an option of the other', [...ADDRESS, '--base-url', 'http://x'], '--base-url is not of provider asterisk'],
  ])('refuses %s before anything is sent', async (_what, options, message) => {
    await expect(run('create', 'x', ...options, '--ari-password-file', passwordFile)).rejects.toThrow(message);
    expect(server.asked).toEqual([]);
  });

  it('refuses an address with a password in it, without repeating it', async () => {
    const made = run('create', 'x', '--ari-url', `http://rapida:${PASSWORD}@pbx:8088`, '--ari-user', 'rapida');
    await expect(made).rejects.toThrow('--ari-url: without user and password');
    await expect(made).rejects.not.toThrow(PASSWORD);
  });
});

describe('update', () => {
  it('leaves the value alone where only the rate is named', async () => {
    await run('update', 'my-pbx', '--calls-per-second', '10');
    expect(server.of('PUT /v1/credentials/7')[0]?.body).toEqual({
      name: 'my-pbx',
      provider: 'asterisk',
      callsPerSecond: 10,
    });
  });

  it('wants everything of the value again, so that nothing is lost by a slip', async () => {
    const again = ['update', '7', ...ADDRESS, '--ari-password-file', passwordFile];
    await expect(run(...again)).rejects.toThrow('this one has trunk: give --trunk again');
    await run(...again, '--trunk', '');
    expect(server.of('PUT /v1/credentials/7')[0]?.body).toEqual({
      name: 'my-pbx',
      provider: 'asterisk',
      callsPerSecond: 5,
      value: PLAIN_VALUE,
    });
  });
});

describe('test', () => {
  it('prints what the other side showed', async () => {
    await run('test', 'my-pbx');
    expect(terminal.printed).toEqual(['test passed: Asterisk 22.10.0 answered']);
  });

  it('fails where it does not open, also with --json', async () => {
    server.on('POST /v1/credentials/7/test', { body: FAILED });
    await expect(run('test', '7')).rejects.toThrow('ari_unauthorized');
    await expect(run('test', '7', '--json')).rejects.toThrow('ari_unauthorized');
    expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([FAILED]);
  });
});

describe('delete', () => {
  it('removes it by name', async () => {
    server.on('DELETE /v1/credentials/7', { status: 204 });
    await run('delete', 'my-pbx');
    expect(terminal.printed).toEqual(['7  deleted']);
  });

  it('says which assistants use it', async () => {
    const body = { error: 'The credential is in use by "Front desk".', code: 'credential_in_use' };
    server.on('DELETE /v1/credentials/7', { status: 409, body });
    await expect(run('delete', 'my-pbx')).rejects.toThrow('in use by "Front desk". (credential_in_use)');
  });

  it('a name that there is not is answered with those that there are', async () => {
    await expect(run('delete', 'pbx')).rejects.toThrow('there is no credential "pbx" here; there are: "my-pbx"');
  });
});

describe('reencrypt', () => {
  it('counts', async () => {
    server.on('POST /v1/credentials/reencrypt', { body: { reencrypted: 3, current: 1, unreadable: 0 } });
    await run('reencrypt');
    expect(terminal.printed).toEqual(['3 sealed anew, 1 were already, 0 cannot be read']);
  });

  it('fails where some cannot be read: the old key must not be taken away', async () => {
    server.on('POST /v1/credentials/reencrypt', { body: { reencrypted: 3, current: 1, unreadable: 2 } });
    await expect(run('reencrypt', '--json')).rejects.toThrow('VAULT__KEY');
    expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([{ reencrypted: 3, current: 1, unreadable: 2 }]);
  });
});

it('lists names of fields', async () => {
  await run('list');
  expect(terminal.printed).toEqual(['7  my-pbx  asterisk  ari_url,ari_user,ari_password,trunk  5/s  last used never']);
});
