import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { callOverAudioSocket } from './support/caller.js';
import { type Finished, runCommand, temporaryFolder } from './support/command.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

let server: ServerUnderTest;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let callId: string;

/** One assistant beside the ready one, and one call that is over. */
beforeAll(async () => {
  server = await startServerUnderTest();
  folder = await temporaryFolder();
  const { api, url } = server;
  const assistantId = await patientAssistant(api, 'Night desk');
  const caller = await callOverAudioSocket(
    { url, audiosocketPort: server.server.audiosocketPort },
    await api.register(assistantId, '+4930123'),
  );
  const { id } = await api.ended(caller.contextId, { state: 'connected' });
  callId = id;
  const heard = async () => expect((await api.transcript(id)).data).toHaveLength(1);
  await vi.waitFor(heard, { timeout: 5_000, interval: 20 });
  caller.hangup();
  await api.ended(caller.contextId, { state: 'completed' });
});
afterAll(async () => {
  await server.stop();
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
  return stdout;
}

/** The one line it ended with. */
async function complaint(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await rapida(...argv);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^rapida: [^\n]+\n$/);
  return stderr;
}

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, text);
  return path;
}

describe('help', () => {
  it('names every command', async () => {
    const help = await printed('--help');
    for (const name of ['serve', 'call', 'assistants', 'calls', 'version']) {
      expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(help).toContain('RAPIDA_URL and RAPIDA_API_KEY');
  });

  it.each([
    ['serve', 'start the server'],
    ['call', '--transport'],
    ['assistants', 'export'],
    ['assistants list', '--json'],
    ['assistants get', '--json'],
    ['assistants export', 'YAML'],
    ['assistants apply', '--no-publish'],
    ['assistants diff', '--file <file.yaml>'],
    ['assistants versions', 'live'],
    ['assistants publish', 'rolls back'],
    ['calls', 'show'],
    ['calls list', '--limit'],
    ['calls show', '<id>'],
    ['version', '--json'],
  ])('rapida %s --help', async (command, word) => {
    const help = await printed(...command.split(' '), '--help');
    expect(help).toMatch(new RegExp(`^Usage: rapida ${command}\\b`));
    expect(help).toContain(word);
  });

  it('a command that there is not is refused, not guessed', async () => {
    const { code, stdout, stderr } = await rapida('cals');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain("unknown command 'cals'");
  });
});

it('rapida version --json', async () => {
  const manifest = new URL('../../packages/cli/package.json', import.meta.url);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  expect(JSON.parse(await printed('version', '--json'))).toEqual({ version });
  expect(await printed('version')).toBe(`${version}\n`);
});

describe('rapida assistants', () => {
  it('list --json has all of them', async () => {
    const list = JSON.parse(await printed('assistants', 'list', '--json')) as { name: string }[];
    expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['Front desk', 'Night desk']));
  });

  it('what export prints can be applied as it is, and changes nothing', async () => {
    const before = JSON.parse(await printed('assistants', 'get', 'Front desk')) as { id: string; version: number };
    const yaml = await printed('assistants', 'export', 'Front desk');
    const file = await fileOf('front-desk.yaml', yaml);
    const applied = JSON.parse(await printed('assistants', 'apply', '-f', file, '--json')) as typeof before;
    expect(applied).toMatchObject({ id: before.id, version: before.version, changed: false });
    expect(await printed('assistants', 'export', 'Front desk')).toBe(yaml);
    expect(parse(yaml)).toMatchObject({ name: 'Front desk' });
  });

  it('what is changed in the file is changed in the assistant', async () => {
    const yaml = await printed('assistants', 'export', 'Night desk');
    const file = await fileOf('night-desk.yaml', yaml.replace(/^greeting: .*$/m, 'greeting: Good night.'));
    expect(await printed('assistants', 'apply', '-f', file)).toMatch(/^[0-9]+ {2}v2 {2}Night desk\n$/);
    expect(await printed('assistants', 'export', 'Night desk')).toContain('greeting: Good night.\n');
  });

  it('a difference ends with 1, and an older version can be live again', async () => {
    const yaml = await printed('assistants', 'export', 'Night desk');
    const file = await fileOf('night-desk.yaml', yaml.replace(/^greeting: .*$/m, 'greeting: Good evening.'));
    const { code, stdout, stderr } = await rapida('assistants', 'diff', '-f', file);
    expect([code, stdout, stderr]).toEqual([1, '~ greeting: "Good night." -> "Good evening."\n', '']);
    expect(await printed('assistants', 'apply', '-f', file, '--no-publish')).toContain('v3');
    expect(await printed('assistants', 'export', 'Night desk')).toBe(yaml);
    expect(await printed('assistants', 'publish', 'Night desk', '3')).toMatch(/^[0-9]+ {2}v3 {2}Night desk {2}live\n$/);
    expect(await printed('assistants', 'publish', 'Night desk', '2')).toContain('v2');
    expect(await printed('assistants', 'export', 'Night desk')).toBe(yaml);
    expect(await printed('assistants', 'versions', 'Night desk')).toMatch(/^v3 .*\nv2 .* live .*\nv1 .*\n$/);
  });

  it('a new name makes a new assistant', async () => {
    const file = await fileOf('new.yaml', 'name: Weekend desk\n');
    expect(JSON.parse(await printed('assistants', 'apply', '-f', file, '--json'))).toMatchObject({ version: 1 });
  });

  it.each([
    ['a field that there is not', 'name: x\ngreting: Hello.\n', '"greting"'],
    ['one inside another', 'name: x\nturn:\n  endpointing: 5\n', 'turn: Unrecognized key: "endpointing"'],
    [
      'one in a list',
      'name: x\ndialogue:\n  intents:\n    - {name: a, phrases: [hello], reply: Hi., anwser: x}\n',
      'dialogue.intents.0: Unrecognized key: "anwser"',
    ],
    ['a value that is none', 'name: x\nturn:\n  endpointingMs: soon\n', 'turn.endpointingMs'],
    ['a value out of range', 'name: x\ntts:\n  speed: 9\n', 'tts.speed'],
    ['no name', 'greeting: Hello.\n', 'name'],
  ])('apply names %s', async (_what, yaml, field) => {
    const file = await fileOf('wrong.yaml', yaml);
    expect(await complaint('assistants', 'apply', '-f', file)).toContain(field);
    const { data } = await server.api.get<{ data: { name: string }[] }>('/v1/assistants');
    expect(data.map(({ name }) => name)).not.toContain('x');
  });

  it('apply says so when the file is missing, or no YAML', async () => {
    expect(await complaint('assistants', 'apply', '-f', 'missing.yaml')).toContain('missing.yaml');
    const file = await fileOf('broken.yaml', 'name: "x\n');
    const { code, stdout, stderr } = await rapida('assistants', 'apply', '-f', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^rapida: /);
    expect(stderr).not.toContain('    at ');
  });

  it('a name that there is not is answered with those that there are', async () => {
    const line = await complaint('assistants', 'get', 'Back desk');
    expect(line).toContain('"Back desk"');
    expect(line).toContain('"Front desk"');
  });
});

