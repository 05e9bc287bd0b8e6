import { type AssistantConfig, type AssistantRecord, applyOverrides, type CallRecord, RapidaError } from '@rapida/core';

/**
 * The configuration one call is held with: its assistant's, before that its phone deployment's, before that what the call
 * was ordered with. Fails with `assistant_invalid` where these do not go together any more.
 */
export function configOfCall(
  { overrides }: Pick<CallRecord, 'overrides'>,
  assistant: AssistantRecord,
): AssistantConfig {
  const config = deployed(assistant, overrides?.limits?.callMs);
  if (overrides === null) return config;
  const { limits: _, ...others } = overrides;
  const applied = applyOverrides(config, others);
  if (applied.ok) return applied.config;
  throw new RapidaError('assistant_invalid', `overrides.${applied.path}: ${applied.message}`);
}

/**
 * Of several values under one name the one that is nearest to the call: `caller`, its overrides, args, metadata, its
 * assistant's. `language` is there for instructions that name it. `config` is that of the call.
 */
export function variablesOf(
  call: Pick<CallRecord, 'direction' | 'from' | 'to' | 'metadata' | 'args' | 'overrides'>,
  { variables, language }: AssistantConfig,
): Readonly<Record<string, string>> {
  const { metadata, args, overrides } = call;
  return { language, ...variables, ...metadata, ...args, ...overrides?.variables, caller: otherParty(call) };
}

/** Who is on the telephone: called us, or was called. */
function otherParty({ direction, from, to }: Pick<CallRecord, 'direction' | 'from' | 'to'>): string {
  return direction === 'inbound' ? from : (to ?? '');
}

/** With what its phone deployment says otherwise; of its limit and that of the call the shorter one is kept. */
function deployed({ config, deployment }: AssistantRecord, callMs = config.limits.callMs): AssistantConfig {
  const { greeting = config.greeting, limits } = deployment;
  const limitMs = Math.min(callMs, limits.callMs ?? Number.POSITIVE_INFINITY);
  return { ...config, greeting, limits: { ...config.limits, callMs: limitMs } };
}
