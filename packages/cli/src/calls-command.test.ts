import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callsCommand } from './calls-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';
import { createHastyClock } from './testing/hasty-clock.js';

const CALL = {
  id: '99',
  direction: 'outbound',
  state: 'queued',
  from: '+4930',
  to: '+15551234567',
  createdAt: 'T1',
  reason: null,
};
const PLACED = { id: '99', contextId: 'c', status: 'queued' };
const CREATE = 'POST /v1/talk/create-phone-call';
const BULK = 'POST /v1/talk/create-bulk-phone-call';

const hasty = createHastyClock();

let server: ApiStandIn;
let terminal: TerminalUnderTest;
let folder: string;
beforeEach(async () => {
  server = await startApiStandIn();
  const assistants = [
    { id: '12', name: 'Front desk' },
    { id: '11', name: 'Night desk' },
  ];
  server.on('GET /v1/assistants', { body: { data: assistants, nextCursor: null } });
  server.on(CREATE, { body: { code: 200, success: true, data: PLACED } });
  terminal = createTerminal();
  folder = mkdtempSync(join(tmpdir(), 'rapida-calls-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const run = (...argv: string[]) => runCommandLine(callsCommand(terminal, hasty), argv, server.url);

function csvOf(text: string): string {
  const path = join(folder, 'people.csv');
  writeFileSync(path, text);
  return path;
}

describe('create', () => {
  it('places a call by the assistant that is named, under a key of its own', async () => {
    const options = ['--metadata', 'order=1', 'of=2', '--arg', 'name=Ann', '--ring-seconds', '20'];
    await run('create', '--to', '+15551234567', '--assistant', 'Night desk', ...options);
    expect(server.of(CREATE)[0]?.body).toEqual({
      assistant: { assistantId: '11', version: 'latest' },
      toNumber: '+15551234567',
      metadata: { order: '1', of: '2' },
      args: { name: 'Ann' },
      options: { ringSeconds: 20 },
    });
    expect(server.of(CREATE)[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(terminal.printed).toEqual(['99  queued']);
  });

  it('repeats under the key that it is given', async () => {
    await run('create', '--to', '6001', '--idempotency-key', 'mine', '--json');
    expect(server.of(CREATE)[0]?.headers['idempotency-key']).toBe('mine');
    expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([PLACED]);
  });

  it('says how to find out, where the answer did not come', async () => {
    const gone = await startApiStandIn();
    await gone.close();
    const argv = ['create', '--to', '6001', '--assistant', '12', '--idempotency-key', 'mine'];
    const placed = runCommandLine(callsCommand(terminal, hasty), argv, gone.url);
    await expect(placed).rejects.toThrow(/^no answer .* repeat with --idempotency-key mine to place it once only$/);
  });

  it('says what to do where there is no credential yet', async () => {
    const humanMessage = 'It names no credential.';
    const errorMessage = `deployment_incomplete: ${humanMessage}`;
    const error = { errorCode: '1001302', errorMessage, humanMessage };
    server.on(CREATE, { status: 409, body: { code: 409, success: false, error } });
    await expect(run('create', '--to', '6001')).rejects.toThrow(
      'It names no credential. (deployment_incomplete): rapida credentials create',
    );
  });

  it.each([
    [[], 'whom to call? --to <number>, or --csv <file>'],
    [['--to', '1', '--csv', 'x'], 'whom to call?'],
    [['--to', 'bob'], '--to "bob" is no number'],
    [['--to', '1', '--ring-seconds', 'long'], 'Accepted is a whole number'],
    [['--to', '1', '--not-before', 'tomorrow'], '--not-before tomorrow'],
    [['--csv', 'x', '--follow'], '--follow is for one call'],
    [['--to', '1', '--idempotency-key', 'clé'], '--idempotency-key: accepted are'],
  ])('refuses %j before anything is sent', async (options, message) => {
    await expect(run('create', ...options)).rejects.toThrow(message);
    expect(server.asked).toEqual([]);
  });
});

describe('create --follow', () => {
  /** One state for each time it is asked. */
  function happens(...states: object[]): void {
    server.on('GET /v1/calls/99', () => ({ body: { ...CALL, ...(states.length > 1 ? states.shift() : states[0]) } }));
  }

  it('prints each change of state until the end', async () => {
    const end = { state: 'completed', reason: 'caller_hangup' };
    happens({ state: 'dialing' }, { state: 'ringing' }, { state: 'ringing' }, { state: 'connected' }, end);
    await run('create', '--to', '6001', '--follow');
    expect(terminal.printed.map((line) => line.trim().split(/\s+/)[0])).toEqual([
      '99',
      'dialing',
      'ringing',
      'connected',
      'completed',
    ]);
    expect(terminal.printed.at(-1)).toBe('  completed  caller_hangup: The other side hung up.');
  });

  it.each([
    [{ state: 'busy', reason: 'busy' }, 'busy: The line is busy.'],
    [{ state: 'no_answer', reason: 'no_answer' }, 'no_answer: It rang, and nobody answered in time.'],
    [{ state: 'failed', reason: 'trunk_unknown' }, 'trunk_unknown: Asterisk has no endpoint with the name'],
    [{ state: 'failed', reason: 'credential_unreadable' }, 'add that key, or save the credential anew'],
    [{ state: 'failed', reason: 'never_heard_of' }, 'never_heard_of'],
    [{ state: 'cancelled', reason: 'operator' }, 'operator: It was taken back before it was answered.'],
  ])('explains %j, and fails', async (end, explained) => {
    happens({ state: 'dialing' }, end);
    await expect(run('create', '--to', '6001', '--follow')).rejects.toThrow(`not completed: ${end.reason}`);
    expect(terminal.printed.at(-1)).toContain(explained);
  });

  it('says which attempt it is, from the second on', async () => {
    const outbound = { attempt: 2, attemptsMax: 3 };
    happens({ state: 'dialing', outbound: { attempt: 1 } }, { state: 'ringing', outbound }, { state: 'completed' });
    await run('create', '--to', '6001', '--follow');
    expect(terminal.printed[1]).not.toContain('attempt');
    expect(terminal.printed[2]).toContain('(attempt 2)');
  });

  it('prints one JSON object a line with --json', async () => {
    happens({ state: 'completed', reason: 'end_call' });
    await run('create', '--to', '6001', '--follow', '--json');
    expect(terminal.printed.map((text) => JSON.parse(text))).toMatchObject([PLACED, { state: 'completed' }]);
  });
});

describe('create --csv', () => {
  it('prints the id of each number, and progress beside it', async () => {
    const data = [PLACED, { ...PLACED, id: '100' }];
    server.on(BULK, { body: { code: 200, success: true, data } });
    await run('create', '--csv', csvOf('to,name\n6001,Ann\n6002,Bob\n'), '--metadata', 'campaign=spring');
    const { phoneCalls } = server.of(BULK)[0]!.body as { phoneCalls: object[] };
    expect(phoneCalls).toMatchObject([
      { toNumber: '6001', metadata: { campaign: 'spring', name: 'Ann' }, assistant: { assistantId: '12' } },
      { toNumber: '6002', metadata: { campaign: 'spring', name: 'Bob' } },
    ]);
    expect(terminal.printed).toEqual(['99  6001  queued', '100  6002  queued']);
    expect(terminal.noted).toEqual(['2 of 2 calls taken']);
  });

  it('fails with the line that was refused, and how to go on', async () => {
    const error = { errorCode: '1002002', errorMessage: '', humanMessage: 'phoneCalls[1]: It is none.' };
    server.on(BULK, { status: 400, body: { code: 400, success: false, error } });
    const refused = run('create', '--csv', csvOf('to\n6001\n6002\n'), '--idempotency-key', 'mine', '--json');
    await expect(refused).rejects.toThrow(/from line 2 of .*, 2 calls .*: line 3: It is none.*--idempotency-key mine/);
    expect(JSON.parse(terminal.printed.join())).toMatchObject([
      { line: 2, to: '6001', error: expect.any(String) },
      { line: 3, to: '6002', error: expect.any(String) },
    ]);
  });

  it('places nobody where one line is wrong', async () => {
    await expect(run('create', '--csv', csvOf('to\n6001\nbob\n'))).rejects.toThrow('line 3: "bob" is no number');
    expect(server.of(BULK)).toEqual([]);
  });
});

describe('list', () => {
  it('asks for what is wanted, and shows who called whom', async () => {
    server.on('GET /v1/calls', { body: { data: [{ ...CALL, state: 'busy', reason: 'busy' }], nextCursor: null } });
    await run('list', '--state', 'busy', '--direction', 'outbound', '--assistant', 'Night desk', '--limit', '5');
    expect(server.asked.at(-1)?.path).toBe('/v1/calls?limit=5&state=busy&direction=outbound&assistantId=11');
    expect(terminal.printed).toEqual(['99  T1  busy        outbound  +4930 -> +15551234567  busy']);
  });

  it.each(['--state', '--direction'])('names what %s can be', async (option) => {
    await expect(run('list', option, 'gone')).rejects.toThrow(/Allowed choices are .*(busy|outbound)/);
  });
});

it('show has attempts, what the end means, events and the transcript', async () => {
  const call = { ...CALL, state: 'busy', reason: 'busy', outbound: { attempt: 2, attemptsMax: 3 } };
  server.on('GET /v1/calls/99', { body: call });
  const event = { seq: 1, type: 'call.failed', at: 'T2', data: { reason: 'busy', cause: 17 } };
  server.on('GET /v1/calls/99/events', { body: { data: [event], nextCursor: null } });
  server.on('GET /v1/calls/99/transcript', { body: { data: [], nextCursor: null } });
  const metric = { name: 'call.status', value: 'failed' };
  server.on('GET /v1/calls/99/metrics', { body: { data: [metric], nextCursor: null } });
  await run('show', '99');
  expect(terminal.printed.slice(1)).toEqual([
    '  dialled 2 of at most 3 times',
    '  The line is busy.',
    '  T2  call.failed      reason=busy cause=17',
    '  call.status = failed',
  ]);
  terminal.printed.length = 0;
  await run('show', '99', '--json');
  expect(terminal.printed.map((text) => JSON.parse(text))).toEqual([
    { ...call, events: [event], transcript: [], metrics: [metric] },
  ]);
});

it('hangup ends it, and says how it stands', async () => {
  server.on('POST /v1/calls/99/hangup', { status: 204 });
  server.on('GET /v1/calls/99', { body: { ...CALL, state: 'cancelled' } });
  await run('hangup', '99');
  expect(terminal.printed).toEqual(['99  hung up; it is cancelled now']);
});
