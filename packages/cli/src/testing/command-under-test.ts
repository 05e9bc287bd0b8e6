import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { failureText } from '../failure-text.js';
import type { Terminal } from '../terminal.js';

export interface TerminalUnderTest extends Terminal {
  readonly input: PassThrough & { isTTY?: boolean };
  readonly printed: string[];
  readonly noted: string[];
  /** Everything that could be seen: the result, what is beside it, and the questions. */
  seen(): string;
}

export function createTerminal(): TerminalUnderTest {
  const printed: string[] = [];
  const noted: string[] = [];
  const screen = new PassThrough();
  const shown: string[] = [];
  screen.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
  return {
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    input: new PassThrough(),
    screen,
    printed,
    noted,
    seen: () => [...printed, ...noted, ...shown].join('\n'),
  };
}

/** Runs a command as the line of a shell would, against a server; fails with what it would end with. */
export async function runCommandLine(command: Command, argv: readonly string[], url: string): Promise<void> {
  throwInsteadOfExiting(command);
  await command.parseAsync([...argv, '--url', url, '--key', 'rpd-test'], { from: 'user' }).catch((error: unknown) => {
    throw new Error(failureText(error), { cause: error });
  });
}

function throwInsteadOfExiting(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const one of command.commands) throwInsteadOfExiting(one);
}
