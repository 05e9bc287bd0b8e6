/** What the WebSockets of browsers, of Node and of the package `ws` have in common. */
export interface WebSocketLike {
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Calling it twice is safe. */
  close(): void;
  addEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: unknown) => void): void;
}

/** Begins to connect; `headers` has the key, where there is one. */
export type OpenWebSocket = (url: string, headers: Readonly<Record<string, string>>) => WebSocketLike;

/** The platform's own: Node has one from version 22 on. */
export const platformWebSocket: OpenWebSocket = (url, headers) => {
  const { WebSocket: Platform } = globalThis as { readonly WebSocket?: typeof WebSocket };
  if (Platform === undefined) {
    throw new TypeError(
      'webSocket: this platform has none; give one, such as (url, headers) => new WebSocket(url, { headers }) of ws',
    );
  }
  if (Object.keys(headers).length === 0) return new Platform(url);
  // A browser sends the cookie of whoever is signed in, and nothing of ours. In an address the key would be in every log.
  if ('document' in globalThis || 'WorkerGlobalScope' in globalThis) {
    throw new TypeError('apiKey: a WebSocket of a browser cannot send it; sign in instead');
  }
  // Where a browser's takes protocols, Node's takes headers as well.
  return new Platform(url, { headers } as unknown as string[]);
};
