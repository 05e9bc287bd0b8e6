import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@rapida/core';
import type { Usage } from '../child.js';
import { answerParent, planOfParent } from '../child-side.js';

export interface WholePlan {
  readonly workers: number;
}

export interface WholeReady {
  readonly port: number;
  readonly httpPort: number;
  readonly key: string;
}

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/rapida.js', import.meta.url));
/** Of /proc/<pid>/stat: hundredths of a second, on every Linux there is. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** `rapida serve` as it is installed, with all its processes; what they use is counted together. */
const { workers } = planOfParent<WholePlan>();
const folder = mkdtempSync(join(tmpdir(), 'rapida-bench-'));
const server = spawn(process.execPath, [COMMAND, 'serve'], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    DATA_DIR: folder,
    WORKERS__COUNT: String(workers),
    ...{ HTTP__HOST: '127.0.0.1', HTTP__PORT: '0', AUDIOSOCKET__PORT: '0', GRPC__PORT: '0' },
  },
  stdio: ['ignore', 'ignore', 'pipe'],
});
process.once('exit', () => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
process.once('SIGTERM', () => process.exit());
server.once('exit', (code) => process.exit(code ?? 1));

/** The process and all that it has started. */
function processes(): number[] {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = statOf(pid)[1];
    if (parent !== undefined) parents.set(Number(pid), Number(parent));
  }
  return [...parents].filter(([pid, parent]) => pid === server.pid || parent === server.pid).map(([pid]) => pid);
}

/** What follows the name of the program: state, parent, ... */
function statOf(pid: string | number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function usage(): Usage {
  const stats = processes().map(statOf);
  const sumOf = (field: number): number => stats.reduce((sum, stat) => sum + Number(stat[field] ?? 0), 0);
  const [cpuMs, rssBytes] = [(sumOf(11) + sumOf(12)) * TICK_MS, sumOf(21) * PAGE_BYTES];
  return { atMs: systemClock.nowMs(), cpuMs, rssBytes, heapBytes: 0 };
}

createInterface({ input: server.stderr }).on('line', (line) => {
  if (!line.includes('"msg":"ready"')) return;
  const { httpPort, audiosocketPort } = JSON.parse(line) as { httpPort: number; audiosocketPort: number };
  const key = readFileSync(join(folder, 'admin-api-key'), 'utf8').trim();
  answerParent({ port: audiosocketPort, httpPort, key } satisfies WholeReady, { usage });
});
