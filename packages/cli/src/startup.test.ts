import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** `@rapida/server/config` is light; types cost nothing. */
const LOADS_THE_SERVER = /^(?:import|export) (?!type )[^;]*? from '@rapida\/server'/m;

it('loads the server in no command that does not run it: half a second for each', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const loading = files.filter((file) => LOADS_THE_SERVER.test(readFileSync(join(folder, file), 'utf8')));
  // A program of its own, which runs a server.
  expect(loading).toEqual([join('demo', 'main.ts')]);
});
