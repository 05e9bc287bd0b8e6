import type { Clock } from '../clock.js';
import { silentTelemetry } from '../metrics.js';
import { createCircuitBreakers } from '../resilience/circuit-breaker.js';
import { type ChainLink, EngineChain, type ProviderIncident } from '../resilience/engine-chain.js';

/** A chain with breakers of its own, which are closed. */
export function chainOf<E extends { readonly provider: string }>(
  kind: ProviderIncident['kind'],
  clock: Clock,
  first: E,
  ...others: readonly E[]
): EngineChain<E> & { readonly incidents: readonly ProviderIncident[] } {
  const breakers = createCircuitBreakers({ clock, telemetry: silentTelemetry });
  const incidents: ProviderIncident[] = [];
  const linkOf = (engine: E, index: number): ChainLink<E> => ({ engine, breaker: breakers.of(`${kind}/${index}`) });
  const links = others.map((engine, index) => linkOf(engine, index + 1));
  const chain = new EngineChain([linkOf(first, 0), ...links], {
    ...{ clock, kind },
    onIncident: (incident) => incidents.push(incident),
  });
  return Object.assign(chain, { incidents });
}
