import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOOK_EVERY_MS } from '../look-until.js';
import { type ApiStandIn, startApiStandIn } from '../testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from '../testing/command-under-test.js';
import { createHastyClock, pressCtrlC } from '../testing/hasty-clock.js';
import { AWAIT_DELIVERY_MS_MAX } from './delivery.js';
import { webhooksCommand } from './webhooks-command.js';

const ADDRESS = 'https://crm.example.com/rapida';
const WEBHOOK = {
  ...{ id: '12', url: ADDRESS, assistantId: null, events: [], enabled: true },
  ...{ createdAt: 'T1', updatedAt: 'T1' },
};
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const DELIVERY = {
  ...{ id: '501', webhookId: '12', callId: null, seq: null, type: 'test', state: 'delivered', attempts: 1 },
  ...{ nextAt: null, lastStatus: 200, lastError: null, createdAt: 'T1', deliveredAt: 'T2', payload: { type: 'test' } },
};
const DELIVERIES = 'GET /v1/webhooks/deliveries';

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  server.on('GET /v1/assistants', { body: { data: [{ id: '7', name: 'Front desk' }], nextCursor: null } });
  server.on('POST /v1/webhooks', ({ body }) => ({
    status: 201,
    body: { ...WEBHOOK, ...(body as object), secret: SECRET },
  }));
  server.on('POST /v1/webhooks/12/test', { status: 202, body: { deliveryId: '501' } });
  terminal = createTerminal();
});
afterEach(() => server.close());

/** Looks follow each other at once, and the limit of all of them is never reached. */
const patient = createHastyClock((delayMs) => delayMs === LOOK_EVERY_MS);
const run = (...argv: string[]) => runWith(patient, ...argv);
const runWith = (clock: typeof patient, ...argv: string[]) =>
  runCommandLine(webhooksCommand(terminal, clock), argv, server.url);

it('lists who is told of what', async () => {
  const narrow = { ...WEBHOOK, id: '11', assistantId: '7', events: ['call.ended', 'call.failed'], enabled: false };
  server.on('GET /v1/webhooks', { body: { data: [WEBHOOK, narrow], nextCursor: null } });
  await run('list');
  expect(terminal.printed).toEqual([
    `12  ${ADDRESS}  all assistants  all events  enabled`,
    `11  ${ADDRESS}  assistant 7  call.ended,call.failed  disabled`,
  ]);
});

describe('create', () => {
  it('shows the secret once, and says so', async () => {
    await run('create', ADDRESS);
    expect(server.of('POST /v1/webhooks')[0]?.body).toEqual({ url: ADDRESS });
    expect(terminal.printed[0]).toBe(SECRET);
    expect(terminal.printed[1]).toContain(ADDRESS);
    expect(terminal.printed[2]).toContain('shown this once');
  });

  it('narrows it to an assistant by name, and to events', async () => {
    await run(
      'create',
      '--event',
      'call.ended',
      '--event',
      'call.failed',
      ADDRESS,
      '--assistant',
      'Front desk',
      '--json',
    );
    const body = { url: ADDRESS, assistantId: '7', events: ['call.ended', 'call.failed'] };
    expect(server.of('POST /v1/webhooks')[0]?.body).toEqual(body);
    expect(JSON.parse(terminal.printed.join())).toEqual({ ...WEBHOOK, ...body, secret: SECRET });
  });

  it.each([
    [['crm.example.com'], '<address> "crm.example.com" is no address: accepted is http(s)://host/path'],
    [['ftp://crm.example.com'], 'is no address'],
    [[ADDRESS, '--event', 'call.over'], /no event of this name; there are: .*call\.ended/],
  ])('refuses %j before it is sent', async (argv, message) => {
    await expect(run('create', ...argv)).rejects.toThrow(message);
    expect(server.asked).toEqual([]);
  });
});

describe('update', () => {
  const BEFORE = { ...WEBHOOK, assistantId: '7', events: ['call.ended'] };
  const KEPT = { url: ADDRESS, assistantId: '7', events: ['call.ended'], enabled: true };
  beforeEach(() => {
    server.on('GET /v1/webhooks/12', { body: BEFORE });
    server.on('PUT /v1/webhooks/12', ({ body }) => ({ body: { ...BEFORE, ...(body as object) } }));
  });

  it.each([
    [['--to', 'http://other/'], { url: 'http://other/' }],
    [['--event', 'call.failed'], { events: ['call.failed'] }],
    [['--event', ''], { events: [] }],
    [['--assistant', '8'], { assistantId: '8' }],
    [['--assistant', ''], { assistantId: null }],
    [['--disable'], { enabled: false }],
    [['--enable'], { enabled: true }],
  ])('changes %j and nothing else', async (argv, change) => {
    await run('update', '12', ...argv);
    expect(server.of('PUT /v1/webhooks/12')[0]?.body).toEqual({ ...KEPT, ...change });
    expect(terminal.printed).toHaveLength(1);
  });

  it.each([
    [[], 'what shall change? --to, --assistant, --event, --enable or --disable'],
    [['--enable', '--disable'], '--enable or --disable, not both'],
    [['--to', 'nowhere'], '--to "nowhere" is no address'],
  ])('refuses %j before anything is asked', async (argv, message) => {
    await expect(run('update', '12', ...argv)).rejects.toThrow(message);
    expect(server.asked).toEqual([]);
  });
});

