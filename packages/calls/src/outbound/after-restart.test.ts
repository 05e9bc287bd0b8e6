import { connectAriEvents, createAriClient } from '@rapida/ari';
import { type CallRecord, type CallState, newContextId } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { RESUME_WINDOW_MS } from '../recover.js';
import { type AsteriskUnderTest, MODES, openAsterisk } from '../testing/asterisk-under-test.js';
import { ASSISTANT, PROJECT } from '../testing/harness.js';

let asterisk: AsteriskUnderTest;

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

type Left = Partial<CallRecord> & { readonly id: string; readonly mode: 'dialplan' | 'stasis' };

/** What a process that was killed has left on record. */
async function left(state: CallState, { id, mode, ...fields }: Left): Promise<CallRecord> {
  const { harness, credentialId } = asterisk;
  const atMs = harness.clock.wallMs();
  const call: CallRecord = {
    ...{ id, projectId: PROJECT, assistantId: ASSISTANT, contextId: newContextId(), direction: 'outbound', state },
    ...{
      from: '',
      to: '+15557654321',
      channelId: `rapida-${id}-1`,
      metadata: {},
      args: {},
      nodeId: 'node-a',
      resumes: 0,
    },
    outbound: {
      ...{ notBeforeMs: atMs, attempt: 1, attemptsMax: 3, retryAfterMs: 1_000, retryOn: ['busy', 'no_answer'] },
      ringMs: null,
      dialed: { credentialId, app: 'rapida', mode, channelId: `rapida-${id}-1` },
    },
    ...{ transport: null, format: null, createdAtMs: atMs, connectedAtMs: state === 'connected' ? atMs : null },
    ...{ endedAtMs: null, disconnectedBy: null, reason: null, directive: null, recording: null },
    ...{ assistantVersion: null, overrides: null, analysis: null },
    ...fields,
  };
  await harness.stores.calls.create(call);
  return call;
}

/** What it has left in Asterisk: the events of its application go nowhere. */
function ari() {
  const { fake, harness } = asterisk;
  return createAriClient({
    access: { url: fake.url, user: 'rapida', password: () => 'correct horse' },
    clock: harness.clock,
  });
}

async function dialled(channelId: string, where: { app: string } | { context: string }): Promise<void> {
  const into = 'app' in where ? where : { ...where, extension: 's', priority: 1 };
  const request = { endpoint: 'PJSIP/+15557654321@trunk', channelId, timeoutSeconds: 300, variables: {} };
  expect(await ari().originate({ ...request, ...into })).toMatchObject({ ok: true });
}

async function starts(): Promise<void> {
  await asterisk.harness.prepare();
  await asterisk.harness.start();
  await asterisk.pass(6_000);
}

const ids = (): string[] => asterisk.fake.channels().map(({ id }) => id);

describe.each(MODES)('a server that was killed (%s)', (mode) => {
  it.each(['dialing', 'ringing', 'answered', 'connected'] as const)(
    'has failed a call that was %s, and never dials it again',
    async (state) => {
      asterisk = await openAsterisk({ mode });
      const call = await left(state, { id: '777', mode });
      await starts();
      await asterisk.pass(RESUME_WINDOW_MS);
      const failed = { state: 'failed', disconnectedBy: 'system', reason: 'server_restarted' };
      expect(await asterisk.call(call)).toMatchObject(failed);
      await asterisk.pass(60_000);
      expect(asterisk.originates()).toEqual([]);
    },
  );

  it('hangs up a telephone that still rings for it', async () => {
    asterisk = await openAsterisk({ mode });
    asterisk.fake.phone('+15557654321', { outcome: 'nothing' });
    await left('ringing', { id: '777', mode });
    await dialled('rapida-777-1', mode === 'stasis' ? { app: 'rapida' } : { context: 'bot' });
    expect(ids()).toEqual(['rapida-777-1']);
    await starts();
    expect(ids()).toEqual([]);
  });
});

describe('what a former life has left in Asterisk', () => {
  it('is removed: bridge, media channel and telephone of a call in Stasis', async () => {
    asterisk = await openAsterisk({ mode: 'stasis' });
    asterisk.withoutMedia();
    const { fake, harness } = asterisk;
    const contextId = newContextId();
    await left('connected', { id: '777', mode: 'stasis', contextId });
    // The application of the former life, whose events nobody reads.
    const former = await openFormer();
    await dialled('rapida-777-1', { app: 'rapida' });
    const media = {
      channelId: 'rapida-777-1-media',
      app: 'rapida',
      externalHost: 'x:1',
      data: contextId,
      format: 'slin',
    };
    await ari().externalMedia({ ...media, encapsulation: 'audiosocket', transport: 'tcp' });
    await ari().createBridge('rapida-777-1-bridge');
    await ari().addToBridge('rapida-777-1-bridge', ['rapida-777-1', 'rapida-777-1-media']);
    fake.incoming({ number: '1', to: '2', app: 'rapida', args: [] });
    expect(fake.channels()).toHaveLength(3);
    await former();
    await starts();
    expect(fake.channels()).toEqual([]);
    expect(fake.bridges()).toEqual([]);
    expect(harness.telemetry.counts.get('rapida_ari_leftovers_total{bridge}')).toBe(1);
  });

  it('is left alone where a caller talks on in the dialplan', async () => {
    asterisk = await openAsterisk({ mode: 'dialplan' });
    await left('connected', { id: '777', mode: 'dialplan' });
    asterisk.withoutMedia();
    await dialled('rapida-777-1', { context: 'sales' });
    await starts();
    expect(asterisk.fake.channels()).toMatchObject([{ id: 'rapida-777-1', place: 'dialplan', state: 'Up' }]);
  });

  it('is left alone where it belongs to another process, another installation or somebody else', async () => {
    asterisk = await openAsterisk({ mode: 'stasis' });
    asterisk.fake.phone('+15557654321', { outcome: 'nothing' });
    await left('ringing', { id: '777', mode: 'stasis', nodeId: 'node-b' });
    await left('ringing', { id: '778', mode: 'stasis' });
    for (const id of ['rapida-777-1', 'rapida-999-1', 'somebody', 'rapida-x-1']) await dialled(id, { context: 'bot' });
    await dialled('theirs', { app: 'other' });
    for (const id of ['rapida-777-1-bridge', 'rapida-999-1-bridge', 'conference']) await ari().createBridge(id);
    const before = ids();
    await starts();
    expect(ids()).toEqual(before);
    expect(asterisk.fake.bridges().map(({ id }) => id)).toEqual([
      ...['rapida-777-1-bridge', 'rapida-999-1-bridge', 'conference'],
    ]);
  });

  it('is removed when its Asterisk comes later', async () => {
    asterisk = await openAsterisk({ mode: 'dialplan' });
    const { fake } = asterisk;
    fake.phone('+15557654321', { outcome: 'nothing' });
    await left('ringing', { id: '777', mode: 'dialplan' });
    await dialled('rapida-777-1', { context: 'bot' });
    fake.fail({ path: '/events', times: 5 }, { status: 503, body: {} });
    await starts();
    await asterisk.pass(30_000);
    expect(ids()).toEqual([]);
  });
});

/** Returns what kills it. */
async function openFormer(): Promise<() => Promise<void>> {
  const { fake, harness } = asterisk;
  const events = connectAriEvents({
    access: { url: fake.url, user: 'rapida', password: () => 'correct horse' },
    app: 'rapida',
    clock: harness.clock,
    listener: { onEvent() {}, onUp() {}, onDown() {} },
  });
  await asterisk.until(() => events.up, 'the former life hears events');
  return () => events.close();
}
