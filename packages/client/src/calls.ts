import { type LiveEvent, type StreamFilter, streamOf } from './call-stream.js';
import { type FollowOptions, followCall } from './follow-call.js';
import type { Http } from './http.js';
import { type HeardOfCall, listenTo } from './listen.js';
import { eachOf, inPath, pageOf, type RequestOptions } from './pages.js';
import { type NewCall, newIdempotencyKey, type PlaceOptions, toPhoneCall } from './phone-call.js';
import { Recording } from './recording.js';
import type { Call, CallEvent, CallFilter, CallMetric, Page, PlacedCall, TranscriptTurn, Waveform } from './schemas.js';

const PATH = '/v1/calls';

/** What a dialplan tells of a call that comes in. */
export interface InboundCall {
  readonly assistantId: string;
  readonly from: string;
  readonly to?: string;
  readonly channelId?: string;
}

/** Telephone calls, in and out. Needs scope `calls`. Of an id that is not known: `call_not_found`. */
export class Calls {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Takes a call into the queue, to be placed at once or when it says. Resolves before anybody is dialled: {@link follow} it.
   * Fails with `number_invalid`, `caller_id_invalid`, `assistant_not_found`, `deployment_incomplete` (it has no credential),
   * `deployment_disabled`, `queue_full`, `draining`, `idempotency_conflict` (the key was used for another order).
   */
  async create(call: NewCall, options: PlaceOptions = {}): Promise<PlacedCall> {
    return this.#place<PlacedCall>('/v1/talk/create-phone-call', toPhoneCall(call), options);
  }

  /** 1 to 1,000 of them, all or none, in their order; at most 4 MiB. Errors name the call by its place, and `bulk_invalid` the number. */
  async createMany(calls: readonly NewCall[], options: PlaceOptions = {}): Promise<readonly PlacedCall[]> {
    const body = { phoneCalls: calls.map(toPhoneCall) };
    return this.#place<readonly PlacedCall[]>('/v1/talk/create-bulk-phone-call', body, options);
  }

