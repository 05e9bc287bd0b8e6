import {
  EventQueue,
  type JsonObject,
  linkedAbort,
  RATE_HZ,
  type RapidaError,
  type RealtimeEvent,
  type RealtimeOf,
  type RealtimeOptions,
  type RealtimeSession,
  type ToolCall,
} from '@rapida/core';
import type { CreateRealtimeModel, VendorParts } from '../vendor.js';
import { reachOf, socketUrl } from '../wire/reach.js';
import { RealtimeOutbox } from '../wire/realtime-outbox.js';
import { RealtimeDecoder, RealtimeEncoder } from '../wire/realtime-sound.js';
import { protocolError } from '../wire/vendor-errors.js';
import { openVendorSocket, type VendorSocket } from '../wire/vendor-socket.js';
import { LiveAnswers } from './live-answers.js';
import { liveFailure } from './live-errors.js';
import {
  ACTIVITY_END,
  ACTIVITY_START,
  clientContent,
  contentOf,
  LIVE_PATH,
  type LiveMessage,
  realtimeAudio,
  realtimeText,
  sayText,
  setupMessage,
  type Transcription,
  toolResponse,
  turnOf,
} from './live-messages.js';

/**
 * The Gemini Live API, `BidiGenerateContent` over WebSocket (ai.google.dev/api/live and /gemini-api/docs/live-guide, /live-session,
 * as of November 2026; the page of gemini-3.8-live for calls that block and for text inside a session). Its activity detection is off.
 *
 * A connection lives some ten minutes: `goAway` announces its end. The session then goes on over another connection, as soon as
 * nobody speaks; a connection that ends in the middle of something is a failure.
 */
export const createRealtimeModel: CreateRealtimeModel<'google'> = (parts, config) => ({
  provider: 'google',
  open: (options, signal) => new LiveSession(parts, config, options, signal),
});

const GOOGLE_BASE_URL = 'https://generativelanguage.googleapis.com';

/** What the model says comes with this rate. */
const SPOKEN_HZ = 24_000;

class LiveSession implements RealtimeSession {
  readonly #parts: VendorParts<'google'>;
  readonly #config: RealtimeOf<'google'>;
  readonly #options: RealtimeOptions;
  readonly #events: EventQueue<RealtimeEvent>;
  readonly #outbox: RealtimeOutbox;
  readonly #encoder = new RealtimeEncoder({ kind: 'pcm', rateHz: RATE_HZ });
  readonly #decoder = new RealtimeDecoder({ kind: 'pcm', rateHz: SPOKEN_HZ });
  readonly #answers = new LiveAnswers();
  #socket: VendorSocket | undefined;
  #openTurn: number | undefined;
  /** What was told and goes with the next request. */
  readonly #told: string[] = [];
  /** The turn whose words are coming. */
  #heard: { readonly turn: number; text: string } | undefined;
  #handle: string | undefined;
  /** The connection is about to end. */
  #isLeaving = false;

  constructor(
    parts: VendorParts<'google'>,
    config: RealtimeOf<'google'>,
    options: RealtimeOptions,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#config = config;
    this.#options = options;
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
    else this.#connect();
  }

