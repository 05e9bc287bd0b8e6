/** Every metric the server exposes on `/metrics`; `docs/metrics.md` is tested against this table both ways. */
interface MetricKind {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Of several workers the highest is told; without it their sum. */
  readonly ofWorkers?: 'max';
}

export const METRICS = {
  rapida_calls_registered_total: { type: 'counter', labels: [], help: 'Calls registered by the webhook' },
  rapida_calls_refused_total: { type: 'counter', labels: ['code'], help: 'Webhook requests refused, by error code' },
  rapida_calls_resumed_total: {
    type: 'counter',
    labels: [],
    help: 'Calls whose conversation goes on here after the node that held them had died',
  },
  rapida_resumes_refused_total: {
    type: 'counter',
    labels: ['code'],
    help: 'Requests to take a call up again that were refused, by error code',
  },
  rapida_calls_ended_total: {
    type: 'counter',
    labels: ['state', 'by'],
    help: 'Calls ended, by final state and by whom',
  },
  rapida_calls_live: { type: 'gauge', labels: [], help: 'Calls with media connected at this moment' },
  rapida_outbound_placed_total: { type: 'counter', labels: [], help: 'Outbound calls taken into the queue' },
  rapida_outbound_refused_total: { type: 'counter', labels: ['code'], help: 'Orders of calls refused, by error code' },
  rapida_outbound_dialed_total: { type: 'counter', labels: ['mode'], help: 'Times Asterisk was asked to dial' },
  rapida_outbound_legs: { type: 'gauge', labels: [], help: 'Calls being dialled or held through ARI at this moment' },
  rapida_ari_links: { type: 'gauge', labels: ['state'], help: 'Event connections to Asterisk: up, down' },
  rapida_ari_failures_total: { type: 'counter', labels: ['kind'], help: 'ARI requests that failed, by kind' },
  rapida_ari_events_lost_total: {
    type: 'counter',
    labels: ['why'],
    help: 'ARI: gap (events missed while disconnected), replaced (another program uses our application)',
  },
  rapida_ari_leftovers_total: {
    type: 'counter',
    labels: ['kind'],
    help: 'Channels and bridges of ours found without a call, and removed',
  },
  rapida_webhook_deliveries_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Attempts to tell a webhook of an event: delivered, failed (tried again), dead (given up)',
  },
  rapida_live_streams: { type: 'gauge', labels: [], help: 'Streams of live events open at this moment' },
  rapida_live_refused_total: {
    type: 'counter',
    labels: ['code'],
    help: 'Streams of live events refused, by error code',
  },
  rapida_live_cut_total: {
    type: 'counter',
    labels: ['why'],
    help: 'Streams of live events cut off: too_slow (did not read), lost (events were missed on the way), stalled (the connection took nothing any more)',
  },
  rapida_live_unsent_total: {
    type: 'counter',
    labels: [],
    help: 'Live events that other nodes were not told, as Redis was away or too slow',
  },
  rapida_node_commands_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Commands to calls that other nodes hold: done, refused, not_here, node_gone; and messages of nodes that were malformed',
  },
  rapida_nodes: {
    type: 'gauge',
    labels: ['state'],
    help: 'Nodes of this installation: up, draining, lost',
    ofWorkers: 'max',
  },
  rapida_node_draining: {
    type: 'gauge',
    labels: [],
    help: 'Whether this node takes no new calls, as it is stopping: 1',
    ofWorkers: 'max',
  },
  rapida_nodes_lost_total: {
    type: 'counter',
    labels: [],
    help: 'Nodes that died, whose calls were closed by this one',
  },
  rapida_workers: {
    type: 'gauge',
    labels: ['state'],
    help: 'Workers of this process: up, down (starting, or about to be)',
  },
  rapida_workers_died_total: {
    type: 'counter',
    labels: [],
    help: 'Workers that ended without having been told to, or had to be ended; each is started again',
  },
  rapida_media_refused_total: {
    type: 'counter',
    labels: ['transport', 'code'],
    help: 'Media connections refused, by reason',
  },
  rapida_media_bad_input_total: {
    type: 'counter',
    labels: ['transport', 'kind'],
    help: 'Messages from Asterisk ignored as malformed, unknown or unexpected',
  },
  rapida_media_frames_in_total: {
    type: 'counter',
    labels: ['transport'],
    help: 'Audio frames received (counted when a call ends)',
  },
  rapida_media_frames_out_total: {
    type: 'counter',
    labels: ['transport'],
    help: 'Audio frames sent (counted when a call ends)',
  },
  rapida_media_frames_dropped_total: {
    type: 'counter',
    labels: ['transport'],
    help: 'Audio frames not sent because Asterisk did not read (counted when a call ends)',
  },
  rapida_playout_late_frames_total: {
    type: 'counter',
    labels: [],
    help: 'Frames sent more than one frame time after they were due',
  },
  rapida_playout_underruns_total: {
    type: 'counter',
    labels: [],
    help: 'Times an utterance ran out of synthesised sound before its end',
  },
  rapida_turns_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Turns of callers: answered, interrupted, rejected, failed',
  },
  rapida_interruptions_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Times the assistant was made to pause: confirmed, resumed',
  },
  rapida_turn_ms: {
    type: 'histogram',
    labels: ['stage'],
    help: 'Latency per turn and stage in ms: stt_latency_ms, eos_latency_ms, tools_ms, llm_ttft_ms, llm_piece_ms, tts_ttfb_ms, response_latency_ms',
  },
  rapida_provider_errors_total: {
    type: 'counter',
    labels: ['kind', 'provider', 'code'],
    help: 'Failures of recognisers, language models and voices',
  },
  rapida_tool_calls_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Calls of tools by models: ok, or the code of the failure',
  },
  rapida_analyses_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Calls analysed after their end: done, or the code of the failure',
  },
  rapida_fillers_total: { type: 'counter', labels: [], help: 'Fillers said because an answer took long' },
  rapida_provider_rests_total: {
    type: 'counter',
    labels: ['kind', 'provider'],
    help: 'Times an engine was left alone after failures in a row, by all calls',
  },
  rapida_provider_fallbacks_total: {
    type: 'counter',
    labels: ['kind', 'provider', 'next'],
    help: 'Times another engine took over inside a turn, by who failed and who took over',
  },
  rapida_audio_dropped_ms_total: {
    type: 'counter',
    labels: ['consumer'],
    help: 'Milliseconds of audio dropped because a consumer (recogniser, recorder) fell behind',
  },
  rapida_http_requests_total: { type: 'counter', labels: ['route', 'status'], help: 'HTTP requests answered' },
  rapida_grpc_requests_total: { type: 'counter', labels: ['method', 'status'], help: 'gRPC requests answered' },
  rapida_spool_entries: {
    type: 'gauge',
    labels: [],
    help: 'What running calls have to write and the store could not take: waits on the disk of this node',
  },
  rapida_spool_bytes: { type: 'gauge', labels: [], help: 'Bytes of the spool on the disk' },
  rapida_spool_replayed_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Writes that had waited in the spool: written, known (written before), overruled (the call had ended), refused',
  },
  rapida_spool_lost_total: {
    type: 'counter',
    labels: ['operation'],
    help: 'Writes of calls that were lost, as neither the store nor the spool took them, and lines of the spool that were unreadable',
  },
  rapida_store_errors_total: { type: 'counter', labels: ['operation'], help: 'Writes to the store that failed' },
  rapida_event_loop_delay_ms: {
    type: 'gauge',
    labels: ['quantile'],
    help: 'Delay of the event loop over the last scrape interval; of several workers the worst',
    ofWorkers: 'max',
  },
} as const satisfies Record<string, MetricKind>;

