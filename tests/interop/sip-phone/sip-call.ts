import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '@rapida/core';
import { InviteServer, T1_MS, T2_MS } from './invite-server.js';
import type { RtpStream } from './rtp-stream.js';
import { type Codec, type Direction, formatSdp, parseSdp } from './sdp.js';
import { headerOf, methodOf, type SipMessage, statusOf, tagOf, uriOf } from './sip-message.js';

/** Where and how a call sends its messages; the phone's. */
export interface SipLink {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  send(message: SipMessage, to: { readonly host: string; readonly port: number }): void;
}

export interface CallEnd {
  readonly by: 'us' | 'peer' | 'refused';
  /** Of an INVITE that was refused, theirs or ours; 0 otherwise. */
  readonly status: number;
  readonly atMs: number;
  readonly wallMs: number;
}

export interface SipCallOptions {
  readonly link: SipLink;
  readonly rtp: RtpStream;
  readonly codecs: readonly Codec[];
  readonly peer: { readonly host: string; readonly port: number };
}

/** Of our own INVITE. */
const TRIES_MAX = 7;

type Headers = [string, string][];

/** One dialog of ours with Asterisk, made by calling or by being called. Every promise settles with the call at the latest. */
export class SipCall {
  readonly rtp: RtpStream;
  readonly callId: string;
  /** Resolves with the status of the last answer to our INVITE, or 200 once a call to us was taken. */
  readonly answered: Promise<number>;
  readonly ended: Promise<CallEnd>;
  end: CallEnd | undefined;
  readonly begunMs: number;
  /** Status of the last provisional answer. */
  ringing = 0;
  readonly #options: SipCallOptions;
  readonly #local: string;
  #remote: string;
  #target: string;
  #cseq = 1;
  #sdpVersion = 1;
  #invite: { readonly branch: string; readonly cseq: number; status: number } | undefined;
  /** Of the INVITE that came last. */
  #server: InviteServer | undefined;
  #accepted = false;
  #timer: Timer | undefined;
  #onAnswered: (status: number) => void = () => {};
  #onEnded: (end: CallEnd) => void = () => {};
  readonly #replies = new Map<string, (status: number) => void>();

