import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../interop/command.js';
import { type Parsed, pathOf, textOf } from './files.js';

const PACKAGE = 'packages/dashboard';
const DIST = `${PACKAGE}/dist`;
/** What a browser loads before it shows anything, compressed as the worse of both does it. */
const FIRST_LOAD_BYTES_MAX = 300_000;

const manifestOf = (name: string): Parsed => JSON.parse(textOf(`packages/${name}/package.json`));

describe('the published package of the dashboard', () => {
  let packed: readonly string[];
  beforeAll(async () => {
    // The build before the tests is what is looked at.
    const argv = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspace', manifestOf('dashboard').name];
    // One package is a list or an object by its name, as npm's version has it.
    const told: Parsed = JSON.parse(await must('npm', ['--prefix', pathOf('.'), '--silent', ...argv]));
    const [{ files }] = Object.values(told) as Parsed[];
    packed = (files as { path: string }[]).map(({ path }) => path);
  });

  it('has all that was built', () => {
    const built = readdirSync(pathOf(DIST), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(pathOf(PACKAGE).length + 1));
    expect(built).toContain('dist/index.html');
    expect(built.filter((file) => !packed.includes(file))).toEqual([]);
  });

  it('has neither sources nor maps of them, nor anything else but its name', () => {
    expect(packed.filter((file) => !file.startsWith('dist/'))).toEqual(['package.json']);
    expect(packed.filter((file) => /\.(map|tsx?|tsbuildinfo)$/.test(file))).toEqual([]);
  });

  it('is built anew whenever it is packed, and brings nothing of what it is built with', () => {
    const { scripts, dependencies } = manifestOf('dashboard');
    expect([scripts.prepack, dependencies]).toEqual(['npm run build', undefined]);
  });

  it('comes with the server', () => {
    const { name, version } = manifestOf('dashboard');
    expect(manifestOf('server').dependencies).toMatchObject({ [name]: version });
  });
});

describe('what was built', () => {
  const imports = (file: string): string[] =>
    [...textOf(`${DIST}/${file}`).matchAll(/(?:^|[;}])\s*(?:import|export)\b[^"'()]*["']\.\/([\w.-]+\.js)["']/g)].map(
      ([, name]) => `assets/${name}`,
    );

  /** What the page names, the overview that it opens, and all that must be there before they run. */
  function firstLoad(): ReadonlySet<string> {
    const page = textOf(`${DIST}/index.html`);
    const named = [...page.matchAll(/(?:src|href)="(?:\.\/)?([\w./-]+\.(?:js|css|svg))"/g)].map(
      ([, name = '']) => name,
    );
    const overview = readdirSync(pathOf(`${DIST}/assets`)).find((file) => /^overview-page.*\.js$/.test(file));
    const files = new Set(['index.html', ...named, `assets/${overview}`]);
    for (const file of files)
      if (file.startsWith('assets/') && file.endsWith('.js')) for (const one of imports(file)) files.add(one);
    return files;
  }

  it('is below 300 kB in the first load, without charts and waveform', () => {
    const files = [...firstLoad()];
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(pathOf(`${DIST}/${file}`))).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
    expect(files.filter((file) => /chart|waveform/.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.js') && textOf(`${DIST}/${file}`).includes('uplot'))).toEqual([]);
    const later = readdirSync(pathOf(`${DIST}/assets`)).filter((file) => /^(chart|waveform).*\.js$/.test(file));
    expect(later.length).toBeGreaterThan(1);
  });

  it('has every text beside it in what browsers would rather load', () => {
    const files = readdirSync(pathOf(DIST), { recursive: true }).map(String);
    const texts = files.filter((file) => /\.(js|css)$/.test(file) && textOf(`${DIST}/${file}`).length > 1_024);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) expect(files).toEqual(expect.arrayContaining([`${text}.br`, `${text}.gz`]));
  });

  it('has no script and no style in the page, as the content security policy wants it', () => {
    const page = textOf(`${DIST}/index.html`);
    expect(page).toContain('<base href="/" />');
    expect(page.match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/g)).toBeNull();
    expect(page.match(/(src|href)="(https?:|\/\/|data:)/g)).toBeNull();
  });
});
