import { writeSync } from 'node:fs';
import {
  type CallRecord,
  type Clock,
  createIdSource,
  newContextId,
  type OutboundOrder,
  sleep,
  systemClock,
} from '@rapida/core';
import { createSqlCallStore } from '../calls/sql.js';
import { createSqlWebhookStore } from '../webhooks/sql.js';
import { openEmbedded } from './embedded.js';

/** Opens a file and writes calls into it, and a line for each write that was acknowledged, until it is killed or done. */
const [, , file = '', callsMax = '20000'] = process.argv;
// Folds the log all the time, so that kills and exits happen in the middle of it.
const clock: Clock = { ...systemClock, setTimer: (_delayMs, fire) => systemClock.setTimer(0, fire) };
const database = await openEmbedded({ file, clock });
const nextId = createIdSource(systemClock);
const calls = createSqlCallStore(database, nextId);
await createSqlWebhookStore(database).create({
  id: nextId(),
  projectId: '1',
  assistantId: null,
  url: 'https://example.com',
  events: [],
  enabled: true,
  sealedSecret: '',
  createdAtMs: 0,
  updatedAtMs: 0,
});
// Not through process.stdout: the line has to be out before the next write begins.
const acknowledge = (...words: (string | number)[]) => writeSync(1, `${words.join(' ')}\n`);

const order: OutboundOrder = {
  notBeforeMs: 0,
  attempt: 0,
  attemptsMax: 1,
  retryAfterMs: 1_000,
  retryOn: [],
  ringMs: null,
  dialed: null,
};

function aCall(id: string): CallRecord {
  return {
    id,
    projectId: '1',
    assistantId: '2',
    contextId: newContextId(),
    direction: 'inbound',
    state: 'registered',
    from: '+4930123456',
    to: null,
    channelId: null,
    metadata: {},
    args: {},
    assistantVersion: null,
    overrides: null,
    analysis: null,
    outbound: null,
    transport: null,
    format: null,
    createdAtMs: systemClock.wallMs(),
    connectedAtMs: null,
    endedAtMs: null,
    disconnectedBy: null,
    reason: null,
    directive: null,
    recording: null,
    nodeId: 'killed',
    resumes: 0,
  };
}

for (let n = 0; n < Number(callsMax); n++) {
  const id = nextId();
  await calls.create(aCall(id), { type: 'webhook', atMs: n, data: { n } });
  acknowledge('created', id);
  const { seq } = await calls.appendEvent(id, { type: 'channel_created', atMs: n, data: { n } });
  acknowledge('event', id, seq);
  await calls.addTurn(id, { role: 'user', text: 'hello', startMs: 0, endMs: 1, interrupted: false, metrics: {} });
  acknowledge('turn', id);
  await calls.transition(id, ['registered'], 'connected', {}, { type: 'call.connected', atMs: n, data: {} });
  acknowledge('connected', id);
  const placed = [nextId(), nextId(), nextId()];
  await calls.createAll(
    placed.map((id) => ({ ...aCall(id), state: 'queued', outbound: order, nodeId: 'queue' })),
    { projectId: '1', key: id, fingerprint: '', answer: placed, atMs: n },
  );
  acknowledge('placed', id, ...placed);
  await sleep(systemClock, 0);
}
