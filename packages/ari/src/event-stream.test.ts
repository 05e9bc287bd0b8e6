import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type AriEventsOptions, connectAriEvents, EVENTS_BACKOFF_MS } from './event-stream.js';
import { HandClock } from './hand-clock.test.support.js';
import { EventLog, type Lab, loggingListener, PASSWORD, startLab, USER } from './lab.test.support.js';

const stops: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function lab(): Promise<Lab> {
  const made = await startLab();
  stops.push(() => made.close());
  return made;
}

/** A stream whose attempts are counted by the times it asks for the password. */
function follow(url: string, more: Partial<AriEventsOptions> = {}) {
  const clock = new HandClock();
  const log = new EventLog();
  const attempts = { count: 0 };
  const password = () => {
    attempts.count += 1;
    return PASSWORD;
  };
  const options = { access: { url, user: USER, password }, app: 'bot', clock, listener: loggingListener(log) };
  const events = connectAriEvents({ ...options, random: () => 1, ...more });
  stops.push(() => events.close());
  return { clock, log, attempts, events };
}

/** A WebSocket server for what no Asterisk does. */
async function foreign(greet: (socket: WebSocket) => void, autoPong = true) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong });
  await once(server, 'listening');
  server.on('connection', greet);
  stops.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    return once(server, 'close');
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function silentTcp(): Promise<{ server: Server; url: string }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    return once(server.close(), 'close');
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const stasisEnd = (id: string) => JSON.stringify({ type: 'StasisEnd', channel: { id } });

