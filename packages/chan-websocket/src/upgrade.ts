import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChanWebSocketClock } from './clock.js';
import { MediaConnection } from './connection.js';
import type { MediaConnectionLimits, MediaConnectionListener } from './connection-types.js';
import { type RefusalBody, refuseUpgrade } from './refusal.js';

export interface UpgradeLimits {
  /** Connections at one time, upgrades in progress included. Default 2000. */
  readonly connectionsMax: number;
  /** The same for one remote address; a PBX is one address. Default 1000. */
  readonly connectionsPerAddressMax: number;
  /** Asterisk waits for the answer without limit, with the caller's channel held: 503 goes out after this. Default 900. */
  readonly answerMsMax: number;
  readonly connection: Partial<MediaConnectionLimits>;
}

export const UPGRADE_LIMITS: UpgradeLimits = Object.freeze({
  connectionsMax: 2000,
  connectionsPerAddressMax: 1000,
  answerMsMax: 900,
  connection: Object.freeze({}),
});

export type UpgradeDecision =
  /** Called once the 101 is on its way; the listener it returns hears everything from the first message on. */
  | { readonly accept: (connection: MediaConnection) => MediaConnectionListener }
  | { readonly refuse: { readonly status: number; readonly body: RefusalBody } };

/** `signal` aborts when the answer is no longer wanted: out of time, or the peer has gone. */
export type DecideUpgrade = (
  request: IncomingMessage,
  signal: AbortSignal,
) => UpgradeDecision | Promise<UpgradeDecision>;

export type UpgradeOutcome =
  | { readonly ok: true; readonly connection: MediaConnection }
  | {
      readonly ok: false;
      readonly code:
        | 'refused'
        | 'too_many_connections'
        | 'stopping'
        | 'answer_timeout'
        | 'decision_failed'
        | 'bad_handshake'
        | 'peer_gone';
      /** Of `decision_failed`: what was thrown. */
      readonly cause?: unknown;
    };

export interface MediaUpgrader {
  /**
   * Answers one `upgrade` event of an http(s) server, always and once. Never rejects. The subprotocol `media` is echoed when offered,
   * no other is selected; extensions never are, since Asterisk refuses them.
   */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, decide: DecideUpgrade): Promise<UpgradeOutcome>;
  /** Refuses without deciding, for targets that are not ours. */
  refuse(socket: Duplex, status: number, body: RefusalBody): void;
  /** Upgrades in progress and open connections. */
  readonly connections: number;
  /** Refuses new upgrades, hangs all connections up, resolves when the last one is closed. Calling it twice is safe. */
  stop(): Promise<void>;
}

/** Asterisk's own receive limit, used in both directions. */
const MESSAGE_BYTES_MAX = 65_535;
/** A message of 20 ms needs one fragment; this bounds what `ws` keeps for one message. */
const FRAGMENTS_MAX = 1024;

const STOPPING: RefusalBody = Object.freeze({ error: 'This server is shutting down.', code: 'stopping' });

export function createMediaUpgrader(options: {
  readonly clock: ChanWebSocketClock;
  readonly limits?: Partial<UpgradeLimits>;
}): MediaUpgrader {
  return new Upgrader(options.clock, { ...UPGRADE_LIMITS, ...options.limits });
}

class Upgrader implements MediaUpgrader {
  readonly #clock: ChanWebSocketClock;
  readonly #limits: UpgradeLimits;
  readonly #server: WebSocketServer;
  readonly #open = new Set<MediaConnection>();
  readonly #byAddress = new Map<string, number>();
  #connections = 0;
  #stopping = false;

