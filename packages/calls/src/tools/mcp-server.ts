import type { Clock } from '@rapida/core';
import { type JsonObject, type McpServer, type Secret, TOOLS_MAX, type ToolOutcome } from '@rapida/core';
import type { RunnableTool } from './http-tool.js';
import { bounded, failedWith, given } from './outcome.js';

/** From connecting to the list of tools: they are wanted before the caller has said anything. */
export const MCP_OPEN_MS_MAX = 5_000;
const DESCRIPTION_CHARS_MAX = 2_000;

export interface McpParts {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly token: Secret | undefined;
}

export interface OpenMcpServer {
  readonly tools: readonly RunnableTool[];
  close(): Promise<void>;
}

/** The part of the client that is used. */
interface Client {
  listTools(): Promise<{ readonly tools: readonly ListedTool[] }>;
  toolsFromDefinitions(definitions: object): Readonly<Record<string, { readonly execute: Execute }>>;
  close(): Promise<void>;
}

type Execute = (
  args: object,
  options: { readonly toolCallId: string; readonly messages: readonly never[]; readonly abortSignal: AbortSignal },
) => Promise<{ readonly isError?: boolean; readonly content?: readonly Content[] }>;

interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: unknown;
}

interface Content {
  readonly type: string;
  readonly text?: string;
}

/**
 * Connects to an MCP server (Streamable HTTP) and lists its tools, by the MCP client of the AI SDK, which is loaded with the first of them. Rejects
 * where it cannot: the call is held without these tools.
 */
export async function openMcpServer(server: McpServer, parts: McpParts): Promise<OpenMcpServer> {
  const { createMCPClient } = await import('@ai-sdk/mcp');
  const headers: Record<string, string> =
    parts.token === undefined ? {} : { authorization: `Bearer ${parts.token.reveal()}` };
  const transport = { type: 'http', url: server.url, headers, fetch: parts.fetch, redirect: 'error' } as const;
  const client = (await createMCPClient({ transport, name: 'rapida' })) as unknown as Client;
  try {
    const listed = await client.listTools();
    const { tools } = listed;
    const executable = client.toolsFromDefinitions(listed);
    const wanted = server.tools.length === 0 ? tools : tools.filter(({ name }) => server.tools.includes(name));
    return {
      tools: wanted
        .slice(0, TOOLS_MAX)
        .map((tool) => runnable(tool, server, executable[tool.name]?.execute, parts.clock)),
      close: () => client.close().catch(() => {}),
    };
  } catch (error) {
    await client.close().catch(() => {});
    throw error;
  }
}

function runnable(listed: ListedTool, server: McpServer, execute: Execute | undefined, clock: Clock): RunnableTool {
  const { sideEffect, sayMeanwhile, timeoutMs } = server;
  return {
    definition: {
      name: listed.name,
      description: (listed.description ?? '').slice(0, DESCRIPTION_CHARS_MAX),
      parameters: (listed.inputSchema ?? { type: 'object', properties: {} }) as JsonObject,
    },
    ...{ sideEffect, sayMeanwhile },
    run: ({ id, args }, signal) =>
      bounded(clock, timeoutMs, signal, async (abortSignal): Promise<ToolOutcome> => {
        const answer = await execute?.({ ...args }, { toolCallId: id, messages: [], abortSignal });
        const { isError, content = [] } = answer ?? {};
        const text = content.map((part) => (part.type === 'text' ? (part.text ?? '') : `[${part.type}]`)).join('\n');
        return isError === true ? failedWith('tool_failed', text) : given(text);
      }),
  };
}
