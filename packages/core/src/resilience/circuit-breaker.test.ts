import { describe, expect, it } from 'vitest';
import { RapidaError } from '../errors.js';
import type { Telemetry } from '../metrics.js';
import { VirtualClock } from '../testing/index.js';
import {
  BREAKERS_MAX,
  createCircuitBreakers,
  FAILURES_APART_MS_MAX,
  FAILURES_MAX,
  REST_MS,
  REST_MS_MAX,
  TRIAL_MS,
} from './circuit-breaker.js';

const failure = new RapidaError('provider_unavailable');

function make() {
  const clock = new VirtualClock();
  const rests: unknown[] = [];
  const telemetry: Telemetry = { count: (name, labels) => rests.push([name, labels]), gauge() {}, observe() {} };
  const breakers = createCircuitBreakers({ clock, telemetry });
  return { clock, rests, breakers, breaker: breakers.of('llm/openai/7') };
}

function failTimes(breaker: ReturnType<typeof make>['breaker'], times: number): void {
  for (let i = 0; i < times; i++) breaker.failed(failure);
}

describe('a circuit breaker', () => {
  it('leaves an engine alone after failures in a row, and counts that', () => {
    const { breaker, rests } = make();
    failTimes(breaker, FAILURES_MAX - 1);
    expect(breaker.enter()).toBe(true);
    failTimes(breaker, 1);
    expect(breaker.enter()).toBe(false);
    expect(rests).toEqual([['rapida_provider_rests_total', { kind: 'llm', provider: 'openai' }]]);
  });

  it('is the same one for all calls', () => {
    const { breakers, breaker } = make();
    failTimes(breaker, FAILURES_MAX);
    expect(breakers.of('llm/openai/7').enter()).toBe(false);
    expect(breakers.of('llm/openai/8').enter()).toBe(true);
  });

  it('forgets failures after a success, and those that are far apart', async () => {
    const { breaker, clock } = make();
    failTimes(breaker, FAILURES_MAX - 1);
    breaker.succeeded();
    failTimes(breaker, FAILURES_MAX - 1);
    await clock.advance(FAILURES_APART_MS_MAX + 1);
    failTimes(breaker, FAILURES_MAX - 1);
    expect(breaker.enter()).toBe(true);
  });

  it('does not count a request that the engine refused', () => {
    const { breaker } = make();
    for (let i = 0; i < 10; i++) breaker.failed(new RapidaError('provider_rejected'));
    expect(breaker.enter()).toBe(true);
  });

  it('lets one caller at a time try it after its rest, and another when nothing is heard of the trial', async () => {
    const { breaker, clock } = make();
    failTimes(breaker, FAILURES_MAX);
    await clock.advance(REST_MS);
    expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
    await clock.advance(TRIAL_MS);
    expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
    breaker.succeeded();
    expect([breaker.enter(), breaker.enter()]).toEqual([true, true]);
  });

  it('rests twice as long after each trial that failed, up to a limit', async () => {
    const { breaker, clock } = make();
    failTimes(breaker, FAILURES_MAX);
    for (let restMs = REST_MS; restMs < REST_MS_MAX; restMs = Math.min(restMs * 2, REST_MS_MAX)) {
      await clock.advance(restMs - 1);
      expect(breaker.enter()).toBe(false);
      await clock.advance(1);
      expect(breaker.enter()).toBe(true);
      failTimes(breaker, 1);
    }
    await clock.advance(REST_MS_MAX);
    expect(breaker.enter()).toBe(true);
  });

  it('is forgotten when there are too many, least recently used first', () => {
    const { breakers, breaker } = make();
    failTimes(breaker, FAILURES_MAX);
    const other = breakers.of('other');
    failTimes(other, FAILURES_MAX);
    for (let i = 0; i < BREAKERS_MAX - 1; i++) {
      breakers.of(`more ${i}`);
      breakers.of('other');
    }
    expect(breakers.of('llm/openai/7').enter()).toBe(true);
    expect(breakers.of('other').enter()).toBe(false);
  });
});
