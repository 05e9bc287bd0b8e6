import {
  type Clock,
  type HttpTool,
  RapidaError,
  type Secret,
  type ToolCall,
  type ToolInfo,
  type ToolOutcome,
} from '@rapida/core';
import { argumentCheck } from './arguments.js';
import { bounded, failedWith, given } from './outcome.js';
import { fillHeader, fillJson, fillUrl, type Values } from './template.js';

/** Of an answer; more is not read. */
export const ANSWER_BYTES_MAX = 256 * 1_024;
const ERROR_CHARS_MAX = 500;

export interface HttpToolParts {
  readonly clock: Clock;
  /** Reaches nothing that is not allowed. */
  readonly fetch: typeof fetch;
  /** Of the call. */
  readonly variables: Readonly<Record<string, string>>;
  readonly token: Secret | undefined;
}

export interface RunnableTool extends ToolInfo {
  run(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome>;
}

export function createHttpTool(tool: HttpTool, parts: HttpToolParts): RunnableTool {
  const { name, description, parameters, sideEffect, sayMeanwhile, timeoutMs } = tool;
  const check = argumentCheck(parameters);
  return {
    definition: { name, description, parameters },
    ...{ sideEffect, sayMeanwhile },
    run: (call, signal) =>
      bounded(parts.clock, timeoutMs, signal, async (own) => {
        check(call.args);
        return answerOf(await request(tool, parts, call, own));
      }),
  };
}

function request(
  tool: HttpTool,
  { fetch: send, variables, token }: HttpToolParts,
  { args }: ToolCall,
  signal: AbortSignal,
): Promise<Response> {
  const values: Values = { ...variables, ...args };
  const headers = new Headers({ accept: 'application/json, text/plain', 'user-agent': 'rapida-tools/1' });
  for (const [name, value] of Object.entries(tool.headers)) headers.set(name, fillHeader(value, values));
  if (token !== undefined) headers.set('authorization', `Bearer ${token.reveal()}`);
  const body = bodyOf(tool, values, args);
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return send(fillUrl(tool.url, values), { method: tool.method, headers, signal, ...(body !== undefined && { body }) });
}

function bodyOf({ method, body }: HttpTool, values: Values, args: object): string | undefined {
  if (body !== undefined) return method === 'GET' ? undefined : fillJson(body, values);
  return method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(args);
}

async function answerOf(response: Response): Promise<ToolOutcome> {
  const type = response.headers.get('content-type') ?? '';
  const text = await textOf(response);
  if (response.ok) {
    if (text !== '' && !/json|text|xml|^$/i.test(type))
      throw new RapidaError('tool_failed', `it answered with ${type.slice(0, 60)}`);
    return given(text === '' ? `done (${response.status})` : text);
  }
  const redirected = response.status >= 300 && response.status < 400;
  const said = redirected ? 'redirects are not followed' : text.slice(0, ERROR_CHARS_MAX);
  return failedWith('tool_failed', `it answered ${response.status}${said === '' ? '' : `: ${said}`}`);
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.length;
    if (bytes < ANSWER_BYTES_MAX) continue;
    reader.cancel().catch(() => {});
    break;
  }
  return Buffer.concat(parts).subarray(0, ANSWER_BYTES_MAX).toString('utf8').trim();
}