  beginTurn(turn: number): void {
    if (this.#events.ended || this.#openTurn !== undefined) return;
    this.#openTurn = turn;
    this.#understood();
    this.#heard = { turn, text: '' };
    this.#outbox.word(ACTIVITY_START);
  }

  write({ samples }: { readonly samples: Int16Array }): void {
    if (this.#events.ended || this.#openTurn === undefined) return;
    this.#outbox.sound(realtimeAudio(this.#encoder.encode(samples)));
  }

  tell(text: string): void {
    if (!this.#events.ended) this.#told.push(text);
  }

  remember(text: string): void {
    if (!this.#events.ended) this.#outbox.word(clientContent([turnOf('model', text)], false));
  }

  answer(answer: number): void {
    if (this.#events.ended) return;
    const told = this.#told.splice(0);
    this.#answers.ask(answer, this.#openTurn);
    this.#decoder.reset();
    if (this.#openTurn === undefined) {
      this.#outbox.word(
        clientContent(
          told.map((text) => turnOf('user', text)),
          true,
        ),
      );
      return;
    }
    this.#openTurn = undefined;
    for (const text of told) this.#outbox.word(realtimeText(text));
    this.#outbox.word(ACTIVITY_END);
  }

  say(answer: number, text: string): void {
    if (this.#events.ended) return;
    this.#answers.ask(answer, undefined);
    this.#decoder.reset();
    this.#outbox.word(clientContent([turnOf('user', sayText(text))], true));
  }

  toolResult(answer: number, call: ToolCall, result: string): void {
    const asked = this.#answers.find(answer);
    if (this.#events.ended || asked === undefined || !asked.openCalls.delete(call.id)) return;
    asked.results.push({ id: call.id, name: call.name, result });
    if (asked.openCalls.size === 0) this.#outbox.word(toolResponse(asked.results.splice(0)));
  }

  /**
   * The vendor cannot be told how much was heard. It stops, and keeps what it had said by then, when the caller's next turn begins
   * or the next text is sent: both interrupt it.
   */
  truncate(answer: number, _playedMs: number): void {
    if (this.#events.ended) return;
    this.#answers.stop(answer);
    this.#events.forget((event) => 'answer' in event && event.answer === answer);
  }

  close(): void {
    this.#events.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<RealtimeEvent> {
    return this.#events[Symbol.asyncIterator]();
  }

  #connect(): void {
    const { clock, credential, timeouts } = this.#parts;
    const { baseUrl, apiKey } = reachOf(credential, GOOGLE_BASE_URL, this.#config.baseUrl);
    // Where the address of the other interface is configured, with its version.
    const url = `${socketUrl(baseUrl.replace(/\/v1(alpha|beta)?$/, ''))}${LIVE_PATH}`;
    const headers = (): Record<string, string> => (apiKey === undefined ? {} : { 'x-goog-api-key': apiKey.reveal() });
    const openMs = timeouts?.answerMs;
    this.#isLeaving = false;
    const socket = openVendorSocket(
      { clock, url, headers, ...(openMs !== undefined && { openMs }) },
      {
        onOpen: () => void socket.send(JSON.stringify(setupMessage(this.#config, this.#options, this.#handle))),
        onText: (text) => this.#onMessage(socket, text),
        // The vendor writes its JSON as binary messages.
        onBytes: (bytes) => this.#onMessage(socket, bytes.toString('utf8')),
        onClosed: (failure, code) => this.#onClosed(failure, code),
      },
    );
    this.#socket = socket;
  }

  #onMessage(socket: VendorSocket, text: string): void {
    const message = parse(text);
    if (socket !== this.#socket) return;
    if (message === undefined) return this.#events.fail(protocolError('The provider sent what is not JSON'));
    if (message.setupComplete !== undefined) this.#onReady(socket);
    this.#onUsage(message);
    if (message.serverContent !== undefined) this.#onContent(message.serverContent);
    for (const call of message.toolCall?.functionCalls ?? []) this.#onCall(call);
    if (message.toolCall !== undefined) this.#onCalled();
    for (const id of message.toolCallCancellation?.ids ?? []) this.#answers.current?.openCalls.delete(id);
    const { newHandle, resumable } = message.sessionResumptionUpdate ?? {};
    if (resumable === true && newHandle) this.#handle = newHandle;
    if (message.goAway !== undefined) this.#isLeaving = true;
    this.#moveOn();
  }

  #onReady(socket: VendorSocket): void {
    const history = this.#handle === undefined ? contentOf(this.#options.history) : [];
    if (history.length > 0) socket.send(JSON.stringify(clientContent(history, false)));
    this.#outbox.open(socket);
  }

  #onContent(content: NonNullable<LiveMessage['serverContent']>): void {
    this.#onHeard(content.inputTranscription);
    for (const { inlineData } of content.modelTurn?.parts ?? []) {
      if (inlineData?.data && inlineData.mimeType?.startsWith('audio/pcm') !== false) this.#onSound(inlineData.data);
    }
    const text = content.outputTranscription?.text;
    if (text) {
      const answer = this.#answers.begun();
      if (answer?.isWanted === true) this.#events.push({ type: 'text', answer: answer.id, text });
    }
    const closed = this.#answers.close({
      interrupted: content.interrupted === true,
      turnComplete: content.turnComplete === true,
    });
    if (closed === undefined) return;
    if (closed.turn !== undefined && closed.turn === this.#heard?.turn) this.#understood();
    if (closed.isWanted) this.#events.push({ type: 'answer-done', answer: closed.id, awaits: 'nothing' });
  }

  #onSound(base64: string): void {
    const answer = this.#answers.begun();
    if (answer?.isWanted !== true) return;
    const samples = this.#decoder.decode(base64);
    if (samples.length > 0) this.#events.push({ type: 'audio', answer: answer.id, samples });
  }

  #onCall({ id, name, args }: { readonly id?: string; readonly name?: string; readonly args?: unknown }): void {
    const answer = this.#answers.begun();
    if (answer?.isWanted !== true) return;
    if (!id || !name) return this.#events.fail(protocolError('The provider called a function without a name'));
    answer.openCalls.add(id);
    const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
    const call: ToolCall = { id, name, args: isObject ? (args as JsonObject) : {} };
    this.#events.push({ type: 'tool-call', answer: answer.id, call });
  }

  #onCalled(): void {
    const answer = this.#answers.current;
    if (answer?.isWanted !== true || answer.openCalls.size === 0) return;
    this.#events.push({ type: 'answer-done', answer: answer.id, awaits: 'tools' });
  }

  #onHeard(transcription: Transcription | undefined): void {
    const heard = this.#heard;
    if (heard === undefined || transcription === undefined) return;
    if (transcription.text) {
      heard.text += transcription.text;
      this.#events.push({ type: 'caller-text', turn: heard.turn, text: heard.text.trim(), final: false });
    }
    if (transcription.finished === true && this.#openTurn === undefined) this.#understood();
  }

  /** No more words come for the turn. The vendor does not say so: the end of the answer does, or the next turn. */
  #understood(): void {
    const heard = this.#heard;
    if (heard === undefined) return;
    this.#heard = undefined;
    this.#events.push({ type: 'caller-text', turn: heard.turn, text: heard.text.trim(), final: true });
  }

  #onUsage({ usageMetadata }: LiveMessage): void {
    if (usageMetadata === undefined) return;
    const { promptTokenCount: inputTokens = 0, responseTokenCount: outputTokens = 0 } = usageMetadata;
    this.#events.push({ type: 'usage', inputTokens, outputTokens });
  }

  /** Takes the session to another connection, where this one is about to end and nobody speaks. */
  #moveOn(): void {
    if (!this.#isLeaving || this.#handle === undefined || this.#events.ended) return;
    if (!this.#answers.isIdle || this.#openTurn !== undefined) return;
    this.#outbox.shut();
    const leaving = this.#socket;
    this.#connect();
    leaving?.close();
  }

  #onClosed(failure: RapidaError, code: number | undefined): void {
    this.#events.fail(liveFailure(failure, code));
  }
}

function parse(text: string): LiveMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
