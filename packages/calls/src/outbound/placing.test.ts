import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, openAsterisk, startAsterisk } from '../testing/asterisk-under-test.js';
import { PROJECT } from '../testing/harness.js';
import { orderOf } from '../testing/order-of.js';

let asterisk: AsteriskUnderTest;

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const place = (orders: readonly ReturnType<typeof orderOf>[], key?: string) =>
  asterisk.harness.useCases.outbound.place(PROJECT, orders, key);
const refused = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

async function calls() {
  return (await asterisk.harness.useCases.calls.list(PROJECT, {}, 100, null)).data;
}

describe('an order with an idempotency key', () => {
  it('is carried out once, and its repeat gets the first answer', async () => {
    asterisk = await startAsterisk();
    const first = await place([orderOf('+15550000001')], 'key');
    await asterisk.pass(1_000);
    const again = await place([orderOf('+15550000001')], 'key');
    expect(again).toEqual(first);
    await asterisk.pass(5_000);
    expect(asterisk.originates()).toHaveLength(1);
  });

  it('gets its first answer also when it could not be given any more', async () => {
    asterisk = await openAsterisk();
    const first = await place([orderOf('+15550000001')], 'key');
    await asterisk.deploy({ enabled: false });
    expect(await place([orderOf('+15550000001')], 'key')).toEqual(first);
    await asterisk.ended(asterisk.harness.drain(1_000));
    expect(await place([orderOf('+15550000001')], 'key')).toEqual(first);
    await expect(place([orderOf('+15550000001')], 'new')).rejects.toEqual(refused('draining'));
  });

  it('is carried out once where it comes several times at the same moment', async () => {
    asterisk = await openAsterisk();
    const answers = await Promise.all([1, 2, 3].map(() => place([orderOf('+15550000001')], 'key')));
    expect(new Set(answers.map(([placed]) => placed?.id)).size).toBe(1);
    expect(await calls()).toHaveLength(1);
  });

  it('conflicts with another order under the same key, and not with one of another project', async () => {
    asterisk = await openAsterisk();
    await place([orderOf('+15550000001')], 'key');
    await expect(place([orderOf('+15550000002')], 'key')).rejects.toEqual(refused('idempotency_conflict'));
    await expect(asterisk.harness.useCases.outbound.place('2', [orderOf('+15550000001')], 'key')).rejects.toEqual(
      refused('assistant_not_found'),
    );
    expect(await calls()).toHaveLength(1);
  });

  it('that was refused may be sent again when it is right', async () => {
    asterisk = await openAsterisk();
    await expect(place([orderOf('none')], 'key')).rejects.toEqual(refused('number_invalid'));
    await place([orderOf('+15550000001')], 'key');
  });

  it('is counted as placed once', async () => {
    asterisk = await openAsterisk();
    await place([orderOf('+15550000001')], 'key');
    await place([orderOf('+15550000001')], 'key');
    expect(asterisk.harness.telemetry.counts.get('rapida_outbound_placed_total')).toBe(1);
  });
});

describe('several orders at once', () => {
  it('are all placed, each with its own call', async () => {
    asterisk = await startAsterisk({ callsPerSecond: 4 });
    const placed = await place([orderOf('+15550000001'), orderOf('+15550000002')]);
    expect(new Set(placed.map(({ id }) => id)).size).toBe(2);
    expect(new Set(placed.map(({ contextId }) => contextId)).size).toBe(2);
    await asterisk.pass(1_000);
    expect(asterisk.dialled()).toEqual(['+15550000001', '+15550000002']);
  });

  it('are all refused where one is wrong, and the refusal names it', async () => {
    asterisk = await startAsterisk();
    const orders = ['+15550000001', '+15550000002', 'abc'].map((number) => orderOf(number));
    const error = await place(orders).catch((thrown: unknown) => RapidaError.from(thrown));
    expect(error).toEqual(refused('number_invalid'));
    expect(String(error)).toContain('phoneCalls[2]: ');
    await asterisk.pass(1_000);
    expect(await calls()).toEqual([]);
    expect(asterisk.originates()).toEqual([]);
  });

  it('are one at least, and a thousand at most', async () => {
    asterisk = await openAsterisk({ outboundQueueMax: 2_000 });
    await expect(place([])).rejects.toEqual(refused('bulk_invalid'));
    const many = Array.from({ length: 1_001 }, () => orderOf('+15550000001'));
    await expect(place(many)).rejects.toEqual(refused('bulk_invalid'));
    expect(await place(many.slice(1))).toHaveLength(1_000);
  });
});