describe('the event stream', () => {
  it('subscribes to its application and nothing more, with the password in a header only', async () => {
    const { fake, follow: join } = await lab();
    const { events } = await join('bot one');
    expect(fake.requests).toEqual([
      { method: 'GET', path: '/events', query: { app: 'bot one', subscribeAll: 'false' }, body: undefined },
    ]);
    expect(events).toMatchObject({ up: true, lastFailure: undefined });
  });

  it('comes back after a gap and says so, once per connection', async () => {
    const { fake, clock, follow: join } = await lab();
    const { log, events } = await join('bot');
    for (const round of [1, 2]) {
      fake.dropEvents();
      await log.seen('down unreachable', round);
      expect(events.up).toBe(false);
      clock.advance(EVENTS_BACKOFF_MS[round - 1] ?? 0);
      await log.seen('up after a gap', round);
    }
    expect(log.lines).toEqual(['up', 'down unreachable', 'up after a gap', 'down unreachable', 'up after a gap']);
  });

  it('waits longer each time, up to the last wait, for ever', async () => {
    const { fake } = await lab();
    await fake.stop();
    const { clock, log, attempts, events } = follow(fake.url);
    for (const [index, waitMs] of [...EVENTS_BACKOFF_MS, 10_000, 10_000].entries()) {
      await log.seen('down unreachable', index + 1);
      clock.advance(waitMs - 1);
      expect(attempts.count).toBe(index + 1);
      clock.advance(1);
      expect(attempts.count).toBe(index + 2);
    }
    expect(events.lastFailure).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('spreads the waits of many over half of each', async () => {
    const { fake } = await lab();
    await fake.stop();
    const { clock, log, attempts } = follow(fake.url, { random: () => 0, backoffMs: [1000] });
    await log.seen('down unreachable');
    clock.advance(499);
    expect(attempts.count).toBe(1);
    clock.advance(1);
    expect(attempts.count).toBe(2);
  });

  it('goes on waiting longer when connections are taken and dropped at once', async () => {
    const { url } = await foreign((socket) => socket.close());
    const { clock, log, attempts } = follow(url);
    for (const [index, waitMs] of EVENTS_BACKOFF_MS.entries()) {
      await log.seen('down unreachable', index + 1);
      clock.advance(waitMs - 1);
      expect(attempts.count).toBe(index + 1);
      clock.advance(1);
    }
  });

  it('begins with the shortest wait again after a connection that lasted', async () => {
    const { server, url } = await foreign(() => {});
    const { clock, log, attempts } = follow(url, { backoffMs: [10, 5000], pingMs: 1000 });
    await log.seen('up');
    for (const round of [1, 2, 3]) {
      clock.advance(1000);
      for (const socket of server.clients) socket.terminate();
      await log.seen('down unreachable', round);
      clock.advance(10);
      expect(attempts.count).toBe(round + 1);
      await log.seen('up after a gap', round);
    }
  });

  it('tries a refused password at the slowest pace', async () => {
    const { fake } = await lab();
    let password = 'wrong';
    const access = { url: fake.url, user: USER, password: () => password };
    const { clock, log, events } = follow(fake.url, { access });
    await log.seen('down unauthorized');
    expect(events.lastFailure).toMatchObject({ kind: 'unauthorized', status: 401 });
    password = PASSWORD;
    clock.advance(9999);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1);
    await log.seen('up');
    expect(log.lines).toEqual(['down unauthorized', 'up']);
  });

  it('gives up on a handshake that is not answered', async () => {
    const { server, url } = await silentTcp();
    const { clock, log } = follow(url);
    await once(server, 'connection');
    clock.advance(4999);
    expect(log.lines).toEqual([]);
    clock.advance(1);
    expect(log.lines).toEqual(['down timeout']);
  });

  it('notices by its pings that the other side is gone', async () => {
    const pings = new EventLog();
    const { url } = await foreign((socket) => socket.on('ping', () => pings.push('ping')), false);
    const { clock, log } = follow(url);
    await log.seen('up');
    clock.advance(10_000);
    await pings.seen('ping');
    clock.advance(9999);
    expect(log.lines).toEqual(['up']);
    clock.advance(1);
    expect(log.lines).toEqual(['up', 'down timeout']);
  });

  it('does not blame the other side when it was this process that slept', async () => {
    const { url } = await foreign(() => {});
    const { clock, log, events } = follow(url);
    await log.seen('up');
    clock.advance(60_000);
    expect(events.up).toBe(true);
  });

  it('stays up as long as pings are answered', async () => {
    const { url } = await foreign((socket) => socket.on('ping', () => socket.send(stasisEnd('alive'))));
    const { clock, log, events } = follow(url);
    await log.seen('up');
    for (const round of [1, 2, 3]) {
      clock.advance(10_000);
      await log.seen('StasisEnd alive', round);
    }
    expect(events.up).toBe(true);
  });

  it('counts what it does not understand and delivers the rest', async () => {
    const { url } = await foreign((socket) => {
      socket.send('{');
      socket.send(Buffer.from(stasisEnd('binary')));
      socket.send('{"type":"PlaybackStarted"}');
      socket.send(stasisEnd('good'));
    });
    const { log, events } = follow(url);
    await log.seen('StasisEnd good');
    expect(log.lines).toEqual(['up', 'StasisEnd good']);
    expect(events.counters).toEqual({ delivered: 1, malformed: 2, unknown: 1, listenerErrors: 0 });
  });

  it('ends a connection with a message over its limit', async () => {
    const { url } = await foreign((socket) => socket.send(' '.repeat(1_048_577)));
    const { log } = follow(url);
    await log.seen('down protocol');
  });

  it('outlives a listener that throws', async () => {
    const { url } = await foreign((socket) => {
      socket.send(stasisEnd('one'));
      socket.send(stasisEnd('two'));
    });
    const log = new EventLog();
    const calm = loggingListener(log);
    const listener = {
      ...calm,
      onEvent: (event: Parameters<typeof calm.onEvent>[0]) => {
        calm.onEvent(event);
        throw new Error('listener');
      },
    };
    const errors: unknown[] = [];
    const { events } = follow(url, { listener, onListenerError: (error) => errors.push(error) });
    await log.seen('StasisEnd two');
    expect(errors).toEqual([new Error('listener'), new Error('listener')]);
    expect(events.counters.listenerErrors).toBe(2);
    expect(events.up).toBe(true);
  });

  it('says nothing more once closed, leaves no timer, and can be closed twice', async () => {
    const { server, url } = await foreign(() => {});
    const { clock, log, events } = follow(url);
    await log.seen('up');
    const gone = once([...server.clients][0] as WebSocket, 'close');
    const closing = events.close();
    expect(events.close()).toBe(closing);
    await closing;
    expect((await gone)[0]).toBe(1000);
    clock.advance(60_000);
    expect(log.lines).toEqual(['up']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('can be closed in the middle of the handshake and between two attempts', async () => {
    const { server, url } = await silentTcp();
    const connecting = follow(url);
    await once(server, 'connection');
    await connecting.events.close();
    expect(connecting.log.lines).toEqual([]);

    const { fake } = await lab();
    await fake.stop();
    const waiting = follow(fake.url);
    await waiting.log.seen('down unreachable');
    await waiting.events.close();
    waiting.clock.advance(60_000);
    expect(waiting.attempts.count).toBe(1);
    expect([connecting.clock.pendingTimers, waiting.clock.pendingTimers]).toEqual([0, 0]);
  });

  it('can be closed by its own listener', async () => {
    const { url } = await foreign((socket) => socket.send(stasisEnd('late')));
    const log = new EventLog();
    const listener = {
      ...loggingListener(log),
      onUp: () => {
        log.push('up');
        void events.close();
      },
    };
    const { events, clock } = follow(url, { listener });
    await log.seen('up');
    await events.close();
    clock.advance(60_000);
    expect(log.lines).toEqual(['up']);
  });
});
