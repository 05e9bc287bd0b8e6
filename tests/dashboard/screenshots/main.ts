import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Camera } from './camera.js';
import { openInstallation } from './installation.js';
import { HELP, type Options, readOptions } from './options.js';
import { allFiles, fileName, imagesIn, LOOKS, SHOTS } from './shots.js';

/** `npm run screenshots`, from the root of the repository. */
const ALL = 'screenshots';
const DOCS = 'docs';
const DOCUMENTED = 'docs/images/dashboard';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.mode === 'help') return print(HELP);
  if (options.mode === 'list') return print(allFiles().join('\n'));
  await takeAll(options);
}

async function takeAll({ only, out }: Options): Promise<void> {
  const all = LOOKS.flatMap((look) => SHOTS.map((shot) => ({ shot, look, name: fileName(shot, look) })));
  const wanted = all.filter(({ name }) => only.test(name));
  const shown = out === undefined ? await documented() : new Set<string>();
  const folder = resolve(out ?? ALL);
  for (const one of [folder, ...(shown.size > 0 ? [resolve(DOCUMENTED)] : [])]) await mkdir(one, { recursive: true });
  const installation = await openInstallation(print);
  try {
    const camera = await Camera.open(installation);
    try {
      for (const [n, { shot, look }] of wanted.entries()) {
        const { name, bytes } = await camera.take(shot, look);
        await writeFile(join(folder, name), bytes);
        if (shown.has(name)) await writeFile(join(DOCUMENTED, name), bytes);
        const place = `${n + 1}`.padStart(`${wanted.length}`.length);
        print(
          `[${place}/${wanted.length}] ${name}  ${Math.ceil(bytes.length / 1_000)} kB${shown.has(name) ? '  (docs)' : ''}`,
        );
      }
    } finally {
      await camera.close();
    }
  } finally {
    await installation.close();
  }
  print(`${wanted.length} pictures are in ${folder}.`);
}

/** What the documentation shows. */
async function documented(): Promise<ReadonlySet<string>> {
  const pages = readdirSync(DOCS, { recursive: true }).map(String);
  const files = ['README.md', ...pages.filter((file) => file.endsWith('.md')).map((file) => join(DOCS, file))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Set(texts.flatMap(imagesIn));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
