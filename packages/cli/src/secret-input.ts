import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import type { Terminal } from './terminal.js';

/** A file that is larger is not the one that was meant. */
const SECRET_BYTES_MAX = 8_192;

export interface SecretQuestion {
  /** The option that names the file. */
  readonly flag: string;
  /** What to call it, as in "ARI password". */
  readonly what: string;
}

/**
 * A secret, never from the command line, where every user of the machine could read it: from a file, from standard input
 * (`-`), or asked for without showing what is typed. One line; the line break at its end is not part of it.
 */
export async function readSecret(
  source: string | undefined,
  { flag, what }: SecretQuestion,
  terminal: Terminal,
): Promise<string> {
  // Standard input that is a keyboard would show what is typed.
  const typed = source === undefined || (source === '-' && terminal.input.isTTY);
  const text = typed ? await ask({ flag, what }, terminal) : await readSource(source, flag, terminal);
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new Error(`${flag}: the ${what} is empty`);
  if (/[\r\n]/.test(secret)) throw new Error(`${flag}: the ${what} must be the only line`);
  return secret;
}

async function readSource(source: string, flag: string, terminal: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream: Readable = source === '-' ? terminal.input : createReadStream(source);
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk as Buffer));
      bytes += (chunk as Buffer).length;
      if (bytes > SECRET_BYTES_MAX) break;
    }
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new Error(`${flag} ${source}: it cannot be read (${code})`, { cause: error });
  }
  if (bytes > SECRET_BYTES_MAX) throw new Error(`${flag} ${source}: more than ${SECRET_BYTES_MAX} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

async function ask({ flag, what }: SecretQuestion, { input, screen }: Terminal): Promise<string> {
  if (!input.isTTY) {
    throw new Error(`the ${what} is needed: give ${flag} <file>, or ${flag} - to read it from standard input`);
  }
  screen.write(`${what} (it is not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => reader.close());
      reader.once('close', () => reject(new Error(`no ${what} was given`)));
    });
  } finally {
    reader.close();
    screen.write('\n');
  }
}
