import type { LiveEvent } from '@rapida/client';
import { afterEach, expect, it, vi } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { AGAIN_MS, LiveFeed } from './live-feed.js';

/** The longest that the SDK waits before its second connection. */
const PAUSE_MS = 500;

let feed: LiveFeed;
afterEach(() => feed.close());

/** A connection that a test writes to and breaks. */
function connection() {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(given) {
      controller = given;
    },
  });
  const answer = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  return {
    answer,
    tell: (type: string, data: LiveEvent['data'] = {}) => {
      const event = { callId: '1', assistantId: '2', seq: null, type, at: '2030-01-01T00:00:00.000Z', data };
      controller?.enqueue(new TextEncoder().encode(`id: e1\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`));
    },
    break: () => controller?.error(new TypeError('network error')),
  };
}

const refused = (status: number, code: string) => new Response(JSON.stringify({ error: 'No.', code }), { status });

/** Answers each connection with the next of these, the last one again and again. */
function follow(...answers: readonly (() => Response)[]) {
  const clock = new VirtualClock();
  const told = { events: [] as string[], opened: 0, failures: [] as unknown[], states: [] as string[] };
  let asked = 0;
  feed = new LiveFeed({
    ...{ url: 'http://rapida.test', clock },
    fetch: async () => (answers[Math.min(asked++, answers.length - 1)] as () => Response)(),
    onEvent: ({ type }) => told.events.push(type),
    onOpen: () => told.opened++,
    onFailure: (error) => told.failures.push(error),
  });
  feed.watch(() => {
    if (told.states.at(-1) !== feed.state()) told.states.push(feed.state());
  });
  /** Lets the pauses between connections pass until it is so. */
  const waitUntil = (isSo: () => void) =>
    vi.waitFor(async () => {
      await clock.letPass(PAUSE_MS);
      isSo();
    });
  return { told, clock, waitUntil, asked: () => asked };
}

it('tells that it is open, each time: what happened before, nobody told', async () => {
  const [first, second] = [connection(), connection()];
  const { told, waitUntil } = follow(
    () => first.answer,
    () => second.answer,
  );
  await vi.waitFor(() => expect(told.opened).toBe(1));
  first.break();
  await waitUntil(() => expect(told.opened).toBe(2));
  second.tell('call.ended');
  await vi.waitFor(() => expect(told.events).toEqual(['call.ended']));
  expect(told.states).toEqual(['open', 'lost', 'open']);
});

it('is lost from the moment at which the connection breaks', async () => {
  const only = connection();
  const { told } = follow(
    () => only.answer,
    () => refused(503, 'draining'),
  );
  await vi.waitFor(() => expect(feed.state()).toBe('open'));
  only.break();
  await vi.waitFor(() => expect(feed.state()).toBe('lost'));
  expect(told.failures).toEqual([]);
});

it('forgets the words of before a break: others were spoken since', async () => {
  const [first, second] = [connection(), connection()];
  const { told, waitUntil } = follow(
    () => first.answer,
    () => second.answer,
  );
  first.tell('caller.said', { text: 'hello' });
  await vi.waitFor(() => expect(feed.spoken('1').map(({ text }) => text)).toEqual(['hello']));
  first.break();
  await waitUntil(() => expect(told.opened).toBe(2));
  expect(feed.spoken('1')).toEqual([]);
});

it('is away where it is refused, says why, and asks again later', async () => {
  const { told, clock, asked } = follow(() => refused(401, 'session_over'));
  await vi.waitFor(() => expect(feed.state()).toBe('away'));
  expect(told.failures).toMatchObject([{ code: 'session_over' }]);
  expect(asked()).toBe(1);
  await clock.letPass(AGAIN_MS);
  await vi.waitFor(() => expect(asked()).toBe(2));
});

it('leaves no timer when it is closed', async () => {
  const { clock } = follow(() => refused(401, 'session_over'));
  await vi.waitFor(() => expect(feed.state()).toBe('away'));
  feed.close();
  feed.close();
  expect(clock.pending).toBe(0);
});
