import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RapidaError, Secret, silentLogger, systemClock, toolsSchema } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch } from '../outside/guarded-fetch.js';
import { openToolbox } from './toolbox.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Rpc {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly arguments?: unknown };
}

/** An MCP server over Streamable HTTP, as the specification of 2025-06-18 describes it, with two tools. */
async function mcpServer() {
  const asked: { readonly method: string; readonly authorization: string | undefined; readonly params: unknown }[] = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { id, method, params } = JSON.parse(Buffer.concat(parts).toString()) as Rpc;
    asked.push({ method, authorization: request.headers.authorization, params });
    if (id === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answerTo(method, params) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, host, url: `http://${host}/mcp` };
}

function answerTo(method: string, params: Rpc['params']): object {
  const inputSchema = { type: 'object', properties: { room: { type: 'string' } } };
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: '2025-06-18',
          capabilities: { tools: {} },
          serverInfo: { name: 'hotel', version: '1' },
        },
      };
    case 'tools/list':
      return {
        result: {
          tools: [
            { name: 'rooms', description: 'Rooms', inputSchema },
            { name: 'burn', inputSchema },
          ],
        },
      };
    case 'tools/call':
      return params?.name === 'rooms'
        ? { result: { content: [{ type: 'text', text: `room ${JSON.stringify(params.arguments)}` }] } }
        : { result: { isError: true, content: [{ type: 'text', text: 'no matches' }] } };
    default:
      return { error: { code: -32_601, message: 'unknown' } };
  }
}

function open(tools: object, allowedHosts: readonly string[] | undefined, warned: object[] = []) {
  const outside = createGuardedFetch({ allowedHosts });
  cleanups.push(() => outside.close());
  const logger = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
  const tokenOf = async (_project: string, id: string) => {
    if (id !== '7') throw new RapidaError('credential_not_found');
    return new Secret('tk-7');
  };
  const wanted = { tools: toolsSchema.parse(tools), projectId: '1', variables: {} };
  return openToolbox({ clock: systemClock, logger, outside, tokenOf }, wanted);
}

const { signal } = new AbortController();

describe('the tools of a call', () => {
  it('are those of an MCP server too, reached with its token', async () => {
    const { asked, host, url } = await mcpServer();
    const toolbox = await open({ mcp: [{ name: 'hotel', url, credentialId: '7', tools: ['rooms'] }] }, [host]);
    expect(toolbox.tools.map(({ definition }) => definition.name)).toEqual(['rooms']);
    expect(toolbox.tools[0]).toMatchObject({ sideEffect: true, definition: { description: 'Rooms' } });
    const outcome = await toolbox.run({ id: '1', name: 'rooms', args: { room: '7' } }, signal);
    expect(outcome).toEqual({ result: 'room {"room":"7"}', code: null });
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer tk-7']));
    await toolbox.close();
    await toolbox.close();
  });

  it('tell a failure of an MCP tool as one', async () => {
    const { host, url } = await mcpServer();
    const toolbox = await open({ mcp: [{ name: 'hotel', url }] }, [host]);
    const outcome = await toolbox.run({ id: '1', name: 'burn', args: {} }, signal);
    expect(outcome).toEqual({ result: 'error: tool_failed: no matches', code: 'tool_failed' });
    await toolbox.close();
  });

  it('do without what cannot be opened: an address that is not allowed, a credential that is not there', async () => {
    const { asked, url } = await mcpServer();
    const warned: object[] = [];
    const http = [
      { type: 'http', name: 'a', description: 'x', url: 'https://api.example.com/', credentialId: '9' },
      { type: 'http', name: 'b', description: 'x', url: 'https://api.example.com/' },
    ];
    const toolbox = await open({ http, mcp: [{ name: 'hotel', url }] }, undefined, warned);
    expect(toolbox.tools.map(({ definition }) => definition.name)).toEqual(['b']);
    expect(warned).toMatchObject([
      { tool: 'a', code: 'credential_not_found' },
      { tool: 'hotel', code: 'tool_refused' },
    ]);
    expect(asked).toEqual([]);
  });

  it('refuse what is not among them', async () => {
    const toolbox = await open({}, undefined);
    expect(await toolbox.run({ id: '1', name: 'x', args: {} }, signal)).toMatchObject({ code: 'tool_unknown' });
  });
});
