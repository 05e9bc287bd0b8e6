import { ERRORS } from '@rapida/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';
import { transferCommand } from './transfer-command.js';

const TRANSFER = 'POST /v1/calls/99/transfer';

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  terminal = createTerminal();
});
afterEach(() => server.close());

const run = (...argv: string[]) => runCommandLine(transferCommand(terminal.print), argv, server.url);

function refuses(transferTargets?: readonly string[]): void {
  const error = ERRORS.transfer_not_allowed.text;
  server.on(TRANSFER, { status: 403, body: { error, code: 'transfer_not_allowed' } });
  server.on('GET /v1/calls/99', { body: { id: '99', assistantId: '12', state: 'connected' } });
  if (transferTargets !== undefined) {
    server.on('GET /v1/assistants/12', { body: { id: '12', phoneDeployment: { transferTargets } } });
  }
}

it('hands the call on', async () => {
  server.on(TRANSFER, { status: 204 });
  await run('99', 'sales,100,1');
  expect(server.of(TRANSFER)[0]?.body).toEqual({ target: 'sales,100,1' });
  expect(terminal.printed).toEqual(['99  goes on at sales,100,1 after what is being said']);
  terminal.printed.length = 0;
  await run('99', 'sales,100,1', '--json');
  expect(terminal.printed).toEqual(['{"id":"99","target":"sales,100,1"}']);
});

it.each(['sales', 'sales,100', 'sales,100,one', 'sa les,100,1', ''])(
  'refuses "%s" before it is sent',
  async (target) => {
    await expect(run('99', target)).rejects.toThrow('accepted is context,exten,priority');
    expect(server.asked).toEqual([]);
  },
);

it('says what is allowed, and the command that allows this one without taking the others away', async () => {
  refuses(['support,200,1', 'front,s,1']);
  await expect(run('99', 'sales,100,1')).rejects.toThrow(
    "not on the deployment's list of transfer targets. (transfer_not_allowed): allowed are support,200,1  front,s,1; " +
      'to allow it too: rapida assistants deploy 12 --transfer-target support,200,1 --transfer-target front,s,1 ' +
      '--transfer-target sales,100,1',
  );
});

it('says that nothing is allowed yet', async () => {
  refuses([]);
  await expect(run('99', 'sales,100,1')).rejects.toThrow(
    'allowed is none; to allow it: rapida assistants deploy 12 --transfer-target sales,100,1',
  );
});

it('names the command where the key may not read what is allowed', async () => {
  refuses();
  await expect(run('99', 'sales,100,1')).rejects.toThrow(
    'to allow it (with all others that shall stay): rapida assistants deploy 12 --transfer-target sales,100,1',
  );
});

it('leaves other refusals as they are', async () => {
  server.on(TRANSFER, { status: 409, body: { error: 'The call has already ended.', code: 'call_ended' } });
  await expect(run('99', 'sales,100,1')).rejects.toThrow(/^The call has already ended\. \(call_ended\)$/);
});
