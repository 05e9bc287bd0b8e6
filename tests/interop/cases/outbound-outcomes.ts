import { GREETING } from '../assistant.js';
import { seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { describeWay, OutboundLine, type Way } from '../outbound-line.js';
import { answersAfter, type Behaviour, BUSY, DECLINES, NOT_FOUND, RINGS, SILENT } from '../sip-phone/behaviour.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, within } from '../wait.js';
import { allAtOnce } from './all-at-once.js';
import type { Case } from './case.js';

/** Beyond the longest that any of them rings. */
const ENDED_MS_MAX = 20_000;
/** The last second is for Asterisk and the record. */
const MEDIA_MS_MAX = 11_000;

const CANCELLED = '1006';
const BUSY_FIRST = '1007';
const BRIEF = '1008';

interface Outcome {
  readonly what: string;
  readonly number: string;
  readonly phone: Behaviour;
  readonly options?: object;
  readonly state: string;
  readonly reason: string;
}

const OUTCOMES: readonly Outcome[] = [
  { what: 'busy', number: '1001', phone: BUSY, state: 'busy', reason: 'busy' },
  { what: 'declined', number: '1002', phone: DECLINES, state: 'rejected', reason: 'rejected' },
  {
    what: 'a number that is not assigned',
    number: '1003',
    phone: NOT_FOUND,
    state: 'failed',
    reason: 'number_unknown',
  },
  {
    what: 'not answered',
    ...{ number: '1004', phone: RINGS, options: { ringSeconds: 5 } },
    ...{ state: 'no_answer', reason: 'no_answer' },
  },
  {
    what: 'a line where nothing answers',
    ...{ number: '1005', phone: SILENT, options: { ringSeconds: 5 } },
    ...{ state: 'failed', reason: 'unreachable' },
  },
];

/** Calls that nobody takes, all at once: each is recorded as what it was, and dialled once. */
export function outboundOutcomes(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: calls that nobody takes`,
    async run(lab: Lab) {
      const line = await OutboundLine.open(lab, way);
      const phones = new Map<string, Behaviour>(OUTCOMES.map(({ number, phone }) => [number, phone]));
      phones.set(CANCELLED, RINGS);
      line.callee.onCall(({ called }) => {
        if (called === BUSY_FIRST) return line.dialled(called).length === 1 ? BUSY : answersAfter(300);
        if (called === BRIEF) return answersAfter(300);
        return phones.get(called) ?? NOT_FOUND;
      });
      await allAtOnce(lab, [
        ...OUTCOMES.map((outcome) => ({ what: outcome.what, run: () => nobodyTakes(line, outcome) })),
        { what: 'cancelled while it rings', run: () => cancelled(line) },
        { what: 'busy, then taken', run: () => takenLater(line) },
        { what: 'taken, and hung up at once', run: () => hungUpAtOnce(line) },
      ]);
      await nothingIsLeft(line.server, line.asterisk);
    },
  };
}

/** What is wrong with Asterisk or its configuration, all at once. */
export function outboundTroubles(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: what is wrong is named`,
    async run(lab: Lab) {
      const line = await OutboundLine.open(lab, way, { files: () => NOWHERE });
      line.callee.onCall(answersAfter(300));
      const refused = (what: string, reason: string, deployment: () => Promise<object>) => ({
        what,
        run: async () => neverDialled(line, reason, await line.assistant(what, await deployment())),
      });
      await allAtOnce(lab, [
        refused('a trunk that is not there', 'trunk_unknown', async () => ({ options: { trunk: 'nosuch' } })),
        refused('a wrong password', 'ari_unauthorized', async () => ({
          credentialId: await line.credential('wrong', { ari_password: 'wrong' }),
        })),
        refused('an Asterisk that is not there', 'ari_unreachable', async () => ({
          // Port 9 (discard): nothing listens there.
          credentialId: await line.credential('dead', { ari_url: 'http://127.0.0.1:9' }),
        })),
        { what: 'an answer without media', run: () => withoutMedia(line, way) },
      ]);
      await nothingIsLeft(line.server, line.asterisk);
    },
  };
}

