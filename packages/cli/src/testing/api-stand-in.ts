import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived, its body as JSON. */
export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined: no body. */
  readonly body?: unknown;
  /** Instead of a body: server-sent events, then the end. */
  readonly events?: readonly { readonly id: string; readonly type: string; readonly data: object }[];
}

export interface ApiStandIn {
  readonly url: string;
  /** Everything that was asked, in its order. */
  readonly asked: readonly Asked[];
  /** Answers `METHOD /path` (without its query) from now on. */
  on(route: string, reply: Reply | ((asked: Asked) => Reply)): void;
  /** What was asked of a route. */
  of(route: string): readonly Asked[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as it was told, and 404 to everything else. */
export async function startApiStandIn(): Promise<ApiStandIn> {
  const asked: Asked[] = [];
  const routes = new Map<string, (asked: Asked) => Reply>();
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString('utf8');
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    asked.push(one);
    const { status = 200, headers: more = {}, body, events } = routes.get(routeOf(one))?.(one) ?? NOT_FOUND;
    const type = events === undefined ? 'application/json' : 'text/event-stream';
    response.writeHead(status, { 'content-type': type, ...more });
    if (events !== undefined) response.end(events.map(eventText).join(''));
    else response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    on: (route, reply) => void routes.set(route, typeof reply === 'function' ? reply : () => reply),
    of: (route) => asked.filter((one) => routeOf(one) === route),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const NOT_FOUND: Reply = { status: 404, body: { error: 'Nothing is served under this address.', code: 'not_found' } };

function eventText({ id, type, data }: NonNullable<Reply['events']>[number]): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function routeOf({ method, path }: Pick<Asked, 'method' | 'path'>): string {
  return `${method} ${path.split('?', 1)[0]}`;
}
