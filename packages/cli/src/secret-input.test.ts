import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSecret } from './secret-input.js';
import { createTerminal, type TerminalUnderTest } from './testing/command-under-test.js';

const QUESTION = { flag: '--password-file', what: 'password' };

let folder: string;
let terminal: TerminalUnderTest;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapida-secret-'));
  terminal = createTerminal();
});
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
}

it.each([
  ['s3cret', 's3cret'],
  ['s3cret\n', 's3cret'],
  ['s3cret\r\n', 's3cret'],
  [' with blanks \n', ' with blanks '],
  ['gehéim', 'gehéim'],
])('reads %j from a file', async (text, secret) => {
  expect(await readSecret(fileOf(text), QUESTION, terminal)).toBe(secret);
});

it.each([
  ['empty', '', 'the password is empty'],
  ['no more than a line break', '\n', 'the password is empty'],
  ['of two lines', 'a\nb\n', 'must be the only line'],
  ['too large', 'x'.repeat(8_193), 'more than 8192 bytes'],
])('refuses a file that is %s, naming the option', async (_what, text, message) => {
  const refused = readSecret(fileOf(text), QUESTION, terminal);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow('--password-file');
});

it('names a file that cannot be read', async () => {
  await expect(readSecret(join(folder, 'none'), QUESTION, terminal)).rejects.toThrow(
    `--password-file ${join(folder, 'none')}: it cannot be read (ENOENT)`,
  );
});

it('reads standard input to its end', async () => {
  terminal.input.write('s3');
  terminal.input.end('cret\n');
  expect(await readSecret('-', QUESTION, terminal)).toBe('s3cret');
});

it.each([undefined, '-'])('asks at a keyboard without showing what is typed (%s)', async (source) => {
  terminal.input.isTTY = true;
  const asked = readSecret(source, QUESTION, terminal);
  for (const key of ['s3', 'X', '\u007f', 'cret', '\r']) terminal.input.write(key);
  expect(await asked).toBe('s3cret');
  expect(terminal.seen()).toContain('password (it is not shown): ');
  expect(terminal.seen()).not.toMatch(/s3|cret/);
});

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('is given up with %s', async (_what, key) => {
  terminal.input.isTTY = true;
  const asked = readSecret(undefined, QUESTION, terminal);
  terminal.input.write(key);
  await expect(asked).rejects.toThrow('no password was given');
});

it('asks nobody where nobody is at a keyboard, and says what to give', async () => {
  await expect(readSecret(undefined, QUESTION, terminal)).rejects.toThrow('give --password-file <file>');
});
