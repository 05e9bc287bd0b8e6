import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '@rapida/chan-websocket';
import { type BrowserLink, type Clock, type KeyScope, type Logger, RapidaError } from '@rapida/core';
import { WebSocketServer } from 'ws';
import type { Admit, Principal } from '../access.js';
import { errorBody, HTTP_STATUS, toRapidaError } from '../error-mapping.js';
import { webSocketLink } from './web-socket-link.js';

/** Open at once, upgrades in progress included: in all, and of one key or of the password. */
export const LINKS_MAX = 500;
export const LINKS_PER_KEY_MAX = 50;
/** What a browser sends at once: well above any message that means something. */
const MESSAGE_BYTES_MAX = 16_384;

export interface BrowserRequest {
  readonly principal: Principal;
  /** What the pattern has caught. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly remoteAddress: string;
}

/** Resolves when there is nothing more to be said over the link, which is closed then. Must not reject. */
export type ServeLink = (link: BrowserLink) => Promise<void>;

export interface BrowserRoute {
  /** Of the path, with one group. */
  readonly pattern: RegExp;
  readonly scopes: readonly KeyScope[];
  /** Before the upgrade: what it fails with is told as HTTP. `abandon` is called where the upgrade came to nothing. */
  prepare(request: BrowserRequest): Promise<{ readonly serve: ServeLink; readonly abandon: () => void }>;
}

export interface BrowserUpgrade {
  /** False: none of ours, nothing was done. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Refuses new ones, closes all; resolves when the last one is over. Calling it twice is safe. */
  stop(): Promise<void>;
}

export interface BrowserUpgradeDependencies {
  readonly routes: readonly BrowserRoute[];
  readonly admit: Admit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly requestId: () => string;
}

/** WebSockets for pages of ours and programs like them: who asks is known before anything is opened. */
export function createBrowserUpgrade(dependencies: BrowserUpgradeDependencies): BrowserUpgrade {
  const { routes, clock } = dependencies;
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX },
  });
  const links = new Set<BrowserLink>();
  const underWay = new Set<Promise<void>>();
  const perKey = new Map<string, number>();
  let isStopping = false;

  function take(keyId: string): () => void {
    const ofKey = perKey.get(keyId) ?? 0;
    if (ofKey >= LINKS_PER_KEY_MAX) throw new RapidaError('too_many_streams');
    perKey.set(keyId, ofKey + 1);
    return () => {
      const left = (perKey.get(keyId) ?? 1) - 1;
      if (left > 0) perKey.set(keyId, left);
      else perKey.delete(keyId);
    };
  }

  async function serve(found: Found, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    let giveBack = (): void => {};
    try {
      if (isStopping) throw new RapidaError('draining');
      if (underWay.size >= LINKS_MAX) throw new RapidaError('too_many_streams');
      const { route, id, query } = found;
      const asking = {
        method: 'GET',
        headers: request.headers,
        query: Object.fromEntries(query),
        isUpgrade: true,
      } as const;
      const principal = await dependencies.admit(asking, route.scopes);
      giveBack = take(principal.keyId);
      const remoteAddress = request.socket.remoteAddress ?? 'unknown';
      const prepared = await route.prepare({ principal, id, query, remoteAddress });
      const link = isStopping ? undefined : open(request, socket, head);
      if (link === undefined) return prepared.abandon();
      links.add(link);
      try {
        await prepared.serve(link);
      } finally {
        link.close();
        await link.closed;
        links.delete(link);
      }
    } catch (thrown) {
      refuse(thrown, socket);
    } finally {
      giveBack();
    }
  }

  /** Without `verifyClient` the handshake is synchronous: where its callback did not run, it was refused or nobody is there. */
  function open(request: IncomingMessage, socket: Duplex, head: Buffer): BrowserLink | undefined {
    let link: BrowserLink | undefined;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      link = webSocketLink(webSocket, clock);
    });
    return link;
  }

  function refuse(thrown: unknown, socket: Duplex): void {
    const error = toRapidaError(thrown);
    const requestId = dependencies.requestId();
    const level = error.fault === 'us' ? 'error' : 'info';
    dependencies.logger[level]({ requestId, code: error.code, err: error.cause ?? error }, 'a browser was refused');
    refuseUpgrade(socket, HTTP_STATUS[error.code], errorBody(error, requestId));
  }

  return {
    handle(request, socket, head) {
      const found = find(routes, request.url ?? '');
      if (found === undefined) return false;
      // Node takes its own listeners off before 'upgrade': without this one a reset would end the process.
      socket.on('error', () => socket.destroy());
      const serving = serve(found, request, socket, head).finally(() => underWay.delete(serving));
      underWay.add(serving);
      return true;
    },
    async stop() {
      isStopping = true;
      for (const link of links) link.close();
      await Promise.all(underWay);
    },
  };
}

interface Found {
  readonly route: BrowserRoute;
  readonly id: string;
  readonly query: URLSearchParams;
}

function find(routes: readonly BrowserRoute[], target: string): Found | undefined {
  const [path = '', search = ''] = target.split('?', 2);
  for (const route of routes) {
    const [, id] = route.pattern.exec(path) ?? [];
    if (id !== undefined) return { route, id, query: new URLSearchParams(search) };
  }
  return undefined;
}
