import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, serveProcess, temporaryFolder } from './support/command.js';

/** Of this host alone, and of this file alone: nobody else listens here. */
const HOST = '127.0.77.1';
const AUDIOSOCKET_PORT = 45_730;
const HTTP_PORT = 45_731;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let taken: Server;
let takenPort: number;
beforeAll(async () => {
  folder = await temporaryFolder();
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, HOST, resolve));
  takenPort = (taken.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => taken.close(resolve));
  await folder.remove();
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Runs `rapida serve`, which has to refuse: the one line it says. */
async function refusal(environment: Record<string, string>, workingFolder = folder.path): Promise<string> {
  const dataDir = join(folder.path, 'data');
  const { code, stdout, stderr } = await runCommand(['serve'], {
    folder: workingFolder,
    environment: {
      HTTP__HOST: HOST,
      HTTP__PORT: String(HTTP_PORT),
      AUDIOSOCKET__HOST: HOST,
      AUDIOSOCKET__PORT: String(AUDIOSOCKET_PORT),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      ...environment,
    },
  });
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^rapida cannot start: [^\n]+\n$/);
  expect([await isListening(HTTP_PORT), await isListening(AUDIOSOCKET_PORT)]).toEqual([false, false]);
  expect(existsSync(join(dataDir, 'server.lock')), 'the folder of data is still taken').toBe(false);
  return stderr;
}

describe('a setting that cannot be used stops the start with one line that names it, its value and what is accepted', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['HTTP__PORT', 'eighty', /HTTP__PORT=eighty: accepted is a port, 0 to 65535/],
    ['CONTEXT__TTL_SECONDS', '0', /CONTEXT__TTL_SECONDS=0: accepted is seconds, 1 to 86400/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL=loud: accepted is trace, debug, info/],
    ['HTTP__PROT', '80', /HTTP__PROT=80: there is no such setting; accepted are .*HTTP__PORT/],
    ['DATABASE_URL', 'mysql://u:hush@h/db', /DATABASE_URL=\[.*\]: accepted is postgres:\/\/user/],
    [
      'DATABASE_URL',
      'postgres://u:hush@127.0.0.1:1/db',
      /DATABASE_URL: The database 127.0.0.1:1\/db cannot be used: nobody/,
    ],
    ['REDIS_URL', 'http://u:secret@h', /REDIS_URL=\[.*\]: accepted is redis:\/\/user/],
    ['REDIS_URL', 'redis://u:secret@127.0.0.1:1/0', /REDIS_URL: Redis: nobody answers \(.*127\.0\.0\.1:1\)/],
    ['NODE__ID', 'a/b', /NODE__ID=a\/b: accepted is letters, digits/],
  ];
  it.each(cases)('%s=%s', async (name, value, line) => {
    const said = await refusal({ [name]: value });
    expect(said).toMatch(line);
    expect(said).not.toContain('hush');
  });

  it('in the file .env as well', async () => {
    const workingFolder = join(folder.path, 'with-env');
    await mkdir(workingFolder);
    await writeFile(join(workingFolder, '.env'), 'CONTEXT__TTL_SECONDS=soon\n');
    expect(await refusal({}, workingFolder)).toMatch(/CONTEXT__TTL_SECONDS=soon: accepted is seconds, 1 to 86400/);
  });

  it('a key is not shown', async () => {
    const workingFolder = join(folder.path, 'with-key');
    await mkdir(workingFolder);
    const key = 'sk-shown-to-nobody';
    expect(await refusal({ OPENAI_API_KEY: key, HTTP__PORT: 'x' }, workingFolder)).not.toContain(key);
  });
});

describe('what is taken or missing stops the start with one line that names the setting', () => {
  it.each(['HTTP__PORT', 'AUDIOSOCKET__PORT'])('%s in use', async (name) => {
    const line = `${name}=${takenPort}: the port is in use; accepted is a free port, or 0`;
    expect(await refusal({ [name]: String(takenPort) })).toContain(line);
  });

  it('an address that is not of this host', async () => {
    expect(await refusal({ AUDIOSOCKET__HOST: '192.0.2.1' })).toMatch(/AUDIOSOCKET__(HOST|PORT)=.*192\.0\.2\.1/);
  });

  it('DATA_DIR in use by another server, which is not disturbed', async () => {
    const dataDir = join(folder.path, 'of-another');
    const other = await serveProcess(dataDir);
    const said = await refusal({ DATA_DIR: dataDir });
    expect(said).toContain(`DATA_DIR=${dataDir} cannot be used: it is in use by`);
    expect(said).toContain(String(other.child.pid));
    expect((await fetch(`${other.url}/readyz`)).status).toBe(200);
    other.child.kill('SIGTERM');
    expect((await other.finished).code).toBe(0);
  });

  it('DATA_DIR that is a file', async () => {
    const file = join(folder.path, 'a-file');
    await writeFile(file, '');
    expect(await refusal({ DATA_DIR: file })).toContain(`DATA_DIR=${file} cannot be used`);
  });

  it.each(['HTTP__TLS_CERT', 'HTTP__TLS_KEY'])('%s that cannot be read', async (name) => {
    const there = join(folder.path, 'there.pem');
    await writeFile(there, '');
    const missing = join(folder.path, 'missing.pem');
    const files = { HTTP__TLS_CERT: there, HTTP__TLS_KEY: there, [name]: missing };
    expect(await refusal(files)).toContain(`${name}=${missing}: the file cannot be read`);
  });

  it('a certificate without a key', async () => {
    expect(await refusal({ HTTP__TLS_CERT: 'cert.pem' })).toContain('HTTP__TLS_KEY is not set');
  });

  it('files that are no certificate and key', async () => {
    const nonsense = join(folder.path, 'nonsense.pem');
    await writeFile(nonsense, 'nonsense');
    expect(await refusal({ HTTP__TLS_CERT: nonsense, HTTP__TLS_KEY: nonsense })).toMatch(
      /HTTP__TLS_(CERT|KEY)=.*nonsense\.pem/,
    );
  });

  it('a database that is none', async () => {
    const dataDir = join(folder.path, 'no-database');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'rapida.db'), 'this is no database, and it is longer than a header of one would be');
    expect(await refusal({ DATA_DIR: dataDir })).toContain(dataDir);
  });
});
