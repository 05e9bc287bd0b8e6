import type { Clock, OpenedCredential, RapidaError, Timer } from '@rapida/core';
import { protocolError } from '../wire/vendor-errors.js';
import { openVendorSocket, type VendorSocket } from '../wire/vendor-socket.js';
import { closedFailure } from './errors.js';
import {
  jsonMessage,
  noDashId,
  readMessage,
  type ServiceMessage,
  soundHeaderMessage,
  soundMessage,
} from './messages.js';
import { azureHeaders } from './server.js';

/** Azure closes a connection after ten minutes; one that is so old is renewed when a turn is over. */
export const RENEW_AGE_MS = 480_000;
/** Azure closes a connection after three minutes without a message; renewed before that, the next turn finds it open. */
export const RENEW_IDLE_MS = 150_000;
/** One that Azure closes sooner, though nothing was asked of it, is not opened again. */
export const LIFE_MS_MIN = 10_000;

export interface TurnConnectionOptions {
  readonly clock: Clock;
  readonly credential: OpenedCredential<'azure-speech'>;
  readonly url: string;
  readonly isUlaw: boolean;
  readonly timeouts?: { readonly answerMs?: number };
}

/** Nothing comes while it is being made, nor after `close`. */
export interface TurnConnectionListener {
  /** Again after every renewal. */
  onReady(): void;
  onMessage(message: ServiceMessage): void;
  onFailed(failure: RapidaError): void;
}

export interface Turn {
  readonly requestId: string;
  /** False where it was not taken. */
  send(sound: Uint8Array): boolean;
  /** No more sound. */
  end(): void;
}

/**
 * A connection for one turn after another. Between turns it is renewed where Azure would soon close it, or has: that is not a second
 * attempt at anything, because nothing was asked.
 */
export class TurnConnection {
  readonly #options: TurnConnectionOptions;
  readonly #listener: TurnConnectionListener;
  #socket: VendorSocket;
  #openedAtMs = 0;
  #hasTurn = false;
  #isReady = false;
  #isClosed = false;
  #renewal: Timer | undefined;

  constructor(options: TurnConnectionOptions, listener: TurnConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = this.#open();
  }

  /** A turn can begin, or runs. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** What to listen for is said before the sound. */
  begin(context: object): Turn {
    this.#hasTurn = true;
    this.#renewal?.cancel();
    const requestId = noDashId();
    const send = (sound: Uint8Array) => this.#socket.send(soundMessage(this.#head('audio', requestId), sound));
    this.#socket.send(jsonMessage(this.#head('speech.context', requestId), context));
    this.#socket.send(soundHeaderMessage(this.#head('audio', requestId), this.#options.isUlaw));
    return { requestId, send, end: () => void send(new Uint8Array(0)) };
  }

  turnIsOver(): void {
    this.#hasTurn = false;
    if (this.#options.clock.nowMs() - this.#openedAtMs >= RENEW_AGE_MS) this.#renew();
    else this.#watchIdle();
  }

  close(): void {
    this.#isClosed = true;
    this.#isReady = false;
    this.#renewal?.cancel();
    this.#socket.close();
  }

  #open(): VendorSocket {
    const { clock, url, credential, timeouts } = this.#options;
    const headers = () => ({ ...azureHeaders(credential), 'x-connectionid': noDashId() });
    const openMs = timeouts?.answerMs;
    return openVendorSocket(
      { clock, url, headers, ...(openMs !== undefined && { openMs }) },
      {
        onOpen: () => this.#opened(),
        onText: (text) => this.#text(text),
        onClosed: (failure, closeCode) => this.#gone(closedFailure(failure, closeCode)),
      },
    );
  }

  /** There is no greeting: turns are taken from now on. */
  #opened(): void {
    this.#openedAtMs = this.#options.clock.nowMs();
    this.#isReady = true;
    const context = { system: { name: 'rapida', version: '1.0.0', build: 'Node', lang: 'JavaScript' }, os: OS };
    this.#socket.send(jsonMessage(this.#head('speech.config', noDashId()), { context }));
    this.#watchIdle();
    this.#listener.onReady();
  }

  #text(text: string): void {
    const message = readMessage(text);
    if (message !== undefined) this.#listener.onMessage(message);
    else this.#fail(protocolError('Azure sent a message without a path'));
  }

  #gone(failure: RapidaError): void {
    const isRenewable = this.#isReady && !this.#hasTurn;
    if (isRenewable && this.#options.clock.nowMs() - this.#openedAtMs >= LIFE_MS_MIN) this.#renew();
    else this.#fail(failure);
  }

  #watchIdle(): void {
    this.#renewal?.cancel();
    this.#renewal = this.#options.clock.setTimer(RENEW_IDLE_MS, () => this.#renew());
  }

  #renew(): void {
    this.#isReady = false;
    this.#renewal?.cancel();
    this.#socket.close();
    this.#socket = this.#open();
  }

  #fail(failure: RapidaError): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onFailed(failure);
  }

  #head<Path extends 'speech.config' | 'speech.context' | 'audio'>(path: Path, requestId: string) {
    return { path, requestId, sentAtMs: this.#options.clock.wallMs() };
  }
}

/** Required, and told to Azure alike by every server: which one it is, is nobody's business. */
const OS = { platform: 'Linux', name: 'Linux', version: '0' };
