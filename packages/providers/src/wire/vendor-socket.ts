import type { IncomingMessage } from 'node:http';
import { type Clock, RapidaError, type Secret, type Timer } from '@rapida/core';
import WebSocket from 'ws';
import { codeOfStatus, protocolError } from './vendor-errors.js';

export interface VendorSocketOptions {
  readonly clock: Clock;
  readonly url: string;
  /** Asked when the request is made, so that a key is revealed for that moment only. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** From connecting to the answered upgrade; 5 s. */
  readonly openMs?: number;
  /** A longer message ends the connection; 1 MiB. */
  readonly messageBytesMax?: number;
  /** Bytes waiting in the connection, unsent; above it {@link VendorSocket.send} refuses. 1 MiB: half a minute of 16 kHz. */
  readonly unsentBytesMax?: number;
}

/** What a socket tells, in order, never while it is being opened. Nothing comes after `onClosed`. */
export interface VendorSocketListener {
  onOpen(): void;
  onText(text: string): void;
  onBytes?(bytes: Buffer): void;
  /** The vendor closed with this code, or `failure` says why there is no connection. Not called after our own `close`. */
  onClosed(failure: RapidaError, closeCode: number | undefined): void;
}

export interface VendorSocket {
  readonly isOpen: boolean;
  /**
   * False where it was not taken: not open, or too much is unsent. A refused piece of sound is lost, nothing else. Bytes are copied:
   * they may be written anew at once.
   */
  send(message: string | Uint8Array): boolean;
  /** Says goodbye and forgets everything; the connection is cut when the vendor does not answer in 2 s. Idempotent. */
  close(): void;
}

const OPEN_MS = 5_000;
const CLOSE_MS = 2_000;
const MESSAGE_BYTES_MAX = 1_048_576;
const UNSENT_BYTES_MAX = 1_048_576;

/**
 * One WebSocket to a vendor, one attempt. Failures carry the catalogue's codes and never what the vendor quotes: the reason of a close
 * may repeat the key.
 */
export function openVendorSocket(options: VendorSocketOptions, listener: VendorSocketListener): VendorSocket {
  return new OneSocket(options, listener);
}

class OneSocket implements VendorSocket {
  readonly #options: VendorSocketOptions;
  /** None where the request could not even be made. */
  readonly #socket: WebSocket | undefined;
  #listener: VendorSocketListener | undefined;
  #timer: Timer | undefined;

  constructor(options: VendorSocketOptions, listener: VendorSocketListener) {
    this.#options = options;
    this.#listener = listener;
    try {
      this.#socket = makeSocket(options);
    } catch {
      // The error quotes the address or a header. Told later, as everything is: the caller does not have us yet.
      queueMicrotask(() => this.#fail(new RapidaError('provider_rejected', 'The connection could not be asked for')));
      return;
    }
    this.#timer = options.clock.setTimer(options.openMs ?? OPEN_MS, () =>
      this.#fail(new RapidaError('provider_timeout', 'The provider did not answer the connection')),
    );
    this.#listen(this.#socket);
  }

  get isOpen(): boolean {
    return this.#listener !== undefined && this.#socket?.readyState === WebSocket.OPEN;
  }

  send(message: string | Uint8Array): boolean {
    const { unsentBytesMax = UNSENT_BYTES_MAX } = this.#options;
    const socket = this.#socket;
    if (socket === undefined || !this.isOpen) return false;
    if (socket.bufferedAmount + Buffer.byteLength(message) > unsentBytesMax) return false;
    socket.send(message);
    return true;
  }

  close(): void {
    if (this.#listener === undefined) return;
    this.#listener = undefined;
    this.#timer?.cancel();
    const socket = this.#socket;
    if (socket === undefined) return;
    if (socket.readyState !== WebSocket.OPEN) {
      socket.terminate();
      return;
    }
    socket.close(1000);
    this.#timer = this.#options.clock.setTimer(CLOSE_MS, () => socket.terminate());
  }

  #listen(socket: WebSocket): void {
    socket.on('open', () => {
      this.#timer?.cancel();
      this.#listener?.onOpen();
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#listener?.onBytes?.(data);
      else this.#listener?.onText(data.toString('utf8'));
    });
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      this.#fail(new RapidaError(codeOfStatus(status), `The provider answered ${status} to the connection`));
    });
    socket.on('close', (code: number) => {
      this.#timer?.cancel();
      this.#fail(closeFailure(code), code);
    });
    socket.on('error', (error) => this.#fail(failureOf(error)));
  }

  #fail(failure: RapidaError, closeCode?: number): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    this.#timer?.cancel();
    this.#socket?.terminate();
    listener.onClosed(failure, closeCode);
  }
}

function makeSocket(options: VendorSocketOptions): WebSocket {
  return new WebSocket(options.url, [...(options.protocols ?? [])], {
    headers: { ...options.headers() },
    perMessageDeflate: false,
    // A key follows no redirect.
    followRedirects: false,
    maxPayload: options.messageBytesMax ?? MESSAGE_BYTES_MAX,
  });
}

/** What `error` says is not quoted: it may hold the address, and that may hold a key. Its codes are those of `ws`. */
function failureOf(error: Error & { readonly code?: unknown }): RapidaError {
  if (String(error.code).startsWith('WS_ERR_')) {
    return protocolError('The provider sent what is no message, or one that is too long');
  }
  return new RapidaError('provider_unavailable', 'The provider could not be reached');
}

/** RFC 6455, section 7.4.1; 4000 and above are the vendor's own and say nothing in common. */
function closeFailure(code: number): RapidaError {
  const message = `The provider closed the connection (${code})`;
  if (code === 1008) return new RapidaError('provider_rejected', message);
  if (code === 1002 || code === 1003 || code === 1007 || code === 1009) return protocolError(message);
  return new RapidaError('provider_unavailable', message);
}

/** A key as the value of a header, revealed now. */
export function bearer(key: Secret | undefined, scheme = 'Bearer'): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `${scheme} ${key.reveal()}` };
}
