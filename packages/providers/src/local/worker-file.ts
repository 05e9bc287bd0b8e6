import { fileURLToPath } from 'node:url';

/**
 * The JavaScript of a worker entry that lies beside the module with `importMetaUrl`. Workers cannot run TypeScript, so
 * from the sources (tests, development) it is the compiled file under `dist`, which `tsc -b` must have written.
 */
export function workerFile(name: string, importMetaUrl: string): string {
  const base = importMetaUrl.endsWith('.ts') ? '../../dist/local/' : './';
  return fileURLToPath(new URL(`${base}${name}.js`, importMetaUrl));
}