/** Answered calls that come here never reach the server. */
const NOWHERE = {
  'extensions.conf': '[interop-waits]\nexten => s,1,Wait(60)\n same => n,Hangup()\n',
  'websocket_client.conf': `[nowhere]
type = websocket_client
uri = ws://127.0.0.1:9/
protocols = media
connection_type = per_call_config
connection_timeout = 500
reconnect_attempts = 2
reconnect_interval = 250
`,
};

async function nobodyTakes(line: OutboundLine, { number, options = {}, state, reason }: Outcome): Promise<string> {
  const id = await line.place(number, { options });
  const figure = await endsAs(line, id, state, reason);
  assert(line.dialled(number).length === 1, `dialled ${line.dialled(number).length} times`);
  return figure;
}

async function cancelled(line: OutboundLine): Promise<string> {
  const id = await line.place(CANCELLED);
  const call = await line.arrival(CANCELLED);
  await line.inState(id, 'ringing');
  await line.server.send('POST', `/v1/calls/${id}/hangup`);
  const { by } = await within('the phone stops ringing', 2_000, call.ended);
  assert(by === 'peer', 'the ringing was not cancelled');
  return endsAs(line, id, 'cancelled', 'hangup_requested');
}

async function takenLater(line: OutboundLine): Promise<string> {
  const id = await line.place(BUSY_FIRST, { options: { attempts: 2, retryAfterSeconds: 1 } });
  const call = await line.taken(id, BUSY_FIRST, 2);
  await call.listenFor(GREETING, call.answeredMs);
  call.sip.hangup();
  await endsAs(line, id, 'completed', 'caller_hangup');
  const dialled = line.dialled(BUSY_FIRST);
  assert(dialled.length === 2, `dialled ${dialled.length} times`);
  assert((await line.server.call(id)).outbound?.attempt === 2, 'the attempts were counted wrongly');
  return `the second time after ${seconds((dialled[1]?.atMs ?? 0) - (dialled[0]?.atMs ?? 0))}, and talked`;
}

async function hungUpAtOnce(line: OutboundLine): Promise<string> {
  const id = await line.place(BRIEF);
  const call = await line.arrival(BRIEF);
  await call.answered;
  call.hangup();
  const { state, reason } = await line.server.endedCall(id, ENDED_MS_MAX);
  // The hang-up overtakes the sound, or it does not.
  const expected = ['failed, hung_up_before_media', 'completed, caller_hangup'];
  assert(expected.includes(`${state}, ${reason}`), `recorded as ${state}, ${reason}`);
  return endsAs(line, id, state, reason ?? '');
}

async function neverDialled(line: OutboundLine, reason: string, assistantId: string): Promise<string> {
  const number = `2${assistantId.slice(-9)}`;
  const id = await line.place(number, { assistant: { assistantId } });
  const figure = await endsAs(line, id, 'failed', reason);
  assert(line.dialled(number).length === 0, 'the phone was called all the same');
  return figure;
}

async function withoutMedia(line: OutboundLine, { mode }: Way): Promise<string> {
  const number = '3001';
  const nowhere =
    mode === 'dialplan'
      ? { options: { context: 'interop-waits' } }
      : { media: { transport: 'websocket', format: 'ulaw', websocketClient: 'nowhere' } };
  const assistantId = await line.assistant('without media', nowhere);
  const id = await line.place(number, { assistant: { assistantId } });
  const call = await line.taken(id, number);
  const { by, atMs } = await call.ended(MEDIA_MS_MAX);
  assert(by === 'peer', 'the phone was not hung up');
  await endsAs(line, id, 'failed', 'no_media');
  return `hung up ${seconds(atMs - call.answeredMs)} after the answer`;
}

async function endsAs(line: OutboundLine, id: string, state: string, reason: string): Promise<string> {
  const record = await line.server.endedCall(id, ENDED_MS_MAX);
  const events = (await line.server.events(id)).map(({ type }) => type);
  assert(
    record.state === state && record.reason === reason,
    `recorded as ${record.state}, ${record.reason}, not ${state}, ${reason}; events: ${events.join(', ')}`,
  );
  const endings = events.filter((type) => type === 'call.ended' || type === 'call.failed');
  assert(endings.length === 1, `it ended ${endings.length} times: ${events.join(', ')}`);
  return `${state}, ${reason}`;
}
