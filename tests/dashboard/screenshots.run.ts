import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../interop/command.js';

/** Compiled before these tests. */
const COMMAND = fileURLToPath(new URL('../dist/dashboard/screenshots/main.js', import.meta.url));
/** It holds calls of its own first. */
const RUN_MS_MAX = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapida-pictures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Those before which something has to be done, and one of each kind of viewer. */
const SHOTS = ['sign-in', 'calls-spoken', 'call-in-parts', 'files-for-asterisk', 'test-call-held'];

it(
  'npm run screenshots leaves a picture of each page, and says how far it is',
  async () => {
    const names = SHOTS.map((shot) => `${shot}-dark-narrow.webp`);
    const argv = ['--out', folder, '--only', `^(${SHOTS.join('|')})-dark-narrow`];
    const { code, output } = await run(process.execPath, [COMMAND, ...argv], RUN_MS_MAX);
    expect(code, output).toBe(0);
    for (const [n, name] of names.entries()) {
      expect(output).toContain(`[${n + 1}/${names.length}] ${name}`);
      const bytes = await readFile(join(folder, name));
      expect(`${bytes.subarray(0, 4)} ${bytes.subarray(8, 12)}`).toBe('RIFF WEBP');
    }
  },
  RUN_MS_MAX,
);
