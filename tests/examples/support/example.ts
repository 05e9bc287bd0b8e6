import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Example {
  readonly file: string;
  readonly args?: readonly string[];
  /** All there is beside PATH and HOME: nothing of the machine the tests run on gets in. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RunningExample {
  readonly child: ChildProcess;
  readonly lines: () => readonly string[];
  readonly finished: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export function startExample({ file, args = [], environment }: Example): RunningExample {
  const { PATH, HOME = '/tmp' } = process.env;
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, lines: () => stdout.split('\n').slice(0, -1), finished };
}