describe('rapida calls', () => {
  it('list --json', async () => {
    const [call] = JSON.parse(await printed('calls', 'list', '--json')) as object[];
    expect(call).toMatchObject({ id: callId, from: '+4930123', state: 'completed', transport: 'audiosocket' });
    expect(await printed('calls', 'list', '--limit', '1')).toMatch(new RegExp(`^${callId} .* completed .*\\n$`));
  });

  it('show --json has the transcript and the metrics', async () => {
    const shown = JSON.parse(await printed('calls', 'show', callId, '--json')) as {
      transcript: object[];
      metrics: object[];
    };
    expect(shown).toMatchObject({ id: callId, disconnectedBy: 'user' });
    expect(shown.transcript).toMatchObject([{ role: 'assistant', text: 'Hello.' }]);
    expect(shown.metrics).toContainEqual({ name: 'call.status', value: 'completed' });
    expect(await printed('calls', 'show', callId)).toContain('Hello.');
  });

  it('show of a call that there is not', async () => {
    expect(await complaint('calls', 'show', '1')).toContain('(call_not_found)');
    expect(await complaint('calls', 'show', 'x')).toContain('id: ');
  });
});

describe('where it cannot do what it was asked, it says what to set', () => {
  it('a server that does not answer', async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.77.2', resolve));
    const { port } = nobody.address() as { port: number };
    await new Promise((resolve) => nobody.close(resolve));
    const line = await complaint('calls', 'list', '--url', `http://127.0.77.2:${port}`);
    expect(line).toContain(`http://127.0.77.2:${port}`);
    expect(line).toContain('RAPIDA_URL');
  });

  it('an address that is none', async () => {
    expect(await complaint('calls', 'list', '--url', 'nowhere')).toContain('RAPIDA_URL');
  });

  it('no key', async () => {
    const environment = { RAPIDA_URL: server.url };
    const { code, stderr } = await runCommand(['calls', 'list'], { folder: folder.path, environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rapida: [^\n]*RAPIDA_API_KEY[^\n]*\n$/);
  });

  it('a wrong key, which it does not repeat', async () => {
    const line = await complaint('calls', 'list', '--key', 'rpd-wrong');
    expect(line).toContain('(key_invalid)');
    expect(line).not.toContain('rpd-wrong');
  });

  it('on the host of the server it finds the key by itself', async () => {
    const environment = { RAPIDA_URL: server.url, DATA_DIR: server.dataDir };
    const { code, stdout } = await runCommand(['calls', 'list'], { folder: folder.path, environment });
    expect([code, stdout.startsWith(callId)]).toEqual([0, true]);
  });
});
