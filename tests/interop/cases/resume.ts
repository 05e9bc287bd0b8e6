import { systemClock } from '@rapida/core';
import { PrivatePostgres } from '../../support/real-parts/postgresql.js';
import { PrivateRedis } from '../../support/real-parts/redis.js';
import { GOODBYE, GREETING, HOURS, makeAssistant, RESUMED } from '../assistant.js';
import { configurationFor, describeLine, type Line, targetOf } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { nothingIsLeft, TestCall } from '../test-call.js';
import { assert, poll } from '../wait.js';
import { startWebhookReceiver } from '../webhook-receiver.js';
import type { Case } from './case.js';

/** What is promised: from the death of the server until the caller is spoken to again by another one. */
const TALKING_AGAIN_MS_MAX = 5_000;
/** By the same one: it has to start first, and the dialplan asks for it every few seconds. */
const RESTARTED_MS_MAX = 12_000;
/** From the death of the server until a call is closed whose caller has gone meanwhile. */
const CLOSED_MS_MAX = 15_000;

/** One server, whose process is killed and started again: the caller goes on in the same call. */
export function serverRestarts(line: Line): Case {
  return {
    name: `${describeLine(line)}: a call goes on when its server is killed and starts again`,
    async run(lab: Lab) {
      const { server, asterisk, dial } = await lab.line(line);
      const call = await dial();
      await talk(call, call.answeredMs);
      const { id } = await call.record();
      const killedMs = systemClock.nowMs();
      await server.kill();
      const [lost] = await Promise.all([call.listenFor(RESUMED, killedMs), server.restart()]);
      assert(lost.afterMs <= RESTARTED_MS_MAX, `the caller waited ${ms(lost.afterMs)}`);
      lab.measured('talking again', `${ms(lost.afterMs)} after the kill, in the same call`);
      await goOn(call, server, id);
      await nothingIsLeft(server, asterisk);
    },
  };
}

/** Two servers that share PostgreSQL and Redis: the second takes the call up when the first is killed. */
export function otherServer(line: Line): Case {
  return {
    name: `${describeLine(line)}: a call goes on at another server when its own is killed`,
    async run(lab: Lab) {
      const { first, second, call, webhook, asterisk } = await twoServers(lab, line);
      await talk(call, call.answeredMs);
      const { id } = await call.record();
      const killedMs = systemClock.nowMs();
      await first.kill();
      const lost = await call.listenFor(RESUMED, killedMs);
      assert(lost.afterMs <= TALKING_AGAIN_MS_MAX, `the caller waited ${ms(lost.afterMs)}`);
      lab.measured('talking again', `${ms(lost.afterMs)} after the kill, at the other server`);
      await goOn(call, second, id);
      await nothingIsLeft(second, asterisk);
      const told = await poll('the webhook is told of the end', 5_000, async () =>
        webhook.told.includes('call.ended') ? webhook.told : undefined,
      );
      assert(
        told.join(' ') === 'webhook call.connected call.resumed call.ended',
        `the webhook was told ${told.join(' ')}`,
      );
      lab.measured('webhooks come once', told.join(', '));
    },
  };
}

/** Neither side's hang-up is taken for a lost call. */
export function normalEnds(line: Line): Case {
  return {
    name: `${describeLine(line)}: a call that has ended is never taken up again`,
    async run(lab: Lab) {
      const { server, asterisk, dial } = await lab.line(line);
      for (const by of ['assistant', 'user'] as const) {
        const call = await dial();
        await call.listenFor(GREETING, call.answeredMs);
        if (by === 'assistant') await call.ask('thank you goodbye', GOODBYE);
        else call.sip.hangup();
        await call.ended();
        const record = await call.leavesNothing();
        assert(record.disconnectedBy === by, `recorded as ended by ${record.disconnectedBy}`);
        const path = `/v1/talk/asterisk/ctx/${record.contextId}/resume`;
        const { status, text } = await server.request('GET', path);
        assert(status === 409 && text.includes('call_ended'), `asked to resume, it answered ${status} ${text}`);
        assert((await server.call(record.id)).resumes === 0, 'it was taken up again');
      }
      const lines = asterisk.log().match(/resume=/g) ?? [];
      lab.measured('not taken up again', `after either end; ${lines.length} attempts of the dialplan`);
    },
  };
}

