import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Parsed, pathOf, textOf } from './files.js';

const LINES = textOf('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const ALLOWED = LINES.filter((line) => line.startsWith('!')).map((line) => line.slice(1));

const comesAlong = (file: string) => ALLOWED.some((allowed) => file === allowed || file.startsWith(`${allowed}/`));

/** What compiling a package reads beside its sources: its own settings, those they extend, and the same of what it needs. */
function settingsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  // JSON but for comments on lines of their own, and commas at the end.
  const { extends: base, references = [] } = parse(textOf(file).replaceAll(/^\s*\/\/.*$/gm, '')) as Parsed;
  if (base !== undefined) settingsOf(normalize(join(dirname(file), base)), seen);
  for (const { path } of references) {
    const named = normalize(join(dirname(file), path));
    settingsOf(named.endsWith('.json') ? named : `${named}/tsconfig.json`, seen);
  }
  return seen;
}

describe('what the Dockerfile builds from', () => {
  it('is what .dockerignore names, after everything was left out', () => {
    expect(LINES[0]).toBe('*');
    expect(ALLOWED.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
  });

  it('has no setting, no data, no history, and nothing that was built or installed elsewhere', () => {
    for (const file of ['.env', 'data/vault.key', '.git/config', 'node_modules/pg/package.json']) {
      expect(comesAlong(file), file).toBe(false);
    }
    expect(LINES).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/*.tsbuildinfo']));
  });

  it('has all settings that the compiler reads', () => {
    const read = settingsOf('packages/cli/tsconfig.json');
    // All but the dashboard, and those that all of them extend.
    expect(read.size).toBe(readdirSync(pathOf('packages')).length - 1 + 1);
    expect([...read].filter((file) => !comesAlong(file))).toEqual([]);
  });

  it('has what the dashboard is made of, which is built after what it imports', () => {
    const dockerfile = textOf('Dockerfile');
    const steps = ['tsc -b packages/cli', 'npm run --silent build:dashboard', 'assemble.sh'];
    const places = steps.map((step) => dockerfile.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    for (const file of ['index.html', 'vite.config.ts', 'src/main.tsx', 'public/theme.js']) {
      const path = `packages/dashboard/${file}`;
      expect([existsSync(pathOf(path)), comesAlong(path)], path).toEqual([true, true]);
    }
  });

  it('has what npm installs from', () => {
    const { workspaces } = JSON.parse(textOf('package.json')) as { workspaces: string[] };
    const wanted = ['package.json', 'package-lock.json', '.npmrc', ...workspaces.map((one) => `${one}/package.json`)];
    expect(wanted.filter((file) => !comesAlong(file))).toEqual([]);
  });

  it('has the script that puts the image together', () => {
    const [, script = ''] = /sh (\S+) \. \/runtime/.exec(textOf('Dockerfile')) ?? [];
    expect([existsSync(pathOf(script)), comesAlong(script)]).toEqual([true, true]);
  });
});