export type MetricName = keyof typeof METRICS;
type NamesOf<T extends MetricKind['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];
export type Labels = Readonly<Record<string, string>>;

export interface Telemetry {
  count(name: NamesOf<'counter'>, labels?: Labels, by?: number): void;
  gauge(name: NamesOf<'gauge'>, value: number, labels?: Labels): void;
  observe(name: NamesOf<'histogram'>, value: number, labels?: Labels): void;
}

export const silentTelemetry: Telemetry = { count() {}, gauge() {}, observe() {} };

/** The stages of `rapida_turn_ms` and the keys of a turn's metrics in the record of a call, with what each is the time of. */
export const TURN_STAGES = {
  stt_latency_ms: 'End of the sound to its final transcript; part of the next',
  eos_latency_ms: "The caller's last sound to the end of the turn: silence, recognition",
  tools_ms: 'End of the turn to the request that the answer came of, where the model called tools first',
  llm_ttft_ms: 'That request to its first text',
  llm_piece_ms: 'First text to the first piece that can be spoken',
  tts_ttfb_ms: 'That piece to its first sound',
  response_latency_ms: "The caller's last sound to the first sound in answer, be it only a filler",
} as const;
export type TurnStage = keyof typeof TURN_STAGES;
export type TurnMetrics = Readonly<Partial<Record<TurnStage, number>>>;
