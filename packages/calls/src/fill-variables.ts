import type { AssistantConfig } from '@rapida/core';

type Variables = Readonly<Record<string, string>>;

/** Puts values in the place of `{{name}}`. A name that has none leaves nothing behind: braces are not to be spoken. */
export function fillVariables(text: string, variables: Variables): string {
  return text.replaceAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? '') : '',
  );
}

/** The configuration as one call speaks it. Instructions and dialogue are left to the model, which fills them itself. */
export function fillSpoken(config: AssistantConfig, variables: Variables): AssistantConfig {
  const fill = (text: string): string => fillVariables(text, variables);
  const { greeting, silence, limits, failure, resumption, transfer } = config;
  return {
    ...config,
    greeting: fill(greeting),
    silence: { ...silence, prompts: silence.prompts.map(fill), goodbye: fill(silence.goodbye) },
    limits: {
      ...limits,
      callLimitGoodbye: fill(limits.callLimitGoodbye),
      serverStopGoodbye: fill(limits.serverStopGoodbye),
    },
    failure: { ...failure, say: fill(failure.say) },
    resumption: { say: fill(resumption.say) },
    transfer: { failed: fill(transfer.failed) },
  };
}
