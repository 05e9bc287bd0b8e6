import { RapidaError, type Timer } from '@rapida/core';
import { protocolError } from './vendor-errors.js';
import { openVendorSocket, type VendorSocket, type VendorSocketOptions } from './vendor-socket.js';

export interface VendorSessionOptions extends VendorSocketOptions {
  /** From the answered upgrade to {@link VendorSession.ready}; 5 s. */
  readonly readyMs?: number;
}

export type VendorMessage = Readonly<Record<string, unknown>>;

/** What a session tells, in order, never while it is being opened. Nothing comes after `onFailed`, nor after `close`. */
export interface VendorSessionListener {
  onOpen?(): void;
  onMessage(message: VendorMessage): void;
  /** Once. The connection is closed already; `closeCode` is the vendor's, where it closed it. */
  onFailed(failure: RapidaError, closeCode: number | undefined): void;
}

/** One WebSocket that speaks JSON and, where there is sound, bytes. */
export interface VendorSession {
  /** The vendor has said that it takes sound. */
  ready(): void;
  /** As `VendorSocket.send`; an object is sent as JSON. */
  send(message: object | string | Uint8Array): boolean;
  /** Ends it with what the vendor said, or did not say. */
  fail(failure: RapidaError): void;
  /** Says `last`, where it still can, and closes. Idempotent. */
  close(last?: object): void;
}

const READY_MS = 5_000;

export function openVendorSession(options: VendorSessionOptions, listener: VendorSessionListener): VendorSession {
  return new OneSession(options, listener);
}

class OneSession implements VendorSession {
  readonly #options: VendorSessionOptions;
  readonly #socket: VendorSocket;
  #listener: VendorSessionListener | undefined;
  #readyTimer: Timer | undefined;

  constructor(options: VendorSessionOptions, listener: VendorSessionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = openVendorSocket(options, {
      onOpen: () => this.#open(),
      onText: (text) => this.#text(text),
      onClosed: (failure, closeCode) => this.#end(failure, closeCode),
    });
  }

  ready(): void {
    this.#readyTimer?.cancel();
  }

  send(message: object | string | Uint8Array): boolean {
    const isWhole = typeof message === 'string' || message instanceof Uint8Array;
    return this.#socket.send(isWhole ? message : JSON.stringify(message));
  }

  fail(failure: RapidaError): void {
    this.#end(failure, undefined);
  }

  close(last?: object): void {
    if (this.#listener === undefined) return;
    this.#listener = undefined;
    this.#readyTimer?.cancel();
    if (last !== undefined) this.send(last);
    this.#socket.close();
  }

  #open(): void {
    const { clock, readyMs = READY_MS } = this.#options;
    this.#readyTimer = clock.setTimer(readyMs, () =>
      this.#end(new RapidaError('provider_timeout', 'The provider did not begin the session'), undefined),
    );
    this.#listener?.onOpen?.();
  }

  #text(text: string): void {
    const message = objectIn(text);
    if (message === undefined) this.fail(protocolError('A message of the provider is no JSON object'));
    else this.#listener?.onMessage(message);
  }

  #end(failure: RapidaError, closeCode: number | undefined): void {
    const listener = this.#listener;
    this.close();
    listener?.onFailed(failure, closeCode);
  }
}

function objectIn(text: string): VendorMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
