import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The house rules that a compiler does not know. Each message says what to do instead. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Floors from the ground up: a package imports only from floors below its own. Packages side by side never meet. */
const FLOORS: readonly (readonly string[])[] = [
  ['audio', 'audiosocket', 'chan-websocket', 'ari'],
  ['core'],
  ['media', 'conversation', 'providers', 'stores'],
  ['calls'],
  ['api'],
  ['server'],
  ['client'],
  ['cli', 'dashboard'],
];

/** Installed by itself, in browsers too: it imports nothing of ours, and only what stands above it may know it. */
const STANDALONE = 'client';

/** What browsers load is built into its package: its libraries are needed by nobody who installs it. */
const BUILT_IN = 'dashboard';

/** core speaks of no library below it; the libraries of floor 0 are for what moves and makes sound. */
const CORE_IMPORTS: readonly string[] = [];

const FILES = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)))
  // Written by `npm run proto` and `npm run sdk`; tests compare them with what they are written from.
  .filter((file) => !/^packages\/([^/]+\/proto\/gen|client\/src\/generated)\//.test(file));
const SOURCES = FILES.filter((file) => file.startsWith('packages/') && file.includes('/src/'));

const isTest = (file: string): boolean =>
  /\.test\.(ts|support\.ts|helper\.ts|child\.ts)$|\/(testing|conformance)\//.test(file);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const packageOf = (file: string): string => file.split('/')[1] ?? '';
const floorOf = (name: string): number => FLOORS.findIndex((floor) => floor.includes(name));

/** Code without comments, so that prose may say `setTimeout`. */
function codeOf(file: string): string {
  return read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:from|import)\s*\(?\s*['"]([@.\w][^'"\s]*)['"]/g)].map((match) => match[1] ?? '');
}

function offences(files: readonly string[], offend: (file: string) => readonly string[]): string[] {
  return files.flatMap((file) => offend(file).map((what) => `${file}: ${what}`));
}

function mentions(pattern: RegExp, advice: string): (file: string) => string[] {
  return (file) => [...codeOf(file).matchAll(pattern)].map((match) => `${match[0].trim()} - ${advice}`);
}

describe('floors', () => {
  it('hold every package once', () => {
    const packages = new Set(SOURCES.map(packageOf));
    expect([...packages].sort()).toEqual(FLOORS.flat().sort());
  });

  it('are only left downwards', () => {
    const upward = offences(SOURCES, (file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@rapida/'))
        .map((name) => name.split('/')[1] ?? '')
        .filter((name) => name !== packageOf(file) && floorOf(name) >= floorOf(packageOf(file)))
        .map((name) => `imports @rapida/${name}, which is not below it - move what both need to a floor below`),
    );
    expect(upward).toEqual([]);
  });

  it('keep core free of the libraries', () => {
    const core = SOURCES.filter((file) => packageOf(file) === 'core');
    const strangers = offences(core, (file) =>
      importsOf(file).filter((name) => name.startsWith('@rapida/') && !CORE_IMPORTS.includes(name)),
    );
    expect(strangers).toEqual([]);
  });

  it('keep the client free of everything of ours, and of Node', () => {
    const client = SOURCES.filter((file) => packageOf(file) === STANDALONE && !isTest(file));
    const strangers = offences(client, (file) => importsOf(file).filter((name) => !name.startsWith('.')));
    expect(strangers).toEqual([]);
  });

  it('keep the dashboard at the front door of the server: of ours it knows the client alone', () => {
    const dashboard = SOURCES.filter((file) => packageOf(file) === 'dashboard');
    const strangers = offences(dashboard, (file) =>
      importsOf(file).filter((name) => name.startsWith('@rapida/') && name !== `@rapida/${STANDALONE}`),
    );
    expect(strangers).toEqual([]);
  });

  it('are declared: every import of ours or of others is a dependency in the package.json of the package', () => {
    const undeclared = offences(
      SOURCES.filter((file) => !isTest(file)),
      (file) => {
        const { dependencies = {}, devDependencies = {} } = JSON.parse(
          read(`packages/${packageOf(file)}/package.json`),
        ) as { dependencies?: object; devDependencies?: object };
        const declared = Object.keys(packageOf(file) === BUILT_IN ? devDependencies : dependencies);
        return importsOf(file)
          .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
          .map((name) =>
            name
              .split('/')
              .slice(0, name.startsWith('@') ? 2 : 1)
              .join('/'),
          )
          .filter((name) => name !== `@rapida/${packageOf(file)}` && !declared.includes(name))
          .map((name) => `imports ${name} - declare it in the package.json of the package`);
      },
    );
    expect(undeclared).toEqual([]);
  });

  it('are entered by the front door: no import reaches into another package', () => {
    const doors = [
      ...['@rapida/core/testing', '@rapida/core/conformance', '@rapida/server/config', '@rapida/ari/testing'],
      ...['@rapida/stores/postgres', '@rapida/stores/redis'],
    ];
    const burglars = offences(SOURCES, (file) =>
      importsOf(file).filter((name) => /^@rapida\/[^/]+\//.test(name) && !doors.includes(name)),
    );
    expect(burglars).toEqual([]);
  });

  it('have no circles inside a package', () => {
    const circles = SOURCES.filter((file) => !isTest(file)).flatMap((file) => circleFrom(file));
    expect([...new Set(circles)]).toEqual([]);
  });
});

/** The first circle of value imports that leads from a file back to itself. */
function circleFrom(start: string): string[] {
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] => {
    for (const next of valueImports(file)) {
      if (next === start) return [[...path, file, start].map((one) => relative('packages', one)).join(' -> ')];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...path, file]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return walk(start, []);
}

function valueImports(file: string): string[] {
  return [...codeOf(file).matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?)from\s+'(\.[^']+)'/gm)]
    .filter((match) => !onlyTypes(match[1] ?? ''))
    .map((match) => join(dirname(file), (match[2] ?? '').replace(/\.js$/, '.ts')))
    .map((found) => (SOURCES.includes(found) ? found : `${found}x`))
    .filter((found) => SOURCES.includes(found));
}

