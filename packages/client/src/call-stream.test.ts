import { afterEach, expect, it, vi } from 'vitest';
import { EMPTY_CONNECTIONS_MAX, type LiveEvent, SILENCE_MS_MAX, type StreamFilter } from './call-stream.js';
import { Rapida } from './rapida.js';
import { PAUSE_MS_MAX } from './retry.js';
import { SSE_CHARS_MAX } from './sse-parser.js';
import {
  beginStream,
  createPatientClock,
  endStream,
  type StreamServer,
  startStreamServer,
  type Turn,
} from './testing/stream-server.js';

let server: StreamServer;
afterEach(() => server.close());

const OF_CALL: StreamFilter = { callId: '9' };

async function streaming(filter: StreamFilter, ...turns: readonly Turn[]) {
  server = await startStreamServer(...turns);
  const away = new AbortController();
  const time = createPatientClock(PAUSE_MS_MAX);
  const client = new Rapida({ url: server.url, apiKey: 'rpd-test', clock: time.clock });
  const events: LiveEvent[] = [];
  const types = () => events.map(({ type }) => type);
  const run = async () => {
    for await (const event of client.calls.stream(filter, { signal: away.signal })) events.push(event);
  };
  const ended = run();
  ended.catch(() => {});
  return { events, types, away, time, ended };
}

const withEnd: Turn = (response) => {
  beginStream(response, [1, 'call.ringing'], [2, 'call.ended']);
  endStream(response, 'call_ended');
};
const spent: Turn = (response) => {
  response.writeHead(204);
  response.end();
};
const never: Turn = () => {};
const refused =
  (status: number, code: string): Turn =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'No.', code }));
  };

it('tells the events of a call, and ends with it', async () => {
  const { events, ended, time } = await streaming({ ...OF_CALL, assistantId: '7' }, withEnd);
  await ended;
  expect(events[1]).toEqual({
    ...{ id: 'e2', callId: '9', assistantId: '7', seq: 2, type: 'call.ended' },
    ...{ at: '2030-01-01T00:00:00.000Z', data: { note: 'ü' } },
  });
  expect(server.asked).toEqual([{ path: '/v1/calls/stream?callId=9&assistantId=7', lastEventId: undefined }]);
  expect(time.pending()).toEqual([]);
});

