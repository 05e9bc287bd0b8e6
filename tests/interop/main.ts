import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@rapida/core';
import { findOrMakeRoot } from './asterisk-root.js';
import { STAGES } from './cases/all.js';
import type { Case, Stage } from './cases/case.js';
import { must } from './command.js';
import { Lab } from './lab.js';
import { HELP, type Options, readOptions } from './options.js';
import { Report } from './report.js';
import { Voice } from './voice.js';

/** A case that hangs is a case that fails. */
const CASE_MS_MAX = 6 * 60_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), join(dirname(fileURLToPath(import.meta.url)), 'interop-report'));
  if (options.mode === 'help') return tell(HELP);
  const chosen = STAGES.map((stage) => ({
    ...stage,
    cases: stage.cases.filter(({ name }) => options.only.test(name)),
  }));
  const names = chosen.flatMap(({ cases }) => cases.map(({ name }) => name));
  if (options.mode === 'list') return tell(names.join('\n'));
  if (names.length === 0) throw new Error(`no case matches ${options.only}`);
  return runStages(options, chosen);
}

async function runStages(options: Options, stages: readonly Stage[]): Promise<number> {
  const root = await findOrMakeRoot(options.root, print);
  const version = (await must('chroot', [root, '/usr/sbin/asterisk', '-V'])).trim();
  const total = stages.reduce((sum, { cases }) => sum + cases.length, 0);
  const machine = `Linux ${release()}, ${cpus().length} processors, Node ${process.version}`;
  print(`${version} in ${root}; ${machine}; ${total} cases`);
  const startMs = systemClock.nowMs();
  const elapsed = () => `${Math.round((systemClock.nowMs() - startMs) / 1000)} s`;
  const report = new Report(print);
  const voice = new Voice();
  // Whatever runs dies with this process, see Asterisk and ServerUnderTest.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  let begun = 0;
  try {
    for (const { atOnce, cases } of stages) {
      const waiting = [...cases];
      const work = async (): Promise<void> => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
          print(`-- ${++begun}/${total} ${one.name} (${elapsed()})`);
          await runCase(one, labFor(one, root, voice, report), report, options);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    }
  } finally {
    await voice.close();
    const about = { date: new Date(systemClock.wallMs()).toISOString(), asterisk: version, machine, took: elapsed() };
    const file = report.save(options.report, about);
    print(`${report.findings.length} findings, ${report.failed} failed, ${elapsed()}; report in ${file}`);
  }
  return report.failed === 0 ? 0 : 1;
}

function labFor({ name }: Case, root: string, voice: Voice, report: Report): Lab {
  return new Lab(root, voice, (what, figure) => report.add({ name: `${name}: ${what}`, outcome: 'ok', figure }));
}

async function runCase(one: Case, lab: Lab, report: Report, options: Options): Promise<void> {
  const limit = new AbortController();
  const late = systemClock.setTimer(CASE_MS_MAX, () => limit.abort());
  try {
    const tooLong = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(new Error(`not finished within ${CASE_MS_MAX / 1000} s`)));
    });
    await Promise.race([one.run(lab), tooLong]);
  } catch (error) {
    const figure = error instanceof Error ? error.message : String(error);
    report.add({ name: one.name, outcome: 'FAILED', figure });
    print(`       logs in ${saveLogs(options.report, one, lab)}`);
  } finally {
    late.cancel();
    await lab.close();
  }
}

function saveLogs(folder: string, { name }: Case, lab: Lab): string {
  const where = join(folder, name.replaceAll(/[^A-Za-z0-9]+/g, '-'));
  mkdirSync(where, { recursive: true });
  for (const [file, text] of Object.entries(lab.logs())) writeFileSync(join(where, file), text);
  return where;
}

function tell(text: string): number {
  print(text);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
