import {
  type Clock,
  chainedEngines,
  createCircuitBreakers,
  type LanguageModel,
  type ProviderIncident,
  type ProviderSet,
  type SpeechToText,
  silentTelemetry,
  type TextToSpeech,
} from '@rapida/core';
import { Incidents, openChain } from '@rapida/server';
import type { ChainPlan } from './engines.js';
import { type Gate, gatedModel, gatedRecogniser, gatedVoice } from './faulty.js';

type Three = Pick<ProviderSet, 'stt' | 'llm' | 'tts'>;
type ChainedConfig = Parameters<typeof chainedEngines>[1];

const OPEN: Gate = { pass: async () => {} };

/** As the server puts them together: the wanted engines first, behind them the second ones, where there are some. */
export async function chained(
  clock: Clock,
  { kind: faulty, gate, behind }: ChainPlan,
  { first, second, config }: { readonly first: Three; readonly second: Three; readonly config: ChainedConfig },
): Promise<Three & Pick<ProviderSet, 'onIncident'>> {
  const incidents = new Incidents(silentTelemetry);
  const breakers = createCircuitBreakers({ clock, telemetry: silentTelemetry });
  const gateOf = (kind: ProviderIncident['kind']): Gate => (kind === faulty ? gate : OPEN);
  const chain = <E extends { readonly provider: string }>(kind: ProviderIncident['kind'], one: E, other: E) => {
    const engines = behind === 'second' ? { first: one, second: other } : { first: one };
    const configs = Object.keys(engines).map((provider) => ({ provider }));
    const open = async ({ provider }: { readonly provider: string }): Promise<E> => ({
      ...(provider === 'first' ? one : other),
      provider,
    });
    return openChain<E, { readonly provider: string }>(configs, { clock, breakers, incidents, kind, open });
  };
  const [stt, llm, tts] = await Promise.all([
    chain<SpeechToText>('stt', gatedRecogniser(first.stt, gateOf('stt')), gatedRecogniser(second.stt, OPEN)),
    chain<LanguageModel>('llm', gatedModel(first.llm, gateOf('llm')), gatedModel(second.llm, OPEN)),
    chain<TextToSpeech>('tts', gatedVoice(first.tts, gateOf('tts')), gatedVoice(second.tts, OPEN)),
  ]);
  return { ...chainedEngines({ stt, llm, tts }, config, { clock }), onIncident: incidents.listen };
}
