import { describe, expect, it } from 'vitest';
import { RapidaError } from '../errors.js';
import { chainOf, VirtualClock } from '../testing/index.js';
import { FAILURES_MAX, REST_MS } from './circuit-breaker.js';
import { type ChainLink, RETURN_MS } from './engine-chain.js';

interface Engine {
  readonly provider: string;
}

const failure = new RapidaError('provider_timeout');

function make(...names: [string, ...string[]]) {
  const clock = new VirtualClock();
  const [first, ...others] = names.map((provider): Engine => ({ provider }));
  const chain = chainOf('llm', clock, first as Engine, ...others);
  /** Names of who is tried, until nobody is left; each of them fails. */
  const round = (until?: string): string[] => {
    const tried = new Set<ChainLink<Engine>>();
    const order: string[] = [];
    for (let link = chain.next(tried); link !== undefined; link = chain.next(tried)) {
      order.push(link.engine.provider);
      if (link.engine.provider === until) {
        chain.worked(link);
        break;
      }
      chain.failed(link, failure, undefined);
    }
    return order;
  };
  return { clock, chain, round };
}

describe('a chain of engines', () => {
  it('is tried in its order, each once', () => {
    expect(make('a', 'b', 'c').round()).toEqual(['a', 'b', 'c']);
  });

  it('begins with the one that worked, and after a while with the first again', async () => {
    const { clock, round } = make('a', 'b', 'c');
    expect(round('b')).toEqual(['a', 'b']);
    expect(round('b')).toEqual(['b']);
    await clock.advance(RETURN_MS);
    expect(round('a')).toEqual(['a']);
  });

  it('passes over those that are left alone, and comes back to them after their rest', async () => {
    const { clock, chain } = make('a', 'b');
    const first = () => chain.next(new Set());
    for (let i = 0; i < FAILURES_MAX; i++) {
      const link = first();
      expect(link?.engine.provider).toBe('a');
      if (link !== undefined) chain.failed(link, failure, undefined);
    }
    expect(first()?.engine.provider).toBe('b');
    await clock.advance(REST_MS);
    expect(first()?.engine.provider).toBe('a');
  });

  it('tries somebody all the same where all are left alone: a caller is waiting', () => {
    const { round } = make('a');
    for (let i = 0; i < FAILURES_MAX + 2; i++) expect(round()).toEqual(['a']);
  });

  it('tells who failed with what, and who took over', () => {
    const { chain } = make('a', 'b');
    const tried = new Set<ChainLink<Engine>>();
    const a = chain.next(tried) as ChainLink<Engine>;
    const b = chain.next(tried) as ChainLink<Engine>;
    chain.failed(a, failure, b);
    chain.failed(b, new Error('ours'), undefined);
    expect(chain.incidents).toEqual([
      { kind: 'llm', provider: 'a', code: 'provider_timeout', next: 'b' },
      { kind: 'llm', provider: 'b', code: 'internal', next: null },
    ]);
  });
});
