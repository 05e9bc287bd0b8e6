import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Finished } from './command.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What a test that failed has left running ends with its file. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface RunningProgram {
  readonly stdout: () => string;
  readonly finished: Promise<Finished>;
}

/** A module in JavaScript, as somebody runs it who has installed the compiled packages. */
export function runProgram(
  text: string,
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): RunningProgram {
  const env = { PATH: process.env.PATH, ...environment };
  const child = spawn(process.execPath, [...nodeOptions, '--input-type=module', '-'], { cwd: ROOT, env });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    stdout += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    stderr += more;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  child.stdin.end(text);
  return { stdout: () => stdout, finished };
}
