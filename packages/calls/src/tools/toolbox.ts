import {
  type AssistantConfig,
  type Clock,
  type EntityId,
  type Logger,
  NO_TOOLS,
  RapidaError,
  type Secret,
  type Toolbox,
  type ToolOutcome,
} from '@rapida/core';
import { within } from '../bounded-wait.js';
import type { GuardedFetch } from '../outside/guarded-fetch.js';
import { createHttpTool, type RunnableTool } from './http-tool.js';
import { MCP_OPEN_MS_MAX, type OpenMcpServer, openMcpServer } from './mcp-server.js';

export interface ToolboxDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outside: GuardedFetch;
  /** The token of a credential of provider `http`; rejects with a `RapidaError`. */
  readonly tokenOf: (projectId: EntityId, credentialId: EntityId) => Promise<Secret>;
}

export interface OpenToolbox {
  readonly tools: AssistantConfig['tools'];
  readonly projectId: EntityId;
  /** Of the call. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The tools of one call, ready before its media is. Never rejects: what cannot be opened is left out and logged, and the model answers without
 * it - a front desk that cannot look up an order is better than none.
 */
export async function openToolbox(
  dependencies: ToolboxDependencies,
  { tools, projectId, variables }: OpenToolbox,
): Promise<Toolbox> {
  if (tools.http.length === 0 && tools.mcp.length === 0) return NO_TOOLS;
  const { clock, logger, outside } = dependencies;
  const tokenOf = async (credentialId: EntityId | undefined): Promise<Secret | undefined> =>
    credentialId === undefined ? undefined : dependencies.tokenOf(projectId, credentialId);

  const http = tools.http.map(async (tool) => {
    const token = await tokenOf(tool.credentialId);
    return createHttpTool(tool, { clock, variables, token, fetch: outside.fetch });
  });
  const servers = tools.mcp.map(async (server): Promise<OpenMcpServer> => {
    const opening = tokenOf(server.credentialId).then((token) =>
      openMcpServer(server, { clock, token, fetch: outside.fetch }),
    );
    const opened = await within(clock, opening, MCP_OPEN_MS_MAX);
    if (opened.inTime) return opened.value;
    opening.then((late) => late.close()).catch(() => {});
    throw new RapidaError('tool_timeout', `${server.name} did not list its tools within ${MCP_OPEN_MS_MAX} ms`);
  });
  const leaveOut = (name: string, error: unknown): void =>
    logger.warn({ tool: name, err: error, code: RapidaError.from(error).code }, 'a tool cannot be used in this call');

  const ready: RunnableTool[] = [];
  for (const [index, result] of (await Promise.allSettled(http)).entries()) {
    if (result.status === 'fulfilled') ready.push(result.value);
    else leaveOut(tools.http[index]?.name ?? '', result.reason);
  }
  const open: OpenMcpServer[] = [];
  for (const [index, result] of (await Promise.allSettled(servers)).entries()) {
    if (result.status === 'fulfilled') open.push(result.value);
    else leaveOut(tools.mcp[index]?.name ?? '', result.reason);
  }
  return toolboxOf([...ready, ...open.flatMap((server) => server.tools)], open);
}

/** The first of a name counts. */
function toolboxOf(all: readonly RunnableTool[], open: readonly OpenMcpServer[]): Toolbox {
  const byName = new Map<string, RunnableTool>();
  for (const tool of all) if (!byName.has(tool.definition.name)) byName.set(tool.definition.name, tool);
  const running = new Set<Promise<ToolOutcome>>();
  let closing: Promise<void> | undefined;
  return {
    tools: [...byName.values()],
    run(call, signal) {
      const outcome = byName.get(call.name)?.run(call, signal) ?? NO_TOOLS.run(call, signal);
      running.add(outcome);
      void outcome.finally(() => running.delete(outcome));
      return outcome;
    },
    close() {
      // What still runs is bounded, and its connection is needed.
      closing ??= Promise.all(running).then(async () => void (await Promise.all(open.map((server) => server.close()))));
      return closing;
    },
  };
}
