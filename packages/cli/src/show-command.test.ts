import { afterEach, beforeEach, expect, it } from 'vitest';
import { showCommand } from './show-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';
import { pressCtrlC } from './testing/hasty-clock.js';

const CALL = { id: '99', direction: 'inbound', from: '+4930', to: null, createdAt: 'T1', reason: null };
const TURN = { role: 'user', text: 'hello', startMs: 500, endMs: 1_000, interrupted: false, metrics: {} };
const CONNECTED = { seq: 1, type: 'call.connected', at: 'T2', data: { transport: 'audiosocket' } };
const SAYING = { type: 'assistant.saying', at: 'T3', data: { text: 'Good morning.' } };
const CLOSED = {
  id: '9',
  type: 'stream.closed',
  data: { callId: '99', assistantId: '1', seq: null, type: 'stream.closed', at: 'T9', data: { reason: 'call_ended' } },
};
const METRIC = { name: 'call.status', value: 'completed' };
const END = { state: 'completed', reason: 'caller_hangup' };

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  server.on('GET /v1/calls/99/events', { body: { data: [CONNECTED], nextCursor: null } });
  server.on('GET /v1/calls/stream', { events: [live(CONNECTED), live({ ...SAYING, seq: null }), CLOSED] });
  server.on('GET /v1/calls/99/transcript', { body: { data: [TURN], nextCursor: null } });
  server.on('GET /v1/calls/99/metrics', { body: { data: [METRIC], nextCursor: null } });
  terminal = createTerminal();
});
afterEach(() => server.close());

const live = (event: {
  readonly type: string;
  readonly seq: number | null;
  readonly at: string;
  readonly data: object;
}) => ({
  id: '1',
  type: event.type,
  data: { callId: '99', assistantId: '1', ...event },
});
const run = (...argv: string[]) => runCommandLine(showCommand(terminal), argv, server.url);

/** One state for each look. */
function happens(...states: object[]): void {
  server.on('GET /v1/calls/99', () => ({ body: { ...CALL, ...(states.length > 1 ? states.shift() : states[0]) } }));
}

it('--follow prints the call, what happens in it, how it ended, and metrics', async () => {
  happens({ state: 'connected' }, END);
  await run('99', '--follow');
  expect(terminal.printed).toEqual([
    '99  T1  connected   inbound  +4930 -> (this server)  ',
    expect.stringMatching(/caller +hello$/),
    '  T2  call.connected   transport=audiosocket',
    '  (assistant begins: Good morning.)',
    '  completed  caller_hangup: The other side hung up.',
    '  call.status = completed',
  ]);
});

it('--follow --json prints a line for each of them', async () => {
  happens({ state: 'connected' }, END);
  await run('99', '--follow', '--json');
  expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([
    { call: { ...CALL, state: 'connected' } },
    { turn: TURN },
    { event: CONNECTED },
    { live: SAYING },
    { call: { ...CALL, ...END } },
    { metrics: [METRIC] },
  ]);
});

it('--follow leaves the call alone at Ctrl-C, and says so', async () => {
  happens({ state: 'connected' });
  server.on('GET /v1/calls/99/transcript', () => {
    pressCtrlC();
    return { body: { data: [], nextCursor: null } };
  });
  const listeners = process.listenerCount('SIGINT');
  await run('99', '--follow');
  expect(server.asked.map(({ method }) => method)).not.toContain('POST');
  expect(terminal.noted).toEqual(['the call goes on: rapida calls show 99, or rapida calls hangup 99']);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

it('--follow fails where there is no such call', async () => {
  const body = { error: 'No call with this id in the project of this key.', code: 'call_not_found' };
  server.on('GET /v1/calls/98', { status: 404, body });
  await expect(run('98', '--follow')).rejects.toThrow('call_not_found');
  expect(terminal.printed).toEqual([]);
});
