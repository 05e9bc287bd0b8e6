import { ERRORS } from '@rapida/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';
import { createHastyClock, pressCtrlC } from './testing/hasty-clock.js';
import { transferCommand } from './transfer-command.js';

const TRANSFER = 'POST /v1/calls/99/transfer';
const EVENTS = 'GET /v1/calls/99/events';

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
  server.on(EVENTS, { body: { data: [] } });
  server.on(TRANSFER, { status: 403, body: { error, code: 'transfer_not_allowed' } });
  server.on('GET /v1/calls/99', { body: { id: '99', assistantId: '12', state: 'connected' } });
  if (transferTargets !== undefined) {
    server.on('GET /v1/assistants/12', { body: { id: '12', phoneDeployment: { transferTargets } } });
  }
}

const HEARD = { type: 'call.connected', at: '', data: {} };
const GONE = { type: 'call.transferred', at: '', data: {} };
const BUSY = { type: 'call.transfer_failed', at: '', data: { reason: 'busy' } };

/** What the server tells of the call: before the order the first, then all of it. */
function tells(...after: readonly object[]): void {
  const isOrdered = () => server.of(TRANSFER).length > 0;
  server.on(TRANSFER, { status: 204 });
  server.on(EVENTS, () => ({ body: { data: isOrdered() ? [BUSY, HEARD, ...after] : [BUSY, HEARD] } }));
}

it('hands the call on, and tells what becomes of it', async () => {
  tells(GONE, { type: 'call.transfer_answered', at: '', data: {} });
  await run('99', 'sales,100,1');
  expect(server.of(TRANSFER)[0]?.body).toEqual({ target: 'sales,100,1' });
  expect(terminal.printed).toEqual(['99  goes on at sales,100,1 after what is being said', '99  was answered there']);
});

it('prints one object of JSON', async () => {
  tells(GONE, { type: 'call.transfer_answered', at: '', data: {} });
  await run('99', 'sales,100,1', '--json');
  expect(terminal.printed).toEqual(['{"id":"99","target":"sales,100,1","outcome":"answered"}']);
});

it('fails with the reason where it came to nothing', async () => {
  tells(GONE, BUSY);
  await expect(run('99', 'sales,100,1')).rejects.toThrow('call 99 was not transferred to sales,100,1: busy');
});

it('ends when the caller has gone where nobody tells more', async () => {
  tells(GONE);
  await runCommandLine(
    transferCommand(
      terminal.print,
      createHastyClock(() => true),
    ),
    ['99', 'sales,100,1'],
    server.url,
  );
  expect(terminal.printed.slice(1)).toEqual([
    '99  has gone to sales,100,1',
    '99  nobody has told yet whether it was answered',
  ]);
});

it('fails where nothing was seen of it, and is left by Ctrl-C', async () => {
  tells();
  const hasty = transferCommand(
    terminal.print,
    createHastyClock(() => true),
  );
  await expect(runCommandLine(hasty, ['99', 'sales,100,1'], server.url)).rejects.toThrow('nothing was seen');
  const patient = transferCommand(
    (text) => {
      terminal.print(text);
      if (text.includes('goes on')) queueMicrotask(pressCtrlC);
    },
    createHastyClock(() => false),
  );
  await runCommandLine(patient, ['99', 'sales,100,1'], server.url);
});

it('only orders it when told not to wait', async () => {
  tells(GONE, BUSY);
  await run('99', 'sales,100,1', '--no-wait');
  await run('99', 'sales,100,1', '--no-wait', '--json');
  expect(terminal.printed).toEqual([
    '99  goes on at sales,100,1 after what is being said',
    '{"id":"99","target":"sales,100,1"}',
  ]);
  expect(server.of(EVENTS)).toEqual([]);
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
  server.on(EVENTS, { body: { data: [] } });
  server.on(TRANSFER, { status: 409, body: { error: 'The call has already ended.', code: 'call_ended' } });
  await expect(run('99', 'sales,100,1')).rejects.toThrow(/^The call has already ended\. \(call_ended\)$/);
});