  private constructor(
    options: SipCallOptions,
    names: { callId: string; local: string; remote: string; target: string },
  ) {
    this.#options = options;
    this.begunMs = options.link.clock.nowMs();
    this.rtp = options.rtp;
    this.callId = names.callId;
    this.#local = names.local;
    this.#remote = names.remote;
    this.#target = names.target;
    this.answered = new Promise((resolve) => {
      this.#onAnswered = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
  }

  /** Calls an extension. */
  static dial(options: SipCallOptions, from: string, extension: string): SipCall {
    const { host, port } = options.peer;
    const target = `sip:${extension}@${host}:${port}`;
    const local = `<sip:${from}@${options.link.host}:${options.link.port}>;tag=${token()}`;
    const call = new SipCall(options, { callId: token(), local, remote: `<${target}>`, target });
    call.#sendInvite('sendrecv');
    return call;
  }

  /** Takes note of a call to us, and says nothing yet. */
  static receive(options: SipCallOptions, invite: SipMessage): SipCall {
    const call = new SipCall(options, {
      callId: headerOf(invite, 'call-id'),
      local: `${headerOf(invite, 'to')};tag=${token()}`,
      remote: headerOf(invite, 'from'),
      target: uriOf(headerOf(invite, 'contact')),
    });
    call.#server = call.#serve(invite);
    return call;
  }

  /** Its INVITE has arrived (100), and nothing more. */
  trying(): void {
    this.#server?.answer('100 Trying');
  }

  ring(): void {
    this.#server?.answer('180 Ringing');
  }

  /** Answers a call to us, once. */
  accept(): void {
    if (this.#server === undefined || this.#accepted || this.end !== undefined) return;
    this.#accepted = true;
    this.#timer?.cancel();
    this.#acceptMedia(this.#server);
    this.#onAnswered(200);
  }

  acceptAfter(delayMs: number): void {
    if (delayMs <= 0) return this.accept();
    this.#timer = this.#options.link.clock.setTimer(delayMs, () => this.accept());
  }

  /** A call to us that was not accepted, with a status such as `486 Busy Here`. */
  refuse(status: string): void {
    if (this.#server === undefined || this.#accepted || this.end !== undefined) return;
    this.#server.answer(status);
    this.#finish('refused', Number.parseInt(status, 10));
  }

  /** The call has ended for us at once: the BYE leaves now. One that is still ringing here is refused. */
  hangup(): void {
    if (this.end !== undefined) return;
    if (this.#server !== undefined && this.#invite === undefined && !this.#accepted) {
      return this.refuse('480 Temporarily Unavailable');
    }
    this.#request('BYE');
    this.#finish('us', 0);
  }

  /** Hangs up, and does not wait for an acknowledgement of anything. Idempotent. */
  close(): void {
    this.hangup();
    this.#server?.close();
  }

  /** Before it was answered. */
  cancel(): void {
    if (this.end !== undefined || this.#invite === undefined) return;
    const { branch, cseq } = this.#invite;
    this.#send(`CANCEL ${this.#target}`, [['CSeq', `${cseq} CANCEL`]], branch, '');
  }

  /** A re-INVITE: `sendonly` and `inactive` put the other side on hold. Resolves with the status. */
  async setDirection(direction: Direction): Promise<number> {
    this.#sdpVersion++;
    const answer = new Promise<number>((resolve) => this.#replies.set('INVITE', resolve));
    this.#sendInvite(direction);
    return answer;
  }

  onMessage(message: SipMessage): void {
    const status = statusOf(message);
    if (status > 0) this.#onReply(message, status);
    else this.#onRequest(message);
  }

  #onRequest(request: SipMessage): void {
    const method = methodOf(request);
    if (method === 'ACK') return this.#server?.close();
    if (method === 'INVITE') return this.#onInvite(request);
    this.#reply(request, '200 OK');
    if (method === 'CANCEL' && this.#server?.isAnswered === false) {
      this.#server.answer('487 Request Terminated');
      this.#finish('peer', 0);
    }
    if (method === 'BYE') this.#finish('peer', 0);
  }

  #onInvite(invite: SipMessage): void {
    if (this.#server?.isCopy(invite)) return this.#server.onCopy();
    if (this.end !== undefined) return this.#reply(invite, '481 Call/Transaction Does Not Exist');
    this.#server?.close();
    this.#server = this.#serve(invite);
    this.#acceptMedia(this.#server);
  }

  #serve(invite: SipMessage): InviteServer {
    const reply = (request: SipMessage, status: string, sdp: string) => this.#reply(request, status, sdp);
    return new InviteServer({ clock: this.#options.link.clock, invite, reply });
  }

  #acceptMedia(server: InviteServer): void {
    this.#takeMedia(server.invite.body);
    server.answer('200 OK', formatSdp(this.#media('sendrecv')));
  }

  #onReply(reply: SipMessage, status: number): void {
    if (methodOf(reply) !== 'INVITE' || this.#invite === undefined) return;
    if (status < 200) {
      // It has arrived: the rest is waiting.
      this.#timer?.cancel();
      this.ringing = status;
      return;
    }
    this.#timer?.cancel();
    const isFirst = this.#invite.status === 0;
    this.#invite.status = status;
    if (status < 300) {
      this.#remote = headerOf(reply, 'to');
      const contact = uriOf(headerOf(reply, 'contact'));
      if (contact !== '') this.#target = contact;
    }
    this.#acknowledge(reply, status);
    if (!isFirst) return;
    if (status < 300) this.#takeMedia(reply.body);
    this.#onAnswered(status);
    this.#replies.get('INVITE')?.(status);
    this.#replies.delete('INVITE');
    if (status >= 300 && this.#sdpVersion === 1) this.#finish('refused', status);
  }

  /** A refused INVITE is acknowledged within its transaction, an accepted one in a transaction of its own. */
  #acknowledge(reply: SipMessage, status: number): void {
    const { branch, cseq } = this.#invite ?? { branch: '', cseq: 0 };
    const remote = status < 300 ? this.#remote : headerOf(reply, 'to');
    const headers: Headers = [['CSeq', `${cseq} ACK`]];
    this.#send(`ACK ${this.#target}`, headers, status < 300 ? newBranch() : branch, '', remote);
  }

  #sendInvite(direction: Direction): void {
    const branch = newBranch();
    const cseq = this.#cseq++;
    this.#invite = { branch, cseq, status: 0 };
    const sdp = formatSdp(this.#media(direction));
    const headers: Headers = [
      ['CSeq', `${cseq} INVITE`],
      ['Content-Type', 'application/sdp'],
    ];
    this.#retry(() => this.#send(`INVITE ${this.#target}`, headers, branch, sdp));
  }

  #request(method: string): void {
    this.#timer?.cancel();
    const branch = newBranch();
    const headers: Headers = [['CSeq', `${this.#cseq++} ${method}`]];
    this.#send(`${method} ${this.#target}`, headers, branch, '');
  }

  /** Sends now and again until an answer stops it; without any the call is over. */
  #retry(send: () => void, tries = 0): void {
    if (tries >= TRIES_MAX) {
      this.#onAnswered(408);
      this.#replies.get('INVITE')?.(408);
      return this.#finish('refused', 408);
    }
    send();
    const delayMs = Math.min(T1_MS * 2 ** tries, T2_MS);
    this.#timer = this.#options.link.clock.setTimer(delayMs, () => this.#retry(send, tries + 1));
  }

  #send(startLine: string, own: Headers, branch: string, body: string, remote = this.#remote): void {
    const { link, peer } = this.#options;
    const headers: Headers = [
      ['Via', `SIP/2.0/UDP ${link.host}:${link.port};branch=${branch};rport`],
      ['Max-Forwards', '70'],
      ['From', this.#local],
      ['To', remote],
      ['Call-ID', this.callId],
      ['Contact', `<sip:phone@${link.host}:${link.port}>`],
      ...own,
    ];
    link.send({ startLine: `${startLine} SIP/2.0`, headers, body }, peer);
  }

  #reply(request: SipMessage, status: string, sdp = ''): void {
    const { link, peer } = this.#options;
    const copied = request.headers.filter(([name]) =>
      ['via', 'from', 'call-id', 'cseq', 'record-route'].includes(name),
    );
    const to = headerOf(request, 'to');
    const headers: Headers = [
      ...copied.map(([name, value]): [string, string] => [name, value]),
      ['To', tagOf(to) === '' ? this.#local : to],
      ['Contact', `<sip:phone@${link.host}:${link.port}>`],
      ...(sdp === '' ? [] : ([['Content-Type', 'application/sdp']] satisfies Headers)),
    ];
    link.send({ startLine: `SIP/2.0 ${status}`, headers, body: sdp }, peer);
  }

  #media(direction: Direction) {
    const { link, rtp, codecs } = this.#options;
    return { host: link.host, port: rtp.port, codecs, direction, version: this.#sdpVersion };
  }

  #takeMedia(sdp: string): void {
    const remote = parseSdp(sdp, this.#options.codecs);
    if (remote?.codec !== undefined) this.rtp.connect({ ...remote, codec: remote.codec });
  }

  #finish(by: CallEnd['by'], status: number): void {
    if (this.end !== undefined) return;
    this.#timer?.cancel();
    const { clock } = this.#options.link;
    this.end = { by, status, atMs: clock.nowMs(), wallMs: clock.wallMs() };
    this.rtp.close();
    this.#onAnswered(status === 0 ? 487 : status);
    this.#onEnded(this.end);
  }
}

function token(): string {
  return randomBytes(8).toString('hex');
}

/** The magic cookie says that the branch is unique (RFC 3261 section 8.1.1.7). */
function newBranch(): string {
  return `z9hG4bK${token()}`;
}
