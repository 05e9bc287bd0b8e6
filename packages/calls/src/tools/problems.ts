import { type AssistantConfig, type ConfigProblem, RapidaError } from '@rapida/core';
import type { GuardedFetch } from '../outside/guarded-fetch.js';
import { argumentCheck } from './arguments.js';

/** Taken by what the product itself can do, whether it is switched on or not. */
const TAKEN = ['end_call', 'transfer', 'send_dtmf', 'set_metadata'];

/** What is wrong with the tools of a configuration, as far as it can be told without asking anybody. */
export function toolProblems({ tools }: AssistantConfig, outside: Pick<GuardedFetch, 'check'>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>(TAKEN);
  const tried = (path: string, attempt: () => void): void => {
    try {
      attempt();
    } catch (error) {
      problems.push({ path, message: RapidaError.from(error).message });
    }
  };
  for (const [index, tool] of tools.http.entries()) {
    const path = `tools.http.${index}`;
    if (seen.has(tool.name)) problems.push({ path: `${path}.name`, message: `There is a tool ${tool.name} already.` });
    seen.add(tool.name);
    tried(`${path}.parameters`, () => argumentCheck(tool.parameters));
    tried(`${path}.url`, () => outside.check(tool.url.replaceAll(/\{\{[^}]*\}\}/g, 'x')));
  }
  for (const [index, server] of tools.mcp.entries()) {
    tried(`tools.mcp.${index}.url`, () => outside.check(server.url));
  }
  return problems;
}