describe('an order', () => {
  it('is refused where its assistant cannot place calls', async () => {
    asterisk = await openAsterisk();
    const bare = await asterisk.harness.useCases.credentials.create(PROJECT, {
      ...{ name: 'Bare', provider: 'asterisk', value: {} },
    });
    const order = orderOf('+15550000001');
    await expect(place([{ ...order, assistantId: '99' }])).rejects.toEqual(refused('assistant_not_found'));
    await expect(place([{ ...order, assistantId: 'x' }])).rejects.toEqual(refused('assistant_id_malformed'));
    await expect(place([{ ...order, version: '7' }])).rejects.toEqual(refused('assistant_version_not_found'));
    await asterisk.deploy({ credentialId: bare.id });
    await expect(place([order])).rejects.toEqual(refused('deployment_incomplete'));
    await asterisk.deploy({ credentialId: null });
    await expect(place([order])).rejects.toEqual(refused('deployment_incomplete'));
    await asterisk.deploy({ enabled: false });
    await expect(place([order])).rejects.toEqual(refused('deployment_disabled'));
    expect(await calls()).toEqual([]);
  });

  it('keeps the version that was live when it was placed, or the one it names, while it waits', async () => {
    asterisk = await openAsterisk();
    const { assistants } = asterisk.harness.stores;
    const config = (greeting: string) => ({ ...asterisk.harness.assistant.config, greeting });
    const number = '+15550000001';
    await assistants.saveConfig(PROJECT, '42', config('two'), 1);
    await place([orderOf(number), orderOf(number, { version: '1' }), orderOf(number, { version: '2' })]);
    await assistants.saveConfig(PROJECT, '42', config('three'), 1);
    await place([orderOf(number, { version: '' })]);
    const versions = (await calls()).map(({ assistantVersion }) => assistantVersion);
    expect(versions.sort()).toEqual([1, 2, 2, 3]);
  });

  it.each(['0', '01', '-1', '1.0', 'newest', '99999999999'])('does not take %s for a version', async (version) => {
    asterisk = await openAsterisk();
    const placing = place([orderOf('+15550000001', { version })]);
    await expect(placing).rejects.toEqual(refused('assistant_version_not_found'));
  });

  it('is refused where the assistant does not take what it is to have otherwise, by the name of the field', async () => {
    asterisk = await openAsterisk();
    const ordering = (overrides: object) =>
      place([orderOf('+15550000001', { options: { overrides: overrides as never } })]);
    const problem = (message: string) =>
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(message) });
    await expect(ordering({ language: 'de-DE' })).rejects.toEqual(problem('options.overrides.language: stt.provider'));
    asterisk.harness.providers.problems.push({ path: 'tts.voice', message: 'unknown voice' });
    await expect(ordering({ tts: { voice: 'x' } })).rejects.toEqual(
      problem('options.overrides.tts.voice: unknown voice'),
    );
    expect(await calls()).toEqual([]);
  });

  it('stores what it is to have otherwise with the call', async () => {
    asterisk = await openAsterisk();
    const overrides = { greeting: 'Hi', llm: { temperature: 1 } };
    await place([orderOf('+15550000001', { options: { overrides: JSON.stringify(overrides) } })]);
    expect(await calls()).toMatchObject([{ overrides }]);
  });

  it('names the options that mean nothing here', async () => {
    asterisk = await openAsterisk();
    const [placed] = await place([orderOf('+15550000001', { options: { color: 'red', ringSeconds: 10 } })]);
    expect(placed).toMatchObject({ state: 'queued', ignoredOptions: ['color'] });
  });
});
