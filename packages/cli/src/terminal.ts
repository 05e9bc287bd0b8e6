import type { Readable, Writable } from 'node:stream';

/** Where a command speaks and listens. What is asked and told beside the result never mixes with what a script reads. */
export interface Terminal {
  /** A line of the result: standard output. */
  readonly print: (text: string) => void;
  /** A line beside the result, such as progress: standard error. */
  readonly note: (text: string) => void;
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Where a question is asked. */
  readonly screen: Writable;
}

export const systemTerminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  // Only opened by the commands that read it.
  get input() {
    return process.stdin;
  },
  screen: process.stderr,
};
