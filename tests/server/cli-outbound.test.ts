import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, runCommand, temporaryFolder } from './support/command.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const PASSWORD = 'pa55-of-the-pbx';

let server: ServerUnderTest;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let passwordFile: string;
let assistantId: string;
/** An HTTP server that is there, and refuses everybody: what ARI does with a wrong password. */
let refusing: Server;
let refusingUrl: string;

beforeAll(async () => {
  server = await startServerUnderTest();
  folder = await temporaryFolder();
  assistantId = await patientAssistant(server.api, 'Caller');
  passwordFile = join(folder.path, 'ari.secret');
  await writeFile(passwordFile, `${PASSWORD}\n`);
  await chmod(passwordFile, 0o600);
  refusing = createServer((request: IncomingMessage, answer) => {
    request.resume();
    answer.writeHead(401, { 'content-type': 'application/json' });
    answer.end('{"message":"Authentication required"}');
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  refusingUrl = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await server.stop();
  refusing.closeAllConnections();
  await new Promise((resolve) => refusing.close(resolve));
  await folder.remove();
});

function rapida(...argv: string[]): Promise<Finished> {
  const environment = { RAPIDA_URL: server.url, RAPIDA_API_KEY: server.api.key };
  return runCommand(argv, { folder: folder.path, environment });
}

/** What it printed; anything but success fails the test. */
async function printed(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await rapida(...argv);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).not.toContain(PASSWORD);
  return stdout;
}

/** The one line it ended with. */
async function complaint(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await rapida(...argv);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^rapida: [^\n]+\n$/);
  expect(stderr).not.toContain(PASSWORD);
  return stderr;
}

