import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '@rapida/core';
import { bargeIn } from './barge-in.js';
import type { Benchmark, Row } from './benchmark.js';
import { echo } from './echo.js';
import { fullCall } from './full-call.js';
import { memory } from './memory.js';
import { playback } from './playback.js';
import { createProgress } from './progress.js';
import { describeMachine, formatTable, type Results } from './report.js';
import { turnOverhead } from './turn-overhead.js';
import { workers } from './workers.js';

const BENCHMARKS: readonly Benchmark[] = [echo, playback, fullCall, turnOverhead, bargeIn, memory, workers];
/** Beside the sources; this file runs from `dist`. */
const BASELINE = new URL('../results/baseline.json', import.meta.url);

const HELP = `Measures this machine: what Rapida costs, in relation to bare Node code in the same run.

  npm run bench                          all benchmarks, about six minutes
  npm run bench -- echo playback         only these
  npm run bench -- --save run.json       write the figures to a file; those of other benchmarks in it are kept
  npm run bench -- --against run.json    compare with that file (default: the committed bench/results/baseline.json)

Benchmarks:
${BENCHMARKS.map(({ name, how }) => `  ${name.padEnd(10)} ${how}`).join('\n')}

Servers and callers are processes of their own; the CPU and memory of the callers are not counted. The column "vs earlier"
compares ratios to bare Node where there are any, so that it means something on another machine as well. Nothing else
should run meanwhile. These are measurements, not tests: the command succeeds whatever the figures are, and fails only where there are none.
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' }, save: { type: 'string' }, against: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const unknown = positionals.filter((name) => BENCHMARKS.every((benchmark) => benchmark.name !== name));
  if (unknown.length > 0) {
    print(`No such benchmark: ${unknown.join(', ')}. There are: ${BENCHMARKS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const earlier = await readResults(values.against ?? BASELINE);
  if (earlier === undefined && values.against !== undefined) {
    print(`--against ${values.against}: there is no such file`);
    return 2;
  }
  const machine = describeMachine();
  print(`Machine: ${machine}`);
  if (earlier !== undefined) print(`Earlier run: ${earlier.date}, ${earlier.machine}`);

  const benchmarks: Record<string, readonly Row[]> = {};
  for (const benchmark of chosen) {
    const rows = await tryRun(benchmark);
    if (rows === undefined) continue;
    benchmarks[benchmark.name] = rows;
    print(`\n${formatTable(benchmark, rows, earlier?.benchmarks[benchmark.name] ?? [])}`);
  }
  if (values.save !== undefined) await save(values.save, machine, benchmarks);
  return Object.keys(benchmarks).length === chosen.length ? 0 : 1;
}

/** Undefined when it could not be measured, e.g. because a call was not answered; the others are run all the same. */
async function tryRun(benchmark: Benchmark): Promise<readonly Row[] | undefined> {
  try {
    return await benchmark.run(createProgress(systemClock, process.stderr));
  } catch (error) {
    print(`\n${benchmark.name}: could not be measured: ${String(error)}`);
    return undefined;
  }
}

async function save(file: string, machine: string, benchmarks: Results['benchmarks']): Promise<void> {
  const kept = (await readResults(file))?.benchmarks;
  const date = new Date(systemClock.wallMs()).toISOString().slice(0, 10);
  const results: Results = { date, machine, benchmarks: { ...kept, ...benchmarks } };
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Undefined where there is no such file (yet). */
async function readResults(file: string | URL): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

process.exitCode = await main();
