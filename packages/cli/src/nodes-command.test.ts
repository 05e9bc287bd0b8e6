import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodesCommand } from './nodes-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

const NODE = {
  ...{ id: 'node-a', host: 'pbx-1', version: '0.1.0', state: 'up', calls: 1 },
  ...{ loopDelayMs: 1.26, lateFrames: 7, startedAt: 'T1', seenAt: 'T2' },
};

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  terminal = createTerminal();
  server.on('GET /v1/nodes', {
    body: { data: [NODE, { ...NODE, id: 'b', state: 'lost', calls: 2 }], nextCursor: null },
  });
});
afterEach(() => server.close());

const run = (...argv: string[]) => runCommandLine(nodesCommand(terminal.print), argv, server.url);

it('shows each node in one line', async () => {
  await run();
  expect(terminal.printed).toEqual([
    'node-a  up  pbx-1  1 call  event loop 1.3 ms  7 late frames  0.1.0  since T1',
    'b  lost  pbx-1  2 calls  event loop 1.3 ms  7 late frames  0.1.0  since T1',
  ]);
});

it('shows what the server said as JSON', async () => {
  await run('--json');
  expect(JSON.parse(terminal.printed[0] ?? '')).toEqual([NODE, { ...NODE, id: 'b', state: 'lost', calls: 2 }]);
});