  /** One page, newest first. */
  list(filter: CallFilter = {}, options: RequestOptions = {}): Promise<Page<Call>> {
    return pageOf(this.#http, PATH, filter, options);
  }

  /** All that the filter names, newest first; a page of `limit` (here 200) is fetched when the one before is used up. */
  each(filter: CallFilter = {}, options: RequestOptions = {}): AsyncGenerator<Call, void, undefined> {
    return eachOf(this.#http, PATH, filter, options);
  }

  get(id: string, { signal }: RequestOptions = {}): Promise<Call> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}`, { signal });
  }

  /** What happened so far, in order. */
  events(id: string, options: RequestOptions = {}): Promise<readonly CallEvent[]> {
    return this.#details(id, 'events', options);
  }

  /** What was heard so far, in order. */
  transcript(id: string, options: RequestOptions = {}): Promise<readonly TranscriptTurn[]> {
    return this.#details(id, 'transcript', options);
  }

  /** Figures; most are there when the call has ended. */
  metrics(id: string, options: RequestOptions = {}): Promise<readonly CallMetric[]> {
    return this.#details(id, 'metrics', options);
  }

  /** Of a call that runs: as far as it was written. Fails with `recording_not_found` where none was made. */
  async recording(id: string, { signal }: RequestOptions = {}): Promise<Recording> {
    const answer = await this.#http.open('GET', `${PATH}/${inPath(id)}/recording`, { signal });
    return new Recording(this.#http, answer, signal);
  }

  /** How loud a recording is, in 1 to 4,000 points a side, 1,000 where none are named. Fails with `recording_not_found`. */
  waveform(
    id: string,
    { points }: { readonly points?: number } = {},
    { signal }: RequestOptions = {},
  ): Promise<Waveform> {
    return this.#http.json('GET', `${PATH}/${inPath(id)}/waveform`, { query: { points }, signal });
  }

  /**
   * The sound of a live call while it is spoken, whichever node holds it: the caller left, the assistant right. Ends with the call; leaving
   * the loop ends it before. What is not taken for 10 s is dropped, which is told. Fails with `call_not_found`, `call_ended`,
   * `call_not_live`, and with `unreachable` whatever else refuses it.
   */
  listen(id: string, options: RequestOptions = {}): AsyncGenerator<HeardOfCall, void, undefined> {
    return listenTo(this.#http, id, options);
  }

  /**
   * Ends a live call after what is being said, and drops what waits to be said; cancels one that waits or is being dialled. Resolves
   * when it was told so: the call ends a moment later. Fails with `call_ended`, `call_not_live`.
   */
  hangup(id: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('POST', `${PATH}/${inPath(id)}/hangup`, { signal });
  }

  /**
   * Says a text of 1 to 2,000 characters into a live call, as soon as nobody speaks. Resolves before it was said: the transcript
   * has it afterwards. Fails with `call_ended`, `call_not_live`.
   */
  say(id: string, text: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('POST', `${PATH}/${inPath(id)}/say`, { body: { text }, signal });
  }

  /**
   * Hands a live call to `context,exten,priority` of the dialplan after what is being said. Resolves when it was told so: the
   * events `call.transferred` and `call.transfer_failed` say what became of it. Fails with `transfer_not_allowed` where the target is not on the list of the deployment, `call_ended`, `call_not_live`.
   */
  transfer(id: string, target: string, { signal }: RequestOptions = {}): Promise<void> {
    return this.#http.done('POST', `${PATH}/${inPath(id)}/transfer`, { body: { target }, signal });
  }

  /**
   * The call as it is, and again at each change of its state, to its end. Looks every `pollMs`; a server that is away or busy is
   * asked 20 more times in a row. States between two looks are missed: {@link stream} has all of them.
   */
  follow(id: string, options: FollowOptions = {}): AsyncGenerator<Call, void, undefined> {
    return followCall(this.#http, id, options);
  }

  /** The call when it has ended, however long that takes: give a signal to wait no longer than you like. */
  async waitUntilEnded(id: string, options: FollowOptions = {}): Promise<Call> {
    let last: Call | undefined;
    for await (const call of this.follow(id, options)) last = call;
    // `follow` ends with the call in its final state; it throws otherwise.
    return last as Call;
  }

  /**
   * What happens as it happens: stored events, states, words as they are spoken, turns. With `callId` it begins with the stored
   * events and ends with the call; without, it goes on until the loop is left or the signal aborts.
   *
   * A connection that is lost, closed by the server or silent for 45 s is made anew, after 0.25 to 15 s. Of one call no stored
   * event is then missed and none told twice; what is only told may be missed, and of all calls everything in between. 25
   * connections in a row that bring nothing end it with the error of the last. While the consumer is busy the server is held back.
   * Fails with `call_not_found`, and with `too_many_streams` where they stay too many.
   */
  stream(filter: StreamFilter = {}, options: RequestOptions = {}): AsyncGenerator<LiveEvent, void, undefined> {
    return streamOf(this.#http, filter, options);
  }

  /**
   * Registers a call that comes in, as a dialplan does, and resolves with its context id, which is valid for one media connection
   * within five minutes. Scope `inbound` is enough. Not repeated: each request registers a call.
   */
  register({ assistantId, from, to, channelId }: InboundCall, { signal }: RequestOptions = {}): Promise<string> {
    const query = { from, to, channel_id: channelId };
    return this.#http.text('POST', `/v1/talk/asterisk/call/${inPath(assistantId)}`, { query, signal });
  }

  async #place<T>(path: string, body: object, { idempotencyKey, signal }: PlaceOptions): Promise<T> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    const { data } = await this.#http.json<{ data: T }>('POST', path, { body, headers, repeat: 'safe', signal });
    return data;
  }

  /** Lists of one call have one page. */
  async #details<T>(id: string, what: string, { signal }: RequestOptions): Promise<readonly T[]> {
    const { data } = await this.#http.json<Page<T>>('GET', `${PATH}/${inPath(id)}/${what}`, { signal });
    return data;
  }
}
