import {
  EventQueue,
  linkedAbort,
  RATE_HZ,
  type RealtimeEvent,
  type RealtimeOf,
  type RealtimeOptions,
  type RealtimeSession,
  type ToolCall,
} from '@rapida/core';
import { OPENAI_BASE_URL } from '../openai-compatible/server.js';
import type { CreateRealtimeModel, VendorParts } from '../vendor.js';
import { reachOf, socketUrl } from '../wire/reach.js';
import { RealtimeOutbox } from '../wire/realtime-outbox.js';
import { type RealtimeCodec, RealtimeDecoder, RealtimeEncoder } from '../wire/realtime-sound.js';
import { protocolError } from '../wire/vendor-errors.js';
import { bearer, openVendorSocket, type VendorSocket } from '../wire/vendor-socket.js';
import { callOf, OpenAiAnswer } from './realtime-answer.js';
import { isAboutOneMessage, realtimeError } from './realtime-errors.js';
import {
  answerEvent,
  assistantText,
  audioAppend,
  CLEAR_INPUT,
  callOutput,
  cancelResponse,
  commitTurn,
  createResponse,
  formatOf,
  historyItems,
  SETUP_EVENT,
  type ServerEvent,
  sayResponse,
  sessionUpdate,
  turnEvent,
  userText,
  type VendorError,
} from './realtime-messages.js';

/**
 * OpenAI's Realtime API over WebSocket, in its general shape (developers.openai.com/api/reference/resources/realtime, client and
 * server events, as of November 2026; the guides "Realtime conversations" and "Managing conversations"). Turn detection of the
 * vendor is off: a turn is committed, and an answer asked for, when our turn policy says so.
 */
export const createRealtimeModel: CreateRealtimeModel<'openai'> = (parts, config) => ({
  provider: 'openai',
  open: (options, signal) => new OpenAiSession(parts, config, options, signal),
});

const ABANDONED = 'stopped: the caller did not wait for it';

class OpenAiSession implements RealtimeSession {
  readonly #parts: VendorParts<'openai'>;
  readonly #events: EventQueue<RealtimeEvent>;
  readonly #outbox: RealtimeOutbox;
  readonly #encoder: RealtimeEncoder;
  readonly #decoder: RealtimeDecoder;
  #socket: VendorSocket | undefined;
  #openTurn: number | undefined;
  /** Turns that were committed and are not items yet, oldest first. */
  readonly #committed: number[] = [];
  /** Which turn an item is, and what was understood of it so far. Bounded by the vendor's own transcriptions. */
  readonly #turns = new Map<string, { readonly turn: number; text: string }>();
  /** The answer that is wanted: being made, or heard. */
  #answer: OpenAiAnswer | undefined;
  /** Whose response is at work at the vendor: only one may be, and the next is asked for when it is done. */
  #working: OpenAiAnswer | undefined;
  #next: { readonly answer: OpenAiAnswer; readonly request: object } | undefined;