it('makes a new secret, and shows it once', async () => {
  server.on('POST /v1/webhooks/12/secret', { body: { secret: SECRET } });
  await run('rotate-secret', '12');
  expect(terminal.printed[0]).toBe(SECRET);
  expect(terminal.printed.at(-1)).toContain('shown this once');
});

it('removes by id, and says where ids are where there is none', async () => {
  server.on('DELETE /v1/webhooks/12', { status: 204 });
  await run('delete', '12', '--json');
  expect(terminal.printed).toEqual(['{"id":"12","deleted":true}']);
  const body = { error: 'No webhook with this id in this project.', code: 'webhook_not_found' };
  server.on('DELETE /v1/webhooks/13', { status: 404, body });
  await expect(run('delete', '13')).rejects.toThrow('(webhook_not_found): rapida webhooks list');
});

describe('test', () => {
  const outcomes = (...looks: object[]) =>
    server.on(DELIVERIES, () => {
      const seen = looks.length > 1 ? looks.shift() : looks[0];
      return { body: { data: [{ ...DELIVERY, ...seen }], nextCursor: null } };
    });
  const WAITING = { state: 'pending', attempts: 0, lastStatus: null, nextAt: 'T2' };

  it('sends one, and says where its outcome will be', async () => {
    await run('test', '12');
    expect(terminal.printed).toEqual(['501  is being sent; its outcome: rapida webhooks deliveries --webhook 12']);
    expect(server.of(DELIVERIES)).toEqual([]);
  });

  it('--wait looks until it was taken', async () => {
    outcomes(WAITING, WAITING, {});
    await run('test', '12', '--wait');
    expect(server.of(DELIVERIES)).toHaveLength(3);
    expect(terminal.printed).toEqual(['501  T1  delivered  test  webhook 12  1 attempt: HTTP 200']);
  });

  it('--wait fails with what the receiver answered', async () => {
    outcomes(WAITING, { state: 'pending', attempts: 1, lastStatus: 500, nextAt: 'T3' });
    await expect(run('test', '12', '--wait')).rejects.toThrow('501 was not taken: HTTP 500, next at T3');
    outcomes({ state: 'dead', attempts: 1, lastStatus: null, lastError: 'connection refused' });
    await expect(run('test', '12', '--wait', '--json')).rejects.toThrow('501 was not taken: connection refused;');
    expect(JSON.parse(terminal.printed.at(-1) ?? '')).toMatchObject({ id: '501', state: 'dead' });
  });

  it('--wait gives up after 30 s, and says where to look', async () => {
    outcomes(WAITING);
    const late = createHastyClock((delayMs) => delayMs === AWAIT_DELIVERY_MS_MAX);
    await expect(runWith(late, 'test', '12', '--wait')).rejects.toThrow(
      'delivery 501 is not done after 30 s; look again: rapida webhooks deliveries --webhook 12',
    );
  });

  it('--wait ends at Ctrl-C, and says that the delivery goes on', async () => {
    server.on(DELIVERIES, () => {
      pressCtrlC();
      return { body: { data: [], nextCursor: null } };
    });
    await run('test', '12', '--wait');
    expect(terminal.noted).toEqual(['the delivery goes on: rapida webhooks deliveries --webhook 12']);
    expect(terminal.printed).toEqual([]);
  });
});

it('lists deliveries as they are asked for', async () => {
  server.on(DELIVERIES, { body: { data: [DELIVERY], nextCursor: null } });
  await run('deliveries');
  await run('deliveries', '--webhook', '12', '--call', '99', '--state', 'dead', '--limit', '5', '--json');
  expect(server.of(DELIVERIES).map(({ path }) => path)).toEqual([
    '/v1/webhooks/deliveries?limit=20',
    '/v1/webhooks/deliveries?webhookId=12&callId=99&state=dead&limit=5',
  ]);
  expect(terminal.printed[0]).toBe('501  T1  delivered  test  webhook 12  1 attempt: HTTP 200');
  expect(JSON.parse(terminal.printed[1] ?? '')).toEqual([DELIVERY]);
  await expect(run('deliveries', '--state', 'lost')).rejects.toThrow('pending, delivered, dead');
  await expect(run('deliveries', '--limit', 'many')).rejects.toThrow('Accepted is a whole number');
});

it('sends a delivery again, and says where ids are where there is none', async () => {
  server.on('POST /v1/webhooks/deliveries/501/resend', { status: 202 });
  await run('resend', '501');
  expect(terminal.printed).toEqual(['501  is sent again']);
  const body = { error: 'No delivery with this id in this project.', code: 'delivery_not_found' };
  server.on('POST /v1/webhooks/deliveries/502/resend', { status: 404, body });
  await expect(run('resend', '502')).rejects.toThrow('(delivery_not_found): rapida webhooks deliveries');
});