/** A caller who hangs up while nobody is there. */
export function callerLeavesMeanwhile(line: Line): Case {
  return {
    name: `${describeLine(line)}: a caller who hangs up while the server is away ends the call`,
    async run(lab: Lab) {
      const { server, asterisk, dial } = await lab.line(line);
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      const { id } = await call.record();
      const killedMs = systemClock.nowMs();
      await server.kill();
      call.sip.hangup();
      await server.restart();
      const { state, reason, resumes } = await server.endedCall(id, CLOSED_MS_MAX);
      assert(state === 'failed' && resumes === 0, `recorded as ${state}, ${reason}, resumed ${resumes} times`);
      await asterisk.isIdle();
      lab.measured('closed', `${ms(systemClock.nowMs() - killedMs)} after the kill, as ${reason}`);
    },
  };
}

async function twoServers(lab: Lab, line: Line) {
  const [postgres, redis] = [await PrivatePostgres.start(), await PrivateRedis.start()];
  lab.stopLater(() => postgres.stop());
  lab.stopLater(() => redis.stop());
  const webhook = await startWebhookReceiver();
  lab.stopLater(() => webhook.close());
  const settings = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, WEBHOOKS__ALLOW_PRIVATE: 'true' };
  const first = await lab.server({ settings: { ...settings, NODE__ID: 'first' } });
  const assistantId = await makeAssistant(first);
  const events = ['webhook', 'call.connected', 'call.resumed', 'call.ended', 'call.failed'];
  await first.send('POST', '/v1/webhooks', { url: webhook.url, events });
  const second = await lab.server({ copyOf: first, settings: { ...settings, NODE__ID: 'second' } });
  const targets = [targetOf(first, assistantId), targetOf(second, assistantId)];
  const { asterisk, phone } = await lab.exchange(configurationFor(line, targets));
  const call = await TestCall.dial({ server: first, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
  return { first, second, call, webhook, asterisk };
}

async function talk(call: TestCall, sinceMs: number): Promise<void> {
  await call.listenFor(GREETING, sinceMs);
  await call.ask('when are you open', HOURS);
}

/** To the end of the call; then the record has both parts of one call. */
async function goOn(call: TestCall, server: ServerUnderTest, id: string): Promise<void> {
  await call.ask('what are your opening hours', HOURS).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; the transcript is\n${(await saidIn(server, id)).join('\n')}`);
  });
  await call.ask('goodbye', GOODBYE);
  const end = await call.ended();
  assert(end.by === 'peer', 'the server did not hang up');
  const record = await server.endedCall(id);
  assert(
    record.state === 'completed' && record.disconnectedBy === 'assistant' && record.resumes === 1,
    `recorded as ${JSON.stringify(record)}`,
  );
  const calls = await server.send<{ data: readonly object[] }>('GET', `/v1/calls?from=${call.from}`);
  assert(calls.data.length === 1, `there are ${calls.data.length} calls`);
  const turns = await server.transcript(id);
  const said = await saidIn(server, id);
  const wanted = [
    `assistant: ${GREETING}`,
    ...['user: when are you open', `assistant: ${HOURS}`, `assistant: ${RESUMED}`],
    ...['user: what are your opening hours', `assistant: ${HOURS}`, 'user: goodbye', `assistant: ${GOODBYE}`],
  ];
  assert(said.join('\n') === wanted.join('\n'), `the transcript is\n${said.join('\n')}`);
  const lost = turns.findIndex(({ text }) => text === RESUMED);
  const [before, after] = [turns[lost - 1], turns[lost]];
  assert(
    before !== undefined && after !== undefined && after.startMs > before.endMs,
    `after the pause it goes on at ${after?.startMs} ms, where it was at ${before?.endMs} ms`,
  );
  const types = (await server.events(id)).map(({ type }) => type);
  const once = ['webhook', 'call.connected', 'call.resumed', 'call.ended'];
  assert(
    once.every((type) => types.filter((one) => one === type).length === 1),
    `the events are ${types.join(', ')}`,
  );
}

async function saidIn(server: ServerUnderTest, id: string): Promise<string[]> {
  return (await server.transcript(id)).map(({ role, text }) => `${role}: ${text}`);
}
