import type { Clock, Timer } from '@rapida/core';
import { headerOf, type SipMessage } from './sip-message.js';

/** RFC 3261 section 17.1.1.1: the first repeat after T1, the time doubled with each up to T2, none after 64 T1. */
export const T1_MS = 500;
export const T2_MS = 4_000;
const REPEATS_UNTIL_MS = 64 * T1_MS;

export interface InviteServerOptions {
  readonly clock: Clock;
  readonly invite: SipMessage;
  reply(invite: SipMessage, status: string, sdp: string): void;
}

/**
 * The answering of one INVITE over UDP (RFC 3261 sections 13.3.1.4 and 17.2.1). A final answer is repeated until it is
 * acknowledged; whatever was said last is said again when the INVITE comes again.
 */
export class InviteServer {
  readonly invite: SipMessage;
  readonly #options: InviteServerOptions;
  #said: { readonly status: string; readonly sdp: string } | undefined;
  #repeat: Timer | undefined;

  constructor(options: InviteServerOptions) {
    this.#options = options;
    this.invite = options.invite;
  }

  get isAnswered(): boolean {
    return this.#said !== undefined && !this.#said.status.startsWith('1');
  }

  /** What comes after a final answer is not said any more. */
  answer(status: string, sdp = ''): void {
    if (this.isAnswered) return;
    this.#said = { status, sdp };
    this.#say();
    if (this.isAnswered) this.#repeatUntilAcknowledged(T1_MS, REPEATS_UNTIL_MS);
  }

  /** The same INVITE once more, not a new one of the dialog. */
  isCopy(request: SipMessage): boolean {
    return headerOf(request, 'cseq') === headerOf(this.invite, 'cseq');
  }

  onCopy(): void {
    this.#say();
  }

  /** By an ACK, or because nobody waits for one any more. Idempotent. */
  close(): void {
    this.#repeat?.cancel();
  }

  #say(): void {
    if (this.#said !== undefined) this.#options.reply(this.invite, this.#said.status, this.#said.sdp);
  }

  #repeatUntilAcknowledged(delayMs: number, leftMs: number): void {
    if (delayMs > leftMs) return;
    this.#repeat = this.#options.clock.setTimer(delayMs, () => {
      this.#say();
      this.#repeatUntilAcknowledged(Math.min(2 * delayMs, T2_MS), leftMs - delayMs);
    });
  }
}