function onlyTypes(clause: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(clause)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '));
}

describe('bans', () => {
  const time =
    /(?<!\.)\b(setTimeout|setInterval|setImmediate|Date\.now|performance\.now|new Date\(\)|process\.hrtime)\b/g;

  it('only the clock reads time or sets timers', () => {
    const allowed = [
      'packages/core/src/clock.ts',
      'packages/core/src/testing/virtual-clock.ts',
      // The client imports nothing of ours, not even the clock, and the dashboard only the client.
      'packages/client/src/clock.ts',
      'packages/dashboard/src/clock.ts',
    ];
    const files = SOURCES.filter((file) => !allowed.includes(file) && !isTest(file));
    expect(offences(files, mentions(time, 'take a Clock'))).toEqual([]);
  });

  it('no test waits for real time', () => {
    const files = FILES.filter((file) => file.endsWith('.test.ts') && file !== 'tools/tidy.test.ts');
    expect(offences(files, mentions(/\b(setTimeout|setInterval|sleep)\(\s*[^)]*\d/g, 'use a virtual clock'))).toEqual(
      [],
    );
  });

  it('only the configuration reads the environment', () => {
    const files = SOURCES.filter((file) => file !== 'packages/server/src/config.ts' && !isTest(file));
    expect(offences(files, mentions(/process\.env\b/g, 'add a setting to packages/server'))).toEqual([]);
  });

  it('only the commands end the process', () => {
    const files = SOURCES.filter((file) => !/^packages\/(server\/src\/main|cli\/src\/.*)\.ts$/.test(file));
    expect(offences(files, mentions(/process\.exit\b/g, 'throw, or close a scope'))).toEqual([]);
  });

  it('nothing is switched off in silence', () => {
    const advice = 'say why on the same line, or mend it';
    const pattern =
      /\b(it|test|describe)\.(skip|only|todo)\b|@ts-(ignore|nocheck)|@ts-expect-error(?! \S)|biome-ignore(?!.*: \S)/g;
    const files = FILES.filter((file) => file !== 'tools/tidy.test.ts');
    expect(
      offences(files, (file) => [...read(file).matchAll(pattern)].map((match) => `${match[0]} - ${advice}`)),
    ).toEqual([]);
  });

  it('no file is called after nothing', () => {
    const vague = FILES.filter((file) => /\/(utils?|helpers?|misc|common|shared|stuff)\.tsx?$/.test(file));
    expect(vague).toEqual([]);
  });
});

describe('sizes', () => {
  it('no file has more than 400 lines', () => {
    const long = offences(FILES, (file) => {
      const lines = read(file).split('\n').length - 1;
      return lines > 400 ? [`${lines} lines - divide it by what it does`] : [];
    });
    expect(long).toEqual([]);
  });

  it('no function in the sources has more than 70 lines: the linter is told so', () => {
    const { linter } = JSON.parse(read('biome.json')) as {
      linter: {
        rules: { complexity: { noExcessiveLinesPerFunction: { level: string; options: { maxLines: number } } } };
      };
    };
    const { level, options } = linter.rules.complexity.noExcessiveLinesPerFunction;
    expect([level, options.maxLines]).toEqual(['error', 70]);
  });
});

describe('what the repository says', () => {
  it('names no path of a machine and no host of a package registry', () => {
    const all = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file !== '');
    const here = dirname(ROOT);
    const told = all.filter(
      (file) => existsSync(join(ROOT, file)) && here.length > 3 && read(file).includes(`${here}/`),
    );
    expect(told).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});
