import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Finding {
  readonly name: string;
  readonly outcome: 'ok' | 'FAILED';
  /** What was measured, or why it failed. */
  readonly figure: string;
}

/** One line per finding, on the screen at once and in files at the end. */
export class Report {
  readonly findings: Finding[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  add(finding: Finding): void {
    this.findings.push(finding);
    const { outcome, name, figure } = finding;
    const [first, ...more] = figure.split('\n');
    this.#print(`${outcome.padEnd(6)} ${name.padEnd(84)} ${first}`);
    for (const line of more) this.#print(`       ${line}`);
  }

  get failed(): number {
    return this.findings.filter(({ outcome }) => outcome === 'FAILED').length;
  }

  save(folder: string, about: Readonly<Record<string, string>>): string {
    mkdirSync(folder, { recursive: true });
    const cell = (text: string) => text.split('\n')[0]?.replaceAll('|', '\\|') ?? '';
    const lines = [
      '# Calls through a real Asterisk',
      '',
      ...Object.entries(about).map(([name, value]) => `- ${name}: ${value}`),
      '',
      '| | Case | Figure |',
      '|---|---|---|',
      ...this.findings.map(({ name, outcome, figure }) => `| ${outcome} | ${cell(name)} | ${cell(figure)} |`),
      '',
    ];
    writeFileSync(join(folder, 'report.md'), lines.join('\n'));
    writeFileSync(join(folder, 'report.json'), `${JSON.stringify({ about, findings: this.findings }, null, 2)}\n`);
    return join(folder, 'report.md');
  }
}