  constructor(clock: ChanWebSocketClock, limits: UpgradeLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MESSAGE_BYTES_MAX,
      maxFragments: FRAGMENTS_MAX,
      handleProtocols: (offered) => (offered.has('media') ? 'media' : false),
    });
    this.#server.on('wsClientError', (_error, socket, request) => {
      const body = { error: 'This is no WebSocket upgrade request.', code: 'bad_handshake' };
      refuseUpgrade(socket, request.method === 'GET' ? 400 : 405, body, ['Sec-WebSocket-Version: 13']);
    });
  }

  get connections(): number {
    return this.#connections;
  }

  refuse(socket: Duplex, status: number, body: RefusalBody): void {
    refuseUpgrade(socket, status, body);
  }

  async accept(request: IncomingMessage, socket: Duplex, head: Buffer, decide: DecideUpgrade): Promise<UpgradeOutcome> {
    // Node takes its own listeners off before 'upgrade': without this one a reset would end the process.
    const destroy = () => socket.destroy();
    socket.on('error', destroy);
    const address = request.socket.remoteAddress ?? 'unknown';
    if (this.#stopping) {
      refuseUpgrade(socket, 503, STOPPING);
      return { ok: false, code: 'stopping' };
    }
    const ofAddress = this.#byAddress.get(address) ?? 0;
    if (this.#connections >= this.#limits.connectionsMax || ofAddress >= this.#limits.connectionsPerAddressMax) {
      refuseUpgrade(socket, 503, { error: 'Too many connections.', code: 'too_many_connections' });
      return { ok: false, code: 'too_many_connections' };
    }
    this.#connections += 1;
    this.#byAddress.set(address, ofAddress + 1);
    const outcome = await this.#answer(request, socket, head, decide);
    if (outcome.ok) outcome.connection.closed.then(() => this.#release(address, outcome.connection));
    else this.#release(address, undefined);
    socket.off('error', destroy);
    return outcome;
  }

  async #answer(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    decide: DecideUpgrade,
  ): Promise<UpgradeOutcome> {
    const abort = new AbortController();
    const gaveUp = new Promise<'answer_timeout' | 'peer_gone'>((resolve) => {
      const timer = this.#clock.setTimer(this.#limits.answerMsMax, () => resolve('answer_timeout'));
      const gone = () => resolve('peer_gone');
      socket.once('close', gone);
      abort.signal.addEventListener('abort', () => {
        timer.cancel();
        socket.off('close', gone);
      });
    });
    try {
      const decision = await Promise.race([decide(request, abort.signal), gaveUp]);
      if (typeof decision === 'string') {
        refuseUpgrade(socket, 503, { error: 'No answer in time.', code: decision });
        return { ok: false, code: decision };
      }
      if ('refuse' in decision) {
        refuseUpgrade(socket, decision.refuse.status, decision.refuse.body);
        return { ok: false, code: 'refused' };
      }
      if (this.#stopping) {
        refuseUpgrade(socket, 503, STOPPING);
        return { ok: false, code: 'stopping' };
      }
      return this.#upgrade(request, socket, head, decision.accept);
    } catch (cause) {
      if (socket.writable) refuseUpgrade(socket, 500, { error: 'Internal error.', code: 'internal' });
      return { ok: false, code: 'decision_failed', cause };
    } finally {
      abort.abort();
    }
  }

  /** Without `verifyClient` the handshake of `ws` is synchronous: when its callback did not run, it has refused or the peer is gone. */
  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    accept: (connection: MediaConnection) => MediaConnectionListener,
  ): UpgradeOutcome {
    let opened: WebSocket | undefined;
    const gone = !socket.readable || !socket.writable;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket;
    });
    if (opened === undefined) return { ok: false, code: gone ? 'peer_gone' : 'bad_handshake' };
    const connection = new MediaConnection(opened, {
      clock: this.#clock,
      limits: this.#limits.connection,
      tcp: socket,
    });
    try {
      connection.listen(accept(connection));
    } catch (cause) {
      opened.on('error', () => {});
      opened.terminate();
      return { ok: false, code: 'decision_failed', cause };
    }
    this.#open.add(connection);
    return { ok: true, connection };
  }

  #release(address: string, connection: MediaConnection | undefined): void {
    this.#connections -= 1;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
    if (connection !== undefined) this.#open.delete(connection);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const open = [...this.#open];
    for (const connection of open) connection.hangup();
    await Promise.all(open.map((connection) => connection.closed));
  }
}
