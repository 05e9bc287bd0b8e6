import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, loadConfig } from '@rapida/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialplanCommand } from './dialplan-command.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapida-dialplan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The settings of a server that lives in the folder. */
function settings(environment: Record<string, string> = {}): Config {
  return loadConfig(environment, folder);
}

async function run(line: string, config = settings()): Promise<string> {
  const printed: string[] = [];
  const command = dialplanCommand(
    (text) => printed.push(text),
    () => config,
  );
  await command.parseAsync(line.split(' '), { from: 'user' });
  return printed.join('\n');
}

interface Printed {
  readonly files: { readonly name: string; readonly text: string }[];
  readonly notes: string[];
  readonly written: string[];
}
const asJson = async (line: string, config?: Config): Promise<Printed> =>
  JSON.parse(await run(`${line} --json`, config));

/** Of every question that is put to a server: which server, of which assistant, with which key. */
function toldTo({ files }: Printed): Set<string> {
  const told = new Set<string>();
  for (const [, server, block = ''] of (files[0]?.text ?? '').matchAll(
    /SERVER=http:\/\/(\w+)\/(.*?)(?=SERVER=http|$)/gs,
  )) {
    for (const [, assistant, key] of block.matchAll(/call\/(\d+)\?.*?(rpd-\w)/g))
      told.add(`${server} ${assistant} ${key}`);
  }
  return told;
}

describe('rapida dialplan', () => {
  it('prints every file under a heading, and notes as comments', async () => {
    const printed = await run('--assistant 42 --key rpd-key --transport websocket --servers ai:8080');
    expect(printed.match(/^; ---- \S+/gm)).toEqual([
      '; ---- extensions.conf',
      '; ---- websocket_client.conf',
      '; ---- chan_websocket.conf',
      '; ---- modules.conf',
    ]);
    expect(await run('--assistant 42 --key rpd-key --asterisk 18 --servers ai')).toMatch(
      /^; Note: Asterisk 18\.26\.4: /,
    );
  });

  it('takes host, ports and scheme from the settings of the server, and the key from its folder', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'asterisk-api-key'), 'rpd-of-the-folder\n');
    const config = settings({
      PUBLIC_ASSISTANT_HOST: 'pbx-ai:8443',
      AUDIOSOCKET__PORT: '5000',
      HTTP__TLS_CERT: 'c',
      HTTP__TLS_KEY: 'k',
    });
    const [file] = (await asJson('--assistant 42', config)).files;
    expect(file?.text).toContain('Set(SERVER=https://pbx-ai:8443/v1/talk/asterisk)');
    expect(file?.text).toContain('pbx-ai:5000))');
    expect(file?.text).toContain('x-api-key: rpd-of-the-folder)');
  });

  it('says what to replace where the key cannot be read', async () => {
    const { files, notes } = await asJson('--assistant 42 --servers ai');
    expect(files[0]?.text).toContain('x-api-key: rpd-PUT-THE-KEY-HERE)');
    expect(notes.join()).toContain('replace rpd-PUT-THE-KEY-HERE');
  });

  it('gives every server the same assistant and key, or each its own', async () => {
    const same = await asJson('--assistant 42 --key rpd-a --servers one,two --key-in-url');
    expect(toldTo(same)).toEqual(new Set(['one 42 rpd-a', 'two 42 rpd-a']));
    const own = await asJson('--assistant 42,43 --key rpd-a,rpd-b --servers one,two --key-in-url');
    expect(toldTo(own)).toEqual(new Set(['one 42 rpd-a', 'two 43 rpd-b']));
    await expect(run('--assistant 42,43 --key rpd-a --servers one,two,three')).rejects.toThrow(
      'assistant: accepted is',
    );
  });

  it('makes a password for ARI, another one each time', async () => {
    const line = '--direction outbound --servers ai';
    const passwordOf = ({ files }: Printed) => /password = (\S+)/.exec(files.map(({ text }) => text).join(''))?.[1];
    const passwords = [passwordOf(await asJson(line)), passwordOf(await asJson(line))];
    expect(passwords[0]).toMatch(/^[\w-]{32}$/);
    expect(passwords[1]).not.toBe(passwords[0]);
    expect(passwordOf(await asJson(`${line} --ari-password mine`))).toBe('mine');
  });

  it.each([
    ['--freepbx', /extensions_custom\.conf/],
    ['--https', /https:\/\/ai\//],
    ['--https --ca /etc/ai.pem', /ssl_cainfo\)=\/etc\/ai\.pem/],
    ['--key-in-url', /&x-api-key=rpd-key/],
    ['--format slin16', /c\(slin16\)/],
    ['--transport websocket --control plain-text', /f\(plain-text\)/],
    ['--direction both', /\[rapida-outbound\]/],
    ['--asterisk 20.13', /Asterisk 20\.13/],
  ])('knows %s', async (option, seen) => {
    expect(await run(`--assistant 42 --key rpd-key --servers ai ${option}`)).toMatch(seen);
  });

  it('refuses what the generator refuses, with its words', async () => {
    await expect(run('--assistant 42 --key rpd-key --servers ai --asterisk 15')).rejects.toThrow(
      'asterisk: accepted are',
    );
    await expect(run('--assistant 42 --key rpd-key --servers ai --transport sip')).rejects.toThrow(
      'transport: accepted is',
    );
    await expect(run('--assistant 42 --key rpd-key --servers ai;x')).rejects.toThrow('server "ai;x": accepted is');
  });
});

describe('--out', () => {
  const LINE = '--assistant 42 --key rpd-key --servers ai';

  it('writes each file, readable for its owner only, and names it', async () => {
    const out = join(folder, 'asterisk');
    const { written } = await asJson(`${LINE} --out ${out}`);
    expect(readdirSync(out).sort()).toEqual(['extensions.conf', 'modules.conf']);
    expect(written).toEqual([join(out, 'extensions.conf'), join(out, 'modules.conf')]);
    expect(statSync(join(out, 'extensions.conf')).mode & 0o777).toBe(0o600);
  });

  it('replaces nothing, not even in part, unless forced', async () => {
    writeFileSync(join(folder, 'modules.conf'), 'mine');
    await expect(run(`${LINE} --out ${folder}`)).rejects.toThrow('modules.conf would be replaced');
    expect(existsSync(join(folder, 'extensions.conf'))).toBe(false);
    await run(`${LINE} --out ${folder} --force`);
    expect(readFileSync(join(folder, 'modules.conf'), 'utf8')).toContain('[modules]');
  });
});

it('has every option that the documents name', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const pages = ['README.md', ...readdirSync(join(root, 'docs/asterisk')).map((name) => `docs/asterisk/${name}`)];
  const lines = pages.flatMap((page) => readFileSync(join(root, page), 'utf8').match(/rapida dialplan [^\n`]*/g) ?? []);
  const named = new Set(lines.flatMap((line) => line.match(/--[a-z-]+/g) ?? []));
  expect(named.size).toBeGreaterThan(5);
  const known = ['--help', ...dialplanCommand(() => {}).options.map(({ long }) => long)];
  expect([...named].filter((option) => !known.includes(option))).toEqual([]);
});
