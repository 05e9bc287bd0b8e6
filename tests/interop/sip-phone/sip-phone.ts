import { createSocket, type Socket } from 'node:dgram';
import { type Clock, systemClock } from '@rapida/core';
import { until } from '../wait.js';
import { type Behaviour, beginsCall, behave, type Invitation, RINGS, readInvitation } from './behaviour.js';
import { RtpStream } from './rtp-stream.js';
import type { Codec } from './sdp.js';
import { SipCall, type SipCallOptions, type SipLink } from './sip-call.js';
import { formatSip, headerOf, methodOf, parseSip, type SipMessage, statusOf } from './sip-message.js';

const HOST = '127.0.0.1';

export interface DialOptions {
  readonly extension: string;
  readonly from: string;
  readonly codecs: readonly Codec[];
}

/** A telephone on UDP without registration and password: Asterisk knows it by its address. */
export class SipPhone {
  readonly calls: SipCall[] = [];
  /** Calls to this phone that it did not keep silent about, in order. */
  readonly incoming: SipCall[] = [];
  /** Every call to this phone, in order. */
  readonly invitations: Invitation[] = [];
  readonly #socket: Socket;
  readonly #clock: Clock;
  #peerPort: number | undefined;
  #choose: (invitation: Invitation) => Behaviour = () => RINGS;
  #sending = 0;
  #closed = false;

  private constructor(socket: Socket, clock: Clock, peerPort: number | undefined) {
    this.#socket = socket;
    this.#clock = clock;
    this.#peerPort = peerPort;
    socket.on('message', (bytes, { port }) => {
      this.#peerPort ??= port;
      void this.#receive(bytes.toString('utf8'));
    });
    socket.on('error', () => {});
  }

  /** `peerPort`: where Asterisk listens; a phone that only takes calls answers where they come from. */
  static async open(peerPort?: number): Promise<SipPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, HOST, resolve);
    });
    return new SipPhone(socket, systemClock, peerPort);
  }

  get #peer(): { readonly host: string; readonly port: number } {
    return { host: HOST, port: this.#peerPort ?? 0 };
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** From now on; until it is told, every call rings. */
  onCall(behaviour: Behaviour | ((invitation: Invitation) => Behaviour)): void {
    this.#choose = typeof behaviour === 'function' ? behaviour : () => behaviour;
  }

  async dial({ extension, from, codecs }: DialOptions): Promise<SipCall> {
    const call = SipCall.dial(await this.#options(codecs), from, extension);
    this.calls.push(call);
    return call;
  }

  /** Hangs up what still runs, and closes when that has left. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const call of this.calls) call.close();
    for (const { rtp } of this.calls) rtp.close();
    await until('the last messages of a phone', 1_000, () => this.#sending === 0);
    this.#closed = true;
    this.#socket.close();
  }

  async #options(codecs: readonly Codec[]): Promise<SipCallOptions> {
    const rtp = await RtpStream.open(this.#clock, HOST);
    return { link: this.#link(), rtp, codecs, peer: this.#peer };
  }

  #link(): SipLink {
    const socket = this.#socket;
    return {
      clock: this.#clock,
      host: HOST,
      port: this.port,
      send: (message, to) => {
        // A phone that was closed meanwhile has nothing to say any more.
        if (this.#closed) return;
        this.#sending++;
        socket.send(formatSip(message), to.port, to.host, () => this.#sending--);
      },
    };
  }

  async #receive(text: string): Promise<void> {
    const message = parseSip(text);
    if (message === undefined) return;
    const callId = headerOf(message, 'call-id');
    const isInvite = statusOf(message) === 0 && methodOf(message) === 'INVITE';
    const invitation = this.invitations.find((known) => known.callId === callId);
    if (invitation !== undefined && isInvite && beginsCall(message)) invitation.copies++;
    const call = this.calls.find((known) => known.callId === callId);
    if (call !== undefined) return call.onMessage(message);
    if (isInvite && invitation === undefined) return this.#take(message);
    if (statusOf(message) === 0 && methodOf(message) === 'OPTIONS') this.#answerOptions(message);
  }

  async #take(invite: SipMessage): Promise<void> {
    const invitation = readInvitation(invite, this.#clock.nowMs());
    this.invitations.push(invitation);
    const behaviour = this.#choose(invitation);
    if (behaviour.kind === 'silent') return;
    const options = await this.#options(['PCMU', 'PCMA']);
    if (this.#closed) return options.rtp.close();
    const call = SipCall.receive(options, invite);
    this.calls.push(call);
    this.incoming.push(call);
    behave(call, behaviour);
  }

  #answerOptions(request: SipMessage): void {
    const copied = request.headers.filter(([name]) => ['via', 'from', 'to', 'call-id', 'cseq'].includes(name));
    this.#link().send({ startLine: 'SIP/2.0 200 OK', headers: copied, body: '' }, this.#peer);
  }
}
