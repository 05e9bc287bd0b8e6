import { phoneDeploymentSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { ENTRIES_BYTES_MAX, ENTRIES_MAX } from '../bounded-entries.js';
import type { PhoneCallOrder } from '../use-cases.js';
import { checkOrder, NOT_BEFORE_MS_MAX, queuedCall } from './order.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const anOrder = (changes: Partial<PhoneCallOrder> = {}): PhoneCallOrder => ({
  ...{ assistantId: '42', version: 'latest', toNumber: '+15551234567', fromNumber: '' },
  ...{ metadata: {}, args: {}, options: {} },
  ...changes,
});

function queued(order: Partial<PhoneCallOrder>, deployment: Parameters<typeof phoneDeploymentSchema.parse>[0] = {}) {
  const whose = { projectId: '1', id: '42', version: 3, deployment: phoneDeploymentSchema.parse(deployment) };
  return queuedCall(checkOrder(anOrder(order)), whose, { id: '7', contextId: 'c', nodeId: 'n', nowMs: NOW_MS });
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('an order', () => {
  it.each([
    [{ toNumber: '' }, 'number_missing'],
    [{ toNumber: '  ' }, 'number_missing'],
    [{ toNumber: '555 1234' }, 'number_invalid'],
    [{ toNumber: '555&PJSIP/666' }, 'number_invalid'],
    [{ toNumber: '1'.repeat(33) }, 'number_invalid'],
    [{ fromNumber: 'nobody' }, 'caller_id_invalid'],
    [{ fromNumber: 'A, B <1>' }, 'caller_id_invalid'],
    [{ options: { notBefore: 'tomorrow' } }, 'invalid_request'],
    [{ options: { ringSeconds: 0 } }, 'invalid_request'],
    [{ options: { attempts: 11 } }, 'invalid_request'],
    [{ options: { retryOn: ['rain'] } }, 'invalid_request'],
  ])('is refused: %j', (changes, expected) => {
    expect(() => checkOrder(anOrder(changes))).toThrowError(code(expected));
  });

  it('names the option that is wrong', () => {
    expect(() => checkOrder(anOrder({ options: { ringSeconds: 'long' } }))).toThrowError(/options\.ringSeconds/);
  });

  it('takes numbers with a +, * and #, and a caller with a name', () => {
    for (const toNumber of ['+4930123', '*97', '#31#5551234', '0']) {
      expect(checkOrder(anOrder({ toNumber })).to).toBe(toNumber);
    }
    expect(checkOrder(anOrder({ fromNumber: 'Front Desk <+4930123>' })).from).toBe('Front Desk <+4930123>');
  });

  it('keeps text as text and everything else as JSON', () => {
    const values = { a: 'x', b: 1.5, c: true, d: null, e: { f: ['g'] } };
    const texts = { a: 'x', b: '1.5', c: 'true', d: 'null', e: '{"f":["g"]}' };
    expect(checkOrder(anOrder({ metadata: values, args: values }))).toMatchObject({ metadata: texts, args: texts });
  });

  it.each(['metadata', 'args'] as const)('bounds %s in number, size and depth', (what) => {
    const many = Object.fromEntries(Array.from({ length: ENTRIES_MAX + 1 }, (_, n) => [`k${n}`, '']));
    expect(() => checkOrder(anOrder({ [what]: many }))).toThrowError(code('invalid_request'));
    expect(() => checkOrder(anOrder({ [what]: { k: 'ä'.repeat(ENTRIES_BYTES_MAX / 2) } }))).toThrowError(
      code('invalid_request'),
    );
    let deep: Record<string, never> | { d: unknown } = {};
    for (let depth = 0; depth < 200_000; depth++) deep = { d: deep };
    expect(() => checkOrder(anOrder({ [what]: { deep: deep as never } }))).toThrowError(code('invalid_request'));
  });

  it('says which options mean nothing here', () => {
    expect(checkOrder(anOrder({ options: { ringSecond: 5, attempts: 2 } })).ignoredOptions).toEqual(['ringSecond']);
  });

  it('reads numbers that come as text: some clients have nothing else', () => {
    expect(checkOrder(anOrder({ options: { ringSeconds: '20', attempts: '3' } })).options).toEqual({
      ...{ ringSeconds: 20, attempts: 3 },
    });
  });
});

describe('what a call is ordered to have otherwise', () => {
  const overrides = { greeting: 'Hi {{name}}', tts: { speed: 1.2 }, recording: { enabled: false as const } };

  it.each([
    ['an object', overrides],
    ['JSON text', JSON.stringify(overrides)],
  ])('may come as %s', (_as, given) => {
    expect(checkOrder(anOrder({ options: { overrides: given } }))).toMatchObject({ overrides, ignoredOptions: [] });
  });

  it.each([[undefined], [null], [''], [{}], ['{}'], [{ tts: {} }]])('is nothing where it is %j', (given) => {
    const options = given === undefined ? {} : { overrides: given as never };
    expect(queued({ options }).overrides).toBeNull();
  });

  it.each([
    ['speed', 'options.overrides: is text, but not JSON'],
    [[], 'options.overrides: '],
    [{ tools: {} }, 'options.overrides: Unrecognized key: "tools"'],
    [{ transfer: {} }, 'options.overrides: Unrecognized key: "transfer"'],
    [{ tts: { provider: 'openai' } }, 'options.overrides.tts: Unrecognized key: "provider"'],
    [{ tts: { credentialId: '5' } }, 'options.overrides.tts: Unrecognized key: "credentialId"'],
    [{ llm: { baseUrl: 'http://x' } }, 'options.overrides.llm: Unrecognized key: "baseUrl"'],
    [{ tts: { speed: 9 } }, 'options.overrides.tts.speed: '],
    [{ limits: { callMs: 1 } }, 'options.overrides.limits.callMs: '],
    [{ recording: { enabled: true } }, 'options.overrides.recording.enabled: '],
    [{ language: 'English' }, 'options.overrides.language: '],
    [{ variables: { a: 'x'.repeat(501) } }, 'options.overrides.variables.a: '],
    [{ instructions: 'x'.repeat(20_001) }, 'options.overrides.instructions: '],
    [
      { variables: Object.fromEntries(Array.from({ length: ENTRIES_MAX + 1 }, (_, n) => [`k${n}`, ''])) },
      'options.overrides.variables: more',
    ],
  ] as const)('is refused where it is %j', (given, message) => {
    const ordering = () => checkOrder(anOrder({ options: { overrides: given as never } }));
    expect(ordering).toThrowError(code('invalid_request'));
    expect(ordering).toThrowError(message);
  });
});

describe('the call an order becomes', () => {
  it('keeps the version of its assistant', () => {
    expect(queued({}).assistantVersion).toBe(3);
  });

  it('waits in the queue from now on, and is dialled once', () => {
    expect(queued({})).toMatchObject({
      ...{ direction: 'outbound', state: 'queued', to: '+15551234567', from: '', createdAtMs: NOW_MS },
      outbound: { notBeforeMs: NOW_MS, attempt: 0, attemptsMax: 1, ringMs: null, dialed: null },
    });
  });

  it('has the retry rules of the request before those of the deployment', () => {
    const retry = { attemptsMax: 4, afterMs: 60_000, on: ['busy'] };
    expect(queued({}, { retry }).outbound).toMatchObject({ attemptsMax: 4, retryAfterMs: 60_000, retryOn: ['busy'] });
    const options = { attempts: 2, retryAfterSeconds: 5, retryOn: ['no_answer'], ringSeconds: 12 };
    expect(queued({ options }, { retry }).outbound).toMatchObject({
      ...{ attemptsMax: 2, retryAfterMs: 5_000, retryOn: ['no_answer'], ringMs: 12_000 },
    });
  });

  it('is not dialled before its moment; one that is past is now, one that is too far ahead is refused', () => {
    const at = (ms: number) => ({ options: { notBefore: new Date(ms).toISOString() } });
    expect(queued(at(NOW_MS + 5_000)).outbound?.notBeforeMs).toBe(NOW_MS + 5_000);
    expect(queued(at(NOW_MS - 5_000)).outbound?.notBeforeMs).toBe(NOW_MS);
    expect(() => queued(at(NOW_MS + NOT_BEFORE_MS_MAX + 1))).toThrowError(code('invalid_request'));
  });

  it('is from the phone of the deployment where the request names nobody', () => {
    expect(queued({}, { options: { phone: '100' } }).from).toBe('100');
    expect(queued({ fromNumber: '200' }, { options: { phone: '100' } }).from).toBe('200');
  });
});