it('goes on after the last event that it saw, where the connection is cut', async () => {
  const { types, ended } = await streaming(
    OF_CALL,
    (response) => {
      beginStream(response, [1, 'call.ringing'], [2, 'call.answered']);
      setImmediate(() => response.destroy());
    },
    (response) => {
      beginStream(response, [3, 'call.connected'], [4, 'call.failed']);
      endStream(response, 'call_ended');
    },
  );
  await ended;
  expect(types()).toEqual(['call.ringing', 'call.answered', 'call.connected', 'call.failed']);
  expect(server.asked.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e2']);
});

it('begins after the event that it is given', async () => {
  const { ended } = await streaming({ ...OF_CALL, lastEventId: 'e7' }, withEnd);
  await ended;
  expect(server.asked[0]?.lastEventId).toBe('e7');
});

it.each(['server_shutdown', 'too_slow', 'lost'])('goes on where the server ends it with %s', async (reason) => {
  const { types, ended } = await streaming(
    OF_CALL,
    (response) => {
      beginStream(response, [1, 'call.ringing']);
      endStream(response, reason);
    },
    refused(503, 'draining'),
    refused(429, 'too_many_streams'),
    (response) => {
      beginStream(response, [2, 'call.ended']);
      endStream(response, 'call_ended');
    },
  );
  await ended;
  expect(types()).toEqual(['call.ringing', 'call.ended']);
  expect(server.asked.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e1', 'e1', 'e1']);
});

it('ends where there is nothing more to tell of a call that is over', async () => {
  const { types, ended } = await streaming({ ...OF_CALL, lastEventId: 'e2' }, spent);
  await ended;
  expect(types()).toEqual([]);
  expect(server.asked).toHaveLength(1);
});

it('asks once more where the connection breaks behind the last event', async () => {
  const { types, ended } = await streaming(
    OF_CALL,
    (response) => {
      beginStream(response, [1, 'call.ended']);
      response.end();
    },
    spent,
  );
  await ended;
  expect(types()).toEqual(['call.ended']);
  expect(server.asked).toHaveLength(2);
});

it('gives up for a key that was revoked', async () => {
  const { ended } = await streaming(
    {},
    (response) => {
      beginStream(response, [1, 'call.ringing']);
      endStream(response, 'key_invalid');
    },
    refused(401, 'key_invalid'),
  );
  await expect(ended).rejects.toMatchObject({ code: 'key_invalid' });
});

it('makes a connection anew that is silent for too long', async () => {
  const { types, time, ended } = await streaming(
    OF_CALL,
    (response) => beginStream(response, [1, 'call.ringing']),
    withEnd,
  );
  await vi.waitFor(() => {
    expect(types()).toEqual(['call.ringing']);
    expect(time.pending()).toEqual([SILENCE_MS_MAX]);
  });
  time.letPass(SILENCE_MS_MAX);
  await ended;
  expect(server.asked.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e1']);
});

it('makes a connection anew that is not answered in time', async () => {
  const { time, ended } = await streaming(OF_CALL, never, withEnd);
  await vi.waitFor(() => expect(server.asked).toHaveLength(1));
  time.letPass(30_000);
  await ended;
  expect(server.asked).toHaveLength(2);
});

it('gives up a server that brings nothing, again and again', async () => {
  const { ended } = await streaming({}, (response) => response.destroy());
  await expect(ended).rejects.toMatchObject({ code: 'unreachable' });
  expect(server.asked).toHaveLength(EMPTY_CONNECTIONS_MAX);
});

it.each([
  [401, 'key_invalid'],
  [404, 'call_not_found'],
])('gives up at once where the answer is %i', async (status, code) => {
  const { ended } = await streaming(OF_CALL, refused(status, code));
  await expect(ended).rejects.toMatchObject({ status, code });
  expect(server.asked).toHaveLength(1);
});

it.each<[string, Turn]>([
  ['a page', (response) => response.end('<html>')],
  ['an event that is no JSON', stream('data: x\n\n')],
  ['an event of no call', stream('data: {"type":"x"}\n\n')],
  ['an event that is null', stream('data: null\n\n')],
  ['an event without data', stream('data: {"type":"x","callId":"9"}\n\n')],
  ['an event without end', stream(`data: ${'x'.repeat(SSE_CHARS_MAX)}`)],
])('takes %s for no stream of calls', async (_what, turn) => {
  const { ended, time } = await streaming(OF_CALL, turn);
  await expect(ended).rejects.toMatchObject({ code: 'answer_invalid' });
  expect(time.pending()).toEqual([]);
});

it('ends with the reason of the signal, and leaves no connection', async () => {
  let closed = false;
  const { away, time, types, ended } = await streaming({}, (response) => {
    beginStream(response, [1, 'call.ringing']);
    response.once('close', () => {
      closed = true;
    });
  });
  await vi.waitFor(() => expect(types()).toHaveLength(1));
  away.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  await vi.waitFor(() => expect(closed).toBe(true));
  expect(time.pending()).toEqual([]);
});

it('leaves no connection where the loop is left', async () => {
  let closed = false;
  server = await startStreamServer((response) => {
    beginStream(response, [1, 'call.ringing']);
    response.once('close', () => {
      closed = true;
    });
  });
  const { clock, pending } = createPatientClock(PAUSE_MS_MAX);
  for await (const _event of new Rapida({ url: server.url, clock }).calls.stream()) break;
  await vi.waitFor(() => expect(closed).toBe(true));
  expect(pending()).toEqual([]);
});

function stream(text: string): Turn {
  return (response) => {
    beginStream(response);
    response.end(text);
  };
}
