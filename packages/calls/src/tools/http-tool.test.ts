import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpTool, httpToolSchema, Secret, systemClock } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch } from '../outside/guarded-fetch.js';
import { ANSWER_BYTES_MAX, createHttpTool } from './http-tool.js';
import { RESULT_CHARS_MAX } from './outcome.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function serverThat(answers: RequestListener) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(parts).toString() });
    answers(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, host };
}

function toolAt(
  host: string,
  tool: Partial<HttpTool> & { readonly url?: string },
  allowedHosts: readonly string[] | undefined = [host],
) {
  const outside = createGuardedFetch({ allowedHosts });
  cleanups.push(() => outside.close());
  const wanted = { type: 'http', name: 'order', description: 'Looks up an order', parameters: {}, ...tool };
  const parsed = httpToolSchema.parse({ ...wanted, url: `http://${host}${tool.url ?? '/'}` });
  const variables = { caller: '+1555', order: 'of the call' };
  return (parts: { clock?: VirtualClock; token?: Secret } = {}) =>
    createHttpTool(parsed, { clock: systemClock, fetch: outside.fetch, variables, token: undefined, ...parts });
}

const { signal } = new AbortController();
const call = (args: object) => ({ id: '1', name: 'order', args: args as never });

describe('a tool that makes a request', () => {
  it('puts arguments and the values of the call into it, and tells the answer', async () => {
    const { asked, host } = await serverThat((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"sent"}'),
    );
    const make = toolAt(host, { url: '/orders/{{order}}?by={{caller}}', headers: { 'x-shop': 'a {{order}}' } });
    const outcome = await make({ token: new Secret('tk-1') }).run(call({ order: '7 8' }), signal);
    expect(outcome).toEqual({ result: '{"status":"sent"}', code: null });
    expect(asked).toMatchObject([{ method: 'GET', url: '/orders/7%208?by=%2B1555', body: '' }]);
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer tk-1', 'x-shop': 'a 7 8' });
  });

  it('sends a template, or the arguments as they are, as its body', async () => {
    const { asked, host } = await serverThat((_, response) => response.writeHead(204).end());
    const own = toolAt(host, { method: 'POST', body: '{"id": {{order}}, "by": "{{caller}}"}' })();
    expect(await own.run(call({ order: 7 }), signal)).toEqual({ result: 'done (204)', code: null });
    await toolAt(host, { method: 'POST' })().run(call({ order: 7 }), signal);
    expect(asked.map(({ body }) => body)).toEqual(['{"id": 7, "by": "+1555"}', '{"order":7}']);
  });

  it('refuses arguments that are not what it takes, and asks nobody', async () => {
    const { asked, host } = await serverThat((_, response) => response.end());
    const parameters = {
      type: 'object',
      properties: { order: { type: 'string' } },
      required: ['order'],
      additionalProperties: false,
    };
    const tool = toolAt(host, { parameters })();
    const outcome = await tool.run(call({ other: 1 }), signal);
    expect(outcome.code).toBe('tool_refused');
    expect(outcome.result).toMatch(/must have required property 'order'/);
    expect(asked).toEqual([]);
  });

  it.each([
    [404, 'no such order', /answered 404: no such order/],
    [500, '', /answered 500$/],
    [302, 'elsewhere', /answered 302: redirects are not followed/],
  ])('tells of an answer %i', async (status, body, text) => {
    const { asked, host } = await serverThat((_, response) =>
      response.writeHead(status, { location: '/other' }).end(body),
    );
    const outcome = await toolAt(host, {})().run(call({}), signal);
    expect(outcome.code).toBe('tool_failed');
    expect(outcome.result).toMatch(text);
    expect(asked).toHaveLength(1);
  });

  it('tells no more of a long answer than a model can use, and reads no more than a bound', async () => {
    let sent = 0;
    const { host } = await serverThat((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void => {
        while (!response.destroyed && sent < 100 * ANSWER_BYTES_MAX && response.write('x'.repeat(65_536)))
          sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const { result, code } = await toolAt(host, {})().run(call({}), signal);
    expect(code).toBeNull();
    expect(result).toHaveLength(RESULT_CHARS_MAX + '\n[cut off]'.length);
    expect(sent).toBeLessThan(100 * ANSWER_BYTES_MAX);
  });

  it('gives up after its time, and lets go of the request', async () => {
    let isClosed = false;
    const { asked, host } = await serverThat((request) => request.on('close', () => {}));
    const clock = new VirtualClock();
    const running = toolAt(host, { timeoutMs: 500 })({ clock }).run(call({}), signal);
    running.then(() => {
      isClosed = true;
    });
    while (asked.length === 0) await settle();
    await clock.advance(499);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    expect(await running).toMatchObject({ code: 'tool_timeout' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('says of a server that is not there that it could not be reached, and nothing of the platform', async () => {
    const { result, code } = await toolAt('127.0.0.1:9', {})().run(call({}), signal);
    expect([code, result]).toEqual(['tool_failed', 'error: tool_failed: it could not be reached']);
  });
});

describe('where a tool may go', () => {
  it.each([
    ['http://127.0.0.1/', 'loopback'],
    ['http://169.254.169.254/latest', 'link-local'],
    ['http://10.0.0.1/', 'private'],
    ['http://[::1]/', 'loopback'],
    ['http://[::ffff:10.0.0.1]/', 'private'],
    ['http://2130706433/', 'loopback'],
  ])('is not %s', async (url, kind) => {
    const outside = createGuardedFetch({ allowedHosts: undefined });
    cleanups.push(() => outside.close());
    await expect(outside.fetch(url)).rejects.toMatchObject({
      code: 'tool_refused',
      message: expect.stringContaining(kind),
    });
  });

  it('is not where a name leads in the moment of connecting, whatever it meant before', async () => {
    const { asked, host } = await serverThat((_, response) => response.end('secret'));
    const outside = createGuardedFetch({
      allowedHosts: undefined,
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    cleanups.push(() => outside.close());
    const url = `http://rebound.example:${host.split(':')[1]}/`;
    outside.check(url);
    const failure = await outside.fetch(url).catch((error: unknown) => error);
    expect((failure as Error).cause).toMatchObject({ code: 'tool_refused' });
    expect(asked).toEqual([]);
  });

  it('is only what the operator listed, where there is a list', () => {
    const outside = createGuardedFetch({
      allowedHosts: ['api.example.com', '*.shop.example', '10.0.0.5:8080', '[::1]:9000'],
    });
    cleanups.push(() => outside.close());
    for (const url of [
      'https://api.example.com/x',
      'http://a.b.shop.example',
      'http://10.0.0.5:8080/',
      'http://[::1]:9000/',
    ]) {
      expect(() => outside.check(url)).not.toThrow();
    }
    for (const url of [
      'https://example.com',
      'http://shop.example',
      'http://10.0.0.5/',
      'https://api.example.com.evil.example',
      'ftp://api.example.com',
    ]) {
      expect(() => outside.check(url)).toThrow(expect.objectContaining({ code: 'tool_refused' }));
    }
  });
});
