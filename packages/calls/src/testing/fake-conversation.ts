import type { Conversation, ConversationEnd, ConversationOptions, HandOver } from '@rapida/conversation';
import type { AudioFrame, Playout, TranscriptTurn } from '@rapida/core';

/** A conversation that does what the test says, and keeps the promises of the contract about its end. */
export class FakeConversation implements Conversation {
  readonly options: ConversationOptions;
  readonly ended: Promise<ConversationEnd>;
  readonly frames: AudioFrame[] = [];
  readonly digits: string[] = [];
  readonly said: string[] = [];
  readonly goodbyes: string[] = [];
  readonly playout: Playout;
  started = 0;
  gone: string | undefined;
  /** False: goes on talking when told to finish. */
  finishes = true;
  /** True: never ends, against its contract. */
  stuck = false;
  /** Set: the next frame makes it throw. */
  fault: Error | undefined;
  readonly #over = new AbortController();
  #end: (end: ConversationEnd) => void = () => {};

  constructor(options: ConversationOptions) {
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.playout = options.createPlayout({ onStarted() {}, onFinished() {} });
    options.scope.onClose(() => this.end({ by: 'system', reason: 'scope_closed', failed: false }));
  }

  start(): void {
    this.started++;
  }

  onFrame(frame: AudioFrame): void {
    if (this.fault !== undefined) throw this.fault;
    this.frames.push(frame);
  }

  onDtmf(digit: string): void {
    this.digits.push(digit);
  }

  say(text: string): boolean {
    this.said.push(text);
    return true;
  }

  finish(reason: string, transferTo?: string): boolean {
    if (transferTo !== undefined) void this.handOver(transferTo, { by: 'system', reason });
    else if (this.finishes) this.end({ by: 'system', reason, failed: false });
    return true;
  }

  goodbye(reason: string): void {
    this.goodbyes.push(reason);
    if (this.finishes) this.end({ by: 'system', reason, failed: false });
  }

  /** As the real one does when what announces it was heard: it ends where that is possible, and else goes on. */
  async handOver(
    transferTo: string,
    how: Pick<ConversationEnd, 'by' | 'reason'> = { by: 'assistant', reason: 'transfer' },
  ): Promise<HandOver> {
    const result = await this.options.handOver(transferTo, this.#over.signal);
    if (result.ok) this.end({ ...how, transferTo, failed: false });
    return result;
  }

  callerGone(reason: string): void {
    this.gone = reason;
    this.end({ by: 'user', reason, failed: false });
  }

  end(end: ConversationEnd): void {
    if (this.stuck) return;
    this.#over.abort(end.by === 'user' ? 'caller_hangup' : 'call_ended');
    this.#end(end);
  }

  turn(turn: Partial<TranscriptTurn>): void {
    this.options.onTurn({
      role: 'user',
      text: 'hello',
      startMs: 0,
      endMs: 1_000,
      interrupted: false,
      metrics: {},
      ...turn,
    });
  }
}
