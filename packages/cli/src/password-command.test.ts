import { afterEach, beforeEach, expect, it } from 'vitest';
import { passwordCommand } from './password-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  terminal = createTerminal();
  server.on('POST /v1/password/setup-token', { body: { token: 'abc', expiresAt: 'T1' } });
});
afterEach(() => server.close());

const run = (...argv: string[]) => runCommandLine(passwordCommand(terminal.print), argv, server.url);

it('prints a link to set the password with, and how long it works', async () => {
  await run('link');
  expect(terminal.printed).toEqual([
    `${server.url}/setup#abc`,
    '  It works once, until T1. Until then the password stays what it is.',
  ]);
});

it('prints the same as JSON', async () => {
  await run('link', '--json');
  expect(JSON.parse(terminal.printed[0] ?? '')).toEqual({ link: `${server.url}/setup#abc`, expiresAt: 'T1' });
});
