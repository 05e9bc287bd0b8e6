import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, logLines, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';

const RSS_MB_MAX = 150;
const KEY = /rpd-[A-Za-z0-9_-]{43}/;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
let first: ServedProcess;
let firstEnd: Finished;
let second: ServedProcess;
const residentMb = { first: 0, second: 0 };
const modes = new Map<string, number>();

/** Two lives of one server on a fresh folder; the tests look at what they left. */
beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  first = await serveProcess(dataDir, { LOG_LEVEL: 'trace' });
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  residentMb.first = await residentMbOf(first.child.pid!);
  for (const name of ['', ...(await readdir(dataDir))]) modes.set(name, (await stat(join(dataDir, name))).mode & 0o777);
  first.child.kill('SIGTERM');
  firstEnd = await first.finished;
  second = await serveProcess(dataDir, { LOG_LEVEL: 'trace' });
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  residentMb.second = await residentMbOf(second.child.pid!);
}, 30_000);
afterAll(async () => {
  second.child.kill('SIGTERM');
  await second.finished;
  await folder.remove();
});

async function residentMbOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]) / 1_024;
}

describe(`resident when ready, with engines that nobody has used, are less than ${RSS_MB_MAX} MB`, () => {
  it.each(['first', 'second'] as const)('in the %s life', (life) => {
    process.stdout.write(`resident in the ${life} life: ${residentMb[life].toFixed(1)} MB\n`);
    expect(residentMb[life]).toBeGreaterThan(10);
    expect(residentMb[life]).toBeLessThan(RSS_MB_MAX);
  });
});

it('the first start prints dialplans with the real values, ready to be copied', async () => {
  const asteriskKey = (await readFile(join(dataDir, 'asterisk-api-key'), 'utf8')).trim();
  const { stdout } = firstEnd;
  const { data } = await second.api.get<{ data: { id: string }[] }>('/v1/assistants');
  const port = new URL(first.url).port;
  expect(stdout).toContain('[rapida-audiosocket]');
  expect(stdout).toContain('[rapida-websocket]');
  expect(stdout).toContain('type = websocket_client');
  expect(stdout).toContain(`CURLOPT(httpheader)=x-api-key: ${asteriskKey})`);
  expect(stdout).toContain(`Set(SERVER=http://localhost:${port}/v1/talk/asterisk)`);
  expect(stdout).toContain(`CURL(\${SERVER}/call/${data[0]!.id}?`);
  expect(stdout).toContain(`AudioSocket(\${CTX},localhost:${first.audiosocketPort})`);
});

it('the admin key is in its file and nowhere else; no key is in the log', async () => {
  const adminKey = (await readFile(join(dataDir, 'admin-api-key'), 'utf8')).trim();
  expect(adminKey).toMatch(KEY);
  expect(firstEnd.stdout).not.toContain(adminKey);
  expect(firstEnd.stderr).not.toMatch(KEY);
});

it('the log is JSON lines on standard error', () => {
  const lines = firstEnd.stderr.trimEnd().split('\n');
  expect(logLines(firstEnd.stderr)).toHaveLength(lines.length);
  expect(logLines(firstEnd.stderr).map(({ msg }) => msg)).toContain('ready');
});

it('a second start prints nothing, and no key', () => {
  expect(second.stdout()).toBe('');
  expect(second.stderr()).not.toMatch(KEY);
});

it('the folder is 0700 with those in it, and every file 0600', () => {
  const folders = ['', 'spool'];
  for (const name of folders) expect([name, modes.get(name)?.toString(8)]).toEqual([name, '700']);
  const files = [...modes.keys()].filter((name) => !folders.includes(name));
  for (const name of ['admin-api-key', 'asterisk-api-key', 'rapida.db', 'server.lock']) expect(files).toContain(name);
  for (const name of files) expect([name, modes.get(name)!.toString(8)]).toEqual([name, '600']);
});

it('SIGTERM without calls ends it at once with 0', () => {
  expect([firstEnd.code, firstEnd.signal]).toEqual([0, null]);
});