async function asJson<T>(...argv: string[]): Promise<T> {
  return JSON.parse(await printed(...argv, '--json')) as T;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A credential for an Asterisk that refuses its password. */
function createCredential(name: string, ...more: string[]): Promise<string> {
  const access = ['--ari-url', refusingUrl, '--ari-user', 'rapida', '--ari-password-file', passwordFile];
  return printed('credentials', 'create', name, ...access, ...more);
}

async function idOf(name: string): Promise<string> {
  const found = (await asJson<Named[]>('credentials', 'list')).find((one) => one.name === name);
  expect(found, name).toBeDefined();
  return found!.id;
}

describe('help', () => {
  it.each([
    ['credentials create', 'never an argument'],
    ['credentials update', 'replaced as a whole'],
    ['credentials reencrypt', 'VAULT__KEY'],
    ['keys create', '--scopes'],
    ['calls create', '--follow'],
    ['assistants deploy', '--transfer-target'],
  ])('rapida %s --help', async (command, word) => {
    const help = await printed(...command.split(' '), '--help');
    expect(help).toMatch(new RegExp(`^Usage: rapida ${command}\\b`));
    expect(help).toContain(word);
  });

  it('of the command itself says how a call is placed', async () => {
    expect(await printed('--help')).toContain('rapida calls create --to');
  });
});

describe('rapida keys', () => {
  it('a new key is shown once, opens what its scopes say, and nothing once it is revoked', async () => {
    const shown = await printed('keys', 'create', 'crm', '--scopes', 'calls');
    const key = shown.split('\n', 1)[0] ?? '';
    expect(key).toMatch(/^rpd-[A-Za-z0-9_-]{43}$/);
    expect(shown).toContain('shown this once');
    expect(await printed('calls', 'list', '--key', key)).toBe('');
    expect(await complaint('keys', 'list', '--key', key)).toContain('(key_scope)');

    const list = await printed('keys', 'list');
    expect(list).toMatch(/ crm {2}calls /);
    expect(list).not.toContain(key);
    const { id } = (await asJson<Named[]>('keys', 'list')).find(({ name }) => name === 'crm')!;
    await printed('keys', 'revoke', id);
    expect(await complaint('calls', 'list', '--key', key)).toContain('(key_invalid)');
  });
});

describe('rapida credentials', () => {
  it('keeps one with the password of a file, says what its test showed, and never shows the password', async () => {
    const shown = await createCredential('refused', '--trunk', 'mytrunk', '--calls-per-second', '9');
    expect(shown).toMatch(/^[0-9]+ {2}refused {2}asterisk {2}ari_url,ari_user,ari_password,trunk {2}9\/s /);
    expect(shown).toMatch(/\ntest failed: .*\(ari_unauthorized\) - it is kept; .*rapida credentials test [0-9]+\n$/);
    expect(await complaint('credentials', 'test', 'refused')).toContain('(ari_unauthorized)');
    const texts = [await printed('credentials', 'list'), await printed('credentials', 'list', '--json')];
    for (const text of texts) expect(text).toContain('refused');
  });

  it('changes the rate and leaves the value', async () => {
    await createCredential('to change');
    await printed('credentials', 'update', 'to change', '--name', 'changed', '--calls-per-second', '2');
    const changed = (await asJson<(Named & { fields: string[] })[]>('credentials', 'list')).find(
      ({ name }) => name === 'changed',
    );
    expect(changed).toMatchObject({ callsPerSecond: 2, fields: ['ari_url', 'ari_user', 'ari_password'] });
  });

  it('refuses what the server refuses, naming the field and not the value', async () => {
    const access = ['--ari-url', refusingUrl, '--ari-user', 'ra pida', '--ari-password-file', passwordFile];
    expect(await complaint('credentials', 'create', 'x', ...access)).toMatch(/ari_user.*\(credential_invalid\)/);
  });

  it('says which assistant uses one that is to be deleted', async () => {
    await createCredential('in use');
    const user = await patientAssistant(server.api, 'User');
    await printed('assistants', 'deploy', user, '--credential', 'in use');
    expect(await complaint('credentials', 'delete', 'in use')).toMatch(/User.*\(credential_in_use\)/);
    await printed('assistants', 'deploy', user, '--credential', '');
    await printed('credentials', 'delete', 'in use');
    expect((await asJson<Named[]>('credentials', 'list')).map(({ name }) => name)).not.toContain('in use');
  });

  it('seals all of them anew', async () => {
    await createCredential('sealed');
    const counts = await asJson<Record<string, number>>('credentials', 'reencrypt');
    expect(counts).toMatchObject({ reencrypted: 0, unreadable: 0 });
    expect(counts.current).toBeGreaterThan(0);
  });
});

describe('rapida assistants deploy', () => {
  it('changes what is named, and keeps the rest', async () => {
    await createCredential('to deploy');
    const credential = ['--credential', 'to deploy', '--phone', '+4930', '--ring-seconds', '20'];
    await printed('assistants', 'deploy', assistantId, ...credential);
    const deployed = await asJson('assistants', 'deploy', 'Caller', '--context', 'from-rapida', '--phone', '');
    expect(deployed).toMatchObject({
      enabled: true,
      credentialId: await idOf('to deploy'),
      options: { context: 'from-rapida', extension: 's' },
      limits: { ringMs: 20_000 },
    });
    expect(deployed).not.toHaveProperty('options.phone');
    expect(await asJson('assistants', 'deploy', 'Caller')).toEqual(deployed);
  });

  it('refuses a credential that there is not', async () => {
    expect(await complaint('assistants', 'deploy', 'Caller', '--credential', '1')).toContain('(deployment_invalid)');
  });
});

describe('rapida calls create', () => {
  it('without a credential it says what the assistant lacks, and how to give it', async () => {
    await patientAssistant(server.api, 'Without');
    const line = await complaint('calls', 'create', '--to', '+15551234567', '--assistant', 'Without');
    expect(line).toMatch(/credential.*\(deployment_incomplete\): rapida credentials create/);
  });

  it('of a list, too: the line of the file is named, and nobody is called', async () => {
    await patientAssistant(server.api, 'Without any');
    const file = join(folder.path, 'people.csv');
    await writeFile(file, 'to,name\n+15551234567,Ann\n');
    const line = await complaint('calls', 'create', '--csv', file, '--assistant', 'Without any');
    expect(line).toMatch(/from line 2 of .*\(deployment_incomplete\)/);
    expect(await printed('calls', 'list', '--direction', 'outbound', '--assistant', 'Without any')).toBe('');
  });

  it('takes a call for later, lists it, repeats it under its key, and takes it back', async () => {
    const later = await patientAssistant(server.api, 'Later');
    await createCredential('for later');
    await printed('assistants', 'deploy', later, '--credential', 'for later', '--phone', '+4930');
    const moment = new Date(Date.now() + 3_600_000).toISOString();
    const order = ['calls', 'create', '--to', '6001', '--assistant', 'Later', '--not-before', moment];
    const once = ['--metadata', 'order=1', '--idempotency-key', 'only-once'];
    const placed = await asJson<{ id: string }>(...order, ...once);
    expect(placed).toMatchObject({ status: 'queued' });
    expect(await asJson(...order, ...once)).toEqual(placed);
    const list = await printed('calls', 'list', '--state', 'queued', '--assistant', 'Later');
    expect(list).toMatch(new RegExp(`^${placed.id} .* queued .* outbound {2}\\+4930 -> 6001 [^\\n]*\\n$`));
    expect(await printed('calls', 'hangup', placed.id)).toContain('cancelled');
    expect(await printed('calls', 'show', placed.id)).toContain('call.failed');
  });
});
