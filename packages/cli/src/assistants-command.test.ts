import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assistantConfigSchema } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { assistantsCommand } from './assistants-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

const LIST = 'GET /v1/assistants';
const SAVE = 'PUT /v1/assistants/7';
const ADD = 'POST /v1/assistants/7/versions';
const config = (greeting: string) => assistantConfigSchema.parse({ name: 'Front desk', greeting });
const at = (version: number, greeting: string) => ({
  ...config(greeting),
  ...{ id: '7', version, createdAt: 'then', updatedAt: 'then', phoneDeployment: { enabled: true } },
});

let server: ApiStandIn;
let terminal: TerminalUnderTest;
let folder: string;
let differences: number;
beforeEach(async () => {
  server = await startApiStandIn();
  terminal = createTerminal();
  folder = await mkdtemp(join(tmpdir(), 'rapida-cli-'));
  differences = 0;
  server.on(LIST, { body: { data: [at(3, 'Hello')], nextCursor: null } });
  server.on('GET /v1/assistants/7', { body: at(3, 'Hello') });
  server.on('GET /v1/assistants/7/versions', {
    body: {
      data: [
        { version: 4, name: 'Front desk', savedAt: '2026-01-02T03:04:05.678Z', live: false },
        { version: 3, name: 'Front desk', savedAt: '2026-01-01T03:04:05.678Z', live: true },
      ],
      nextCursor: null,
    },
  });
  server.on('GET /v1/assistants/7/versions/2', { body: at(2, 'Good day') });
  server.on('GET /v1/assistants/7/versions/4', { body: at(4, 'Draft') });
  server.on(SAVE, { body: at(5, 'saved') });
  server.on(ADD, { status: 201, body: { version: 5, name: 'Front desk', savedAt: 'now', live: false } });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const run = (...argv: string[]) =>
  runCommandLine(
    assistantsCommand(terminal.print, () => void differences++),
    argv,
    server.url,
  );

async function fileOf(yaml: string): Promise<string> {
  const path = join(folder, 'assistant.yaml');
  await writeFile(path, yaml);
  return path;
}
const saying = (greeting: string) => fileOf(`name: Front desk\ngreeting: ${greeting}\n`);

describe('apply', () => {
  it('says which version it made, which is live', async () => {
    await run('apply', '-f', await saying('Hi'));
    expect(server.of(SAVE)[0]?.body).toEqual({ name: 'Front desk', greeting: 'Hi' });
    expect(terminal.printed).toEqual(['7  v5  Front desk']);
  });

  it('makes none where the file says what is live', async () => {
    const file = await saying('Hello');
    await run('apply', '-f', file);
    await run('apply', '-f', file, '--json');
    expect(server.of(SAVE)).toEqual([]);
    expect(terminal.printed[0]).toBe('7  v3  Front desk  unchanged');
    expect(JSON.parse(terminal.printed[1] ?? '')).toEqual({
      ...{ id: '7', name: 'Front desk', version: 3, live: true, changed: false },
    });
  });

  it('saves without making live, and says how that is done', async () => {
    await run('apply', '-f', await saying('Hi'), '--no-publish');
    expect(server.of(ADD)).toHaveLength(1);
    expect(server.of(SAVE)).toEqual([]);
    expect(terminal.printed).toEqual(['7  v5  Front desk  not live: rapida assistants publish 7 5']);
  });

  it('makes none where the newest version says so already, though it is not live', async () => {
    await run('apply', '-f', await saying('Draft'), '--no-publish');
    expect(server.of(ADD)).toEqual([]);
    expect(terminal.printed).toEqual(['7  v4  Front desk  unchanged']);
  });

  it('cannot make an assistant that is not live', async () => {
    const applying = run('apply', '-f', await fileOf('name: Other\n'), '--no-publish');
    await expect(applying).rejects.toThrow('there is no assistant "Other" yet');
  });

  it('only says what would change, where it is told to', async () => {
    await run('apply', '-f', await saying('Hi'), '--dry-run');
    await run('apply', '-f', await saying('Hello'), '--dry-run');
    await run('apply', '-f', await fileOf('name: Other\n'), '--dry-run');
    expect(terminal.printed).toEqual(['~ greeting: "Hello" -> "Hi"', 'unchanged', '"Other" is new']);
    expect(server.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('names the field that is wrong, where nothing is sent', async () => {
    const file = await fileOf('name: Front desk\nturn:\n  endpointing: 5\n');
    await expect(run('apply', '-f', file, '--dry-run')).rejects.toThrow('turn: Unrecognized key: "endpointing"');
    await expect(run('diff', '-f', file)).rejects.toThrow('turn: Unrecognized key: "endpointing"');
  });
});

describe('export', () => {
  it('puts the line for editors before the configuration', async () => {
    await run('export', 'Front desk');
    const [yaml = ''] = terminal.printed;
    expect(yaml.split('\n')[0]).toBe(`# yaml-language-server: $schema=${server.url}/v1/assistants/schema.json`);
    expect(parse(yaml)).toEqual(config('Hello'));
  });

  it('gives an older version', async () => {
    await run('export', '7', '--version', '2');
    expect(parse(terminal.printed[0] ?? '')).toEqual(config('Good day'));
    await expect(run('export', '7', '--version', 'latest')).rejects.toThrow('latest is no version');
  });
});

describe('diff', () => {
  it('tells field by field what applying would change, and that there is a difference', async () => {
    const yaml =
      'name: Front desk\ngreeting: Hi\nvariables: {company: Acme}\nturn: {endpointingMs: 700}\nfiller: {phrases: [One moment.]}\n';
    await run('diff', '-f', await fileOf(yaml));
    expect(terminal.printed[0]?.split('\n')).toEqual([
      '~ greeting: "Hello" -> "Hi"',
      '+ variables.company: "Acme"',
      '~ filler.phrases.0: "One moment, please." -> "One moment."',
      '- filler.phrases.1: "I am still working on it."',
      '~ turn.endpointingMs: 500 -> 700',
    ]);
    expect(differences).toBe(1);
  });

  it('is silent about fields that say their default, and about the order of fields', async () => {
    await run('diff', '-f', await fileOf('turn: {endpointingMs: 500}\ngreeting: Hello\nname: Front desk\n'));
    expect([terminal.printed, differences]).toEqual([['no difference'], 0]);
  });

  it('compares two versions, or one with what is live', async () => {
    await run('diff', 'Front desk', '2', '4');
    await run('diff', '7', '2', '--json');
    expect(terminal.printed[0]).toBe('~ greeting: "Good day" -> "Draft"');
    expect(JSON.parse(terminal.printed[1] ?? '')).toEqual([{ path: 'greeting', before: 'Good day', after: 'Hello' }]);
    expect(differences).toBe(2);
  });

  it('says what it needs', async () => {
    await expect(run('diff')).rejects.toThrow('name a file (-f), or an assistant and a version');
    await expect(run('diff', 'Front desk')).rejects.toThrow('name a file (-f), or an assistant and a version');
    await expect(run('diff', 'Front desk', '-f', 'x.yaml')).rejects.toThrow('not both');
  });
});

describe('versions and publish', () => {
  it('lists them and shows which is live', async () => {
    await run('versions', 'Front desk');
    expect(terminal.printed).toEqual([
      'v4     2026-01-02T03:04:05.678Z        Front desk',
      'v3     2026-01-01T03:04:05.678Z  live  Front desk',
    ]);
  });

  it('makes one live', async () => {
    server.on('POST /v1/assistants/7/versions/2/publish', { body: at(2, 'Good day') });
    await run('publish', 'Front desk', '2');
    expect(terminal.printed).toEqual(['7  v2  Front desk  live']);
    await expect(run('publish', 'Front desk', 'two')).rejects.toThrow('two is no version');
  });
});