  constructor(
    parts: VendorParts<'openai'>,
    config: RealtimeOf<'openai'>,
    options: RealtimeOptions,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    const format = formatOf(options.lineRateHz);
    const codec: RealtimeCodec = format.type === 'audio/pcmu' ? { kind: 'ulaw' } : { kind: 'pcm', rateHz: format.rate };
    this.#encoder = new RealtimeEncoder(codec);
    this.#decoder = new RealtimeDecoder(codec);
    const own = linkedAbort(signal);
    this.#events = new EventQueue(() => {
      own.unlink();
      this.#outbox.clear();
      this.#socket?.close();
    });
    this.#outbox = new RealtimeOutbox(
      (ms) => parts.onDropped?.(ms),
      (failure) => this.#events.fail(failure),
    );
    own.controller.signal.addEventListener('abort', () => this.close(), { once: true });
    if (own.controller.signal.aborted) this.close();
    else this.#connect(config, options, sessionUpdate(config, options, format));
  }

  beginTurn(turn: number): void {
    if (this.#events.ended || this.#openTurn !== undefined) return;
    this.#openTurn = turn;
    this.#encoder.reset();
    this.#outbox.word(CLEAR_INPUT);
  }

  write({ samples }: { readonly samples: Int16Array }): void {
    if (this.#events.ended || this.#openTurn === undefined) return;
    this.#outbox.sound(audioAppend(this.#encoder.encode(samples)));
  }

  tell(text: string): void {
    if (!this.#events.ended) this.#outbox.word(userText(text));
  }

  remember(text: string): void {
    if (!this.#events.ended) this.#outbox.word(assistantText(text));
  }

  answer(answer: number): void {
    if (this.#events.ended) return;
    if (this.#openTurn !== undefined) {
      this.#committed.push(this.#openTurn);
      this.#outbox.word(commitTurn(this.#openTurn));
      this.#openTurn = undefined;
    }
    this.#ask(new OpenAiAnswer(answer), createResponse(answer));
  }

  say(answer: number, text: string): void {
    if (!this.#events.ended) this.#ask(new OpenAiAnswer(answer), sayResponse(answer, text));
  }

  toolResult(answer: number, call: ToolCall, result: string): void {
    const current = this.#answer;
    if (this.#events.ended || current?.id !== answer || !current.settle(call.id)) return;
    this.#outbox.word(callOutput(call.id, result));
    this.#goOn(current);
  }

  truncate(answer: number, playedMs: number): void {
    const stopped = this.#answer;
    if (this.#events.ended || stopped?.id !== answer) return;
    this.#answer = undefined;
    this.#events.forget((event) => 'answer' in event && event.answer === answer);
    if (this.#next?.answer === stopped) this.#next = undefined;
    // One that is not created yet is cancelled as soon as it is.
    if (stopped.responseId !== undefined && stopped.isRunning) this.#outbox.word(cancelResponse(stopped.responseId));
    for (const message of stopped.forgetAfter(playedMs)) this.#outbox.word(message);
    for (const callId of stopped.abandonCalls()) this.#outbox.word(callOutput(callId, ABANDONED));
  }

  close(): void {
    this.#events.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<RealtimeEvent> {
    return this.#events[Symbol.asyncIterator]();
  }

  #connect(config: RealtimeOf<'openai'>, { history }: RealtimeOptions, setup: object): void {
    const { clock, credential, timeouts } = this.#parts;
    const { baseUrl, apiKey } = reachOf(credential, OPENAI_BASE_URL, config.baseUrl);
    const url = `${socketUrl(baseUrl)}/realtime?model=${encodeURIComponent(config.model)}`;
    const openMs = timeouts?.answerMs;
    const socket = openVendorSocket(
      { clock, url, headers: () => bearer(apiKey), ...(openMs !== undefined && { openMs }) },
      {
        onOpen: () => {
          for (const message of [setup, ...historyItems(history)]) socket.send(JSON.stringify(message));
          this.#outbox.open(socket);
        },
        onText: (text) => this.#onMessage(text),
        onClosed: (failure) => this.#events.fail(failure),
      },
    );
    this.#socket = socket;
  }

  #ask(answer: OpenAiAnswer, request: object): void {
    this.#answer = answer;
    this.#decoder.reset();
    this.#request(answer, request);
  }

  #request(answer: OpenAiAnswer, request: object): void {
    answer.begin();
    if (this.#working !== undefined) {
      this.#next = { answer, request };
      return;
    }
    this.#working = answer;
    this.#outbox.word(request);
  }

  #goOn(answer: OpenAiAnswer): void {
    if (answer.canGoOn) this.#request(answer, createResponse(answer.id));
  }

  #onMessage(text: string): void {
    const event = parse(text);
    if (event === undefined) return this.#events.fail(protocolError('The provider sent what is not JSON'));
    switch (event.type) {
      case 'response.created':
        return this.#onCreated(event);
      case 'response.output_audio.delta':
        return this.#onSound(event);
      case 'response.output_audio_transcript.delta':
        return this.#onText(event);
      case 'response.output_item.done':
        return this.#onItem(event);
      case 'response.done':
        return this.#onDone(event);
      case 'input_audio_buffer.committed':
        return this.#onCommitted(event.item_id);
      case 'conversation.item.input_audio_transcription.delta':
        return this.#onHeard(event.item_id, event.delta ?? '');
      case 'conversation.item.input_audio_transcription.completed':
        return this.#onUnderstood(event.item_id, event.transcript);
      case 'conversation.item.input_audio_transcription.failed':
        return this.#onUnderstood(event.item_id, undefined);
      case 'error':
        return this.#onError(event.error ?? {});
    }
  }

  #onCreated({ response }: ServerEvent): void {
    const working = this.#working;
    if (working === undefined || response?.id === undefined) return;
    working.responseId = response.id;
    if (working !== this.#answer) this.#outbox.word(cancelResponse(response.id));
  }

  /** The answer an event belongs to, if it is still wanted. */
  #wanted(responseId: string | undefined): OpenAiAnswer | undefined {
    const isCurrent = responseId !== undefined && this.#working?.responseId === responseId;
    return isCurrent && this.#working === this.#answer ? this.#answer : undefined;
  }

  #onSound({ response_id, item_id, delta }: ServerEvent): void {
    const answer = this.#wanted(response_id);
    if (answer === undefined || item_id === undefined || delta === undefined) return;
    const samples = this.#decoder.decode(delta);
    if (samples.length === 0) return;
    answer.sound(item_id, (samples.length * 1_000) / RATE_HZ);
    this.#events.push({ type: 'audio', answer: answer.id, samples });
  }

  #onText({ response_id, delta }: ServerEvent): void {
    const answer = this.#wanted(response_id);
    if (answer !== undefined && delta) this.#events.push({ type: 'text', answer: answer.id, text: delta });
  }

  #onItem({ response_id, item }: ServerEvent): void {
    const answer = this.#wanted(response_id);
    if (answer === undefined || item?.type !== 'function_call') return;
    const { call_id: callId, name } = item;
    if (!callId || !name) return this.#events.fail(protocolError('The provider called a function without a name'));
    answer.called(callId);
    this.#events.push({ type: 'tool-call', answer: answer.id, call: callOf(callId, name, item.arguments) });
  }

  #onDone({ response }: ServerEvent): void {
    const done = this.#working;
    if (done === undefined || response === undefined || response.id !== done.responseId) return;
    this.#working = undefined;
    done.isRunning = false;
    const { usage, status, status_details: details } = response;
    if (usage) {
      const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = usage;
      this.#events.push({ type: 'usage', inputTokens, outputTokens });
    }
    if (done === this.#answer) {
      if (status === 'failed') return this.#events.fail(realtimeError(details?.error ?? {}, this.#key));
      const awaits = done.awaitsTools ? 'tools' : 'nothing';
      this.#events.push({ type: 'answer-done', answer: done.id, awaits });
      this.#goOn(done);
    }
    this.#askNext();
  }

  #askNext(): void {
    const next = this.#next;
    if (next === undefined || this.#working !== undefined) return;
    this.#next = undefined;
    this.#request(next.answer, next.request);
  }

  #onCommitted(itemId: string | undefined): void {
    const turn = this.#committed.shift();
    if (turn !== undefined && itemId !== undefined) this.#turns.set(itemId, { turn, text: '' });
  }

  #onHeard(itemId: string | undefined, delta: string): void {
    const heard = this.#turns.get(itemId ?? '');
    if (heard === undefined || delta === '') return;
    heard.text += delta;
    this.#events.push({ type: 'caller-text', turn: heard.turn, text: heard.text.trim(), final: false });
  }

  #onUnderstood(itemId: string | undefined, transcript: string | undefined): void {
    const heard = this.#turns.get(itemId ?? '');
    if (heard === undefined) return;
    this.#turns.delete(itemId ?? '');
    const text = (transcript ?? heard.text).trim();
    this.#events.push({ type: 'caller-text', turn: heard.turn, text, final: true });
  }

  #onError(error: VendorError): void {
    const about = error.event_id ?? '';
    const isOurAnswer = this.#working !== undefined && about === answerEvent(this.#working.id);
    if (!isAboutOneMessage(error) || about === SETUP_EVENT || isOurAnswer) {
      return this.#events.fail(realtimeError(error, this.#key));
    }
    const turn = this.#committed.find((one) => about === turnEvent(one));
    // A turn that the vendor does not take (too short, say) is one that nobody understood.
    if (turn !== undefined) {
      this.#committed.splice(this.#committed.indexOf(turn), 1);
      this.#events.push({ type: 'caller-text', turn, text: '', final: true });
    }
    this.#parts.logger.debug({ code: error.code, about }, 'the provider did not take one message');
  }

  get #key() {
    return this.#parts.credential.apiKey;
  }
}

function parse(text: string): ServerEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
