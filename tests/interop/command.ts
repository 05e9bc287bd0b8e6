import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. Its output is kept up to 8 MB; it is killed after `msMax`. */
export function run(file: string, args: readonly string[], msMax = 30_000): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { timeout: msMax, maxBuffer: 8 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      const why = error !== null && code === 127 ? `${error.message}\n` : '';
      resolve({ code, output: `${why}${stdout}${stderr}` });
    });
  });
}

/** The same for a program that must succeed: its output. */
export async function must(file: string, args: readonly string[], msMax?: number): Promise<string> {
  const { code, output } = await run(file, args, msMax);
  if (code === 0) return output;
  throw new Error(`${file} ${args.join(' ')}: exit ${code}\n${output.slice(-2_000)}`);
}
