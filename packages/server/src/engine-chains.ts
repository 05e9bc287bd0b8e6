import {
  type ChainLink,
  type CircuitBreakers,
  type Clock,
  EngineChain,
  type ProviderIncident,
  RapidaError,
  type Telemetry,
} from '@rapida/core';

/** Incidents kept until somebody listens. */
export const INCIDENTS_KEPT_MAX = 50;

/** What goes wrong with the engines of one call: counted, and told to whoever writes its record, also what came before. */
export class Incidents {
  readonly #telemetry: Telemetry;
  #kept: ProviderIncident[] = [];
  #listener: ((incident: ProviderIncident) => void) | undefined;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  readonly add = (incident: ProviderIncident): void => {
    const { kind, provider, code, next } = incident;
    // Where nobody takes over, the conversation fails and counts that itself.
    if (next !== null) {
      this.#telemetry.count('rapida_provider_errors_total', { kind, provider, code });
      this.#telemetry.count('rapida_provider_fallbacks_total', { kind, provider, next });
    }
    if (this.#listener !== undefined) this.#listener(incident);
    else if (this.#kept.length < INCIDENTS_KEPT_MAX) this.#kept.push(incident);
  };

  readonly listen = (listener: (incident: ProviderIncident) => void): void => {
    this.#listener = listener;
    for (const incident of this.#kept) listener(incident);
    this.#kept = [];
  };
}

export interface EngineConfig {
  readonly provider: string;
  readonly credentialId?: string | undefined;
  readonly baseUrl?: string | undefined;
}

interface ChainParts<E, C> {
  readonly clock: Clock;
  readonly breakers: CircuitBreakers;
  readonly incidents: Incidents;
  readonly kind: ProviderIncident['kind'];
  readonly open: (config: C) => Promise<E>;
}

/**
 * The engines of one kind, the wanted one first. One that cannot be opened (no key, no credential) is left out and told of, as long as there is
 * another one; else its failure is thrown.
 */
export async function openChain<E extends { readonly provider: string }, C extends EngineConfig>(
  configs: readonly C[],
  { clock, breakers, incidents, kind, open }: ChainParts<E, C>,
): Promise<EngineChain<E>> {
  const opened = await Promise.allSettled(configs.map((config) => open(config)));
  const links: ChainLink<E>[] = [];
  for (const [index, result] of opened.entries()) {
    const { provider = '', credentialId = '', baseUrl = '' } = configs[index] ?? { provider: '' };
    if (result.status === 'rejected') continue;
    links.push({ engine: result.value, breaker: breakers.of(`${kind}/${provider}/${credentialId}/${baseUrl}`) });
  }
  const [first, ...others] = links;
  const failed = opened.find((result) => result.status === 'rejected');
  if (first === undefined) throw failed?.reason ?? new RapidaError('provider_unconfigured');
  if (failed !== undefined) {
    const provider = configs[opened.indexOf(failed)]?.provider ?? '';
    incidents.add({ kind, provider, code: RapidaError.from(failed.reason).code, next: first.engine.provider });
  }
  return new EngineChain([first, ...others], { clock, kind, onIncident: incidents.add });
}
