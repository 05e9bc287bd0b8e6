import { afterEach, beforeEach, expect, it } from 'vitest';
import { keysCommand } from './keys-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

const KEY = { id: '3', name: 'crm', scopes: ['calls'], prefix: 'rpd-abcd', createdAt: 'T1', revokedAt: null };

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  terminal = createTerminal();
});
afterEach(() => server.close());

const run = (...argv: string[]) => runCommandLine(keysCommand(terminal.print), argv, server.url);

it('shows a new key once, and says so', async () => {
  server.on('POST /v1/api-keys', { status: 201, body: { ...KEY, key: 'rpd-abcdefgh' } });
  await run('create', 'crm', '--scopes', 'calls, inbound');
  expect(server.asked[0]?.body).toEqual({ name: 'crm', scopes: ['calls', 'inbound'] });
  expect(terminal.printed[0]).toBe('rpd-abcdefgh');
  expect(terminal.printed.at(-1)).toContain('shown this once');
});

it('names a scope that there is not, and those that there are', async () => {
  await expect(run('create', 'crm', '--scopes', 'calls,call')).rejects.toThrow(
    'there is no scope "call"; accepted are inbound, calls, admin',
  );
  expect(server.asked).toEqual([]);
});

it('lists the first characters of keys, never more', async () => {
  server.on('GET /v1/api-keys', { body: { data: [KEY, { ...KEY, id: '2', revokedAt: 'T2' }], nextCursor: null } });
  await run('list');
  expect(terminal.printed).toEqual(['3  rpd-abcd...  crm  calls  T1', '2  rpd-abcd...  crm  calls  T1  revoked T2']);
});

it('revokes by id', async () => {
  server.on('DELETE /v1/api-keys/3', { status: 204 });
  await run('revoke', '3', '--json');
  expect(terminal.printed).toEqual(['{"id":"3","revoked":true}']);
});
