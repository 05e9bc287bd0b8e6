import type { Peer } from '@rapida/stores';
import type { LoadedSettings, Ports } from '../config.js';
import type { DialplanValues } from '../dialplan.js';
import type { MetricSnapshot } from '../telemetry.js';

/** What a worker is told when it is to start. */
export interface WorkerPlace {
  readonly nodeId: string;
  /** Nodes of a former life of this installation that will not come again: it ends their calls. */
  readonly formerNodeIds: readonly string[];
  /** As the primary process read them: a file that has changed since is for the next start of all. */
  readonly settings: LoadedSettings;
  /** Where the primary process listens for all. */
  readonly ports: Ports;
}

export interface WorkerStarted {
  /** On the first start of an empty folder: what to put into Asterisk. */
  readonly firstStart: DialplanValues | undefined;
  /** Where the password of the dashboard can be set; undefined where another worker, or another start, told it. */
  readonly setUpLink: string | undefined;
}

export type Stop = 'drain' | 'now';

/** A worker opens its stores, and may have to wait until another one has closed the calls of its former life. */
const START_MS_MAX = 120_000;
/** Its calls have been silent for so long that nobody is on the line any more. */
export const SILENT_MS_MAX = 10_000;
const METRICS_MS_MAX = 2_000;

const WORKER = 'worker';
const PRIMARY = 'primary';

/** What the primary process asks a worker. */
export interface WorkerControl {
  /** Fails as a server does that cannot start. */
  start(place: WorkerPlace): Promise<WorkerStarted>;
  /** Its metrics that only grow; fails where the worker does not answer. */
  totals(): Promise<MetricSnapshot>;
  metrics(): Promise<MetricSnapshot>;
  stop(how: Stop): void;
}

export function controlOf(peer: Peer): WorkerControl {
  return {
    start: (place) => peer.ask(WORKER, 'start', [place], START_MS_MAX) as Promise<WorkerStarted>,
    totals: () => peer.ask(WORKER, 'totals', [], SILENT_MS_MAX) as Promise<MetricSnapshot>,
    metrics: () => peer.ask(WORKER, 'metrics', [], METRICS_MS_MAX) as Promise<MetricSnapshot>,
    stop: (how) => peer.tell(WORKER, 'stop', [how]),
  };
}

export function serveControl(peer: Peer, control: WorkerControl): void {
  peer.serve(WORKER, { ...control });
}

/** What a worker asks and tells the primary process, beside its stores. */
export interface PrimaryControl {
  /** Prometheus text of all workers. */
  metricsText(): Promise<string>;
  /** A connection that it was given is there. */
  took(id: number): void;
  /** It is closed. */
  left(id: number): void;
  holds(calls: number): void;
}

export function primaryOf(peer: Peer): PrimaryControl {
  return {
    metricsText: () => peer.ask(PRIMARY, 'metricsText', []) as Promise<string>,
    took: (id) => peer.tell(PRIMARY, 'took', [id]),
    left: (id) => peer.tell(PRIMARY, 'left', [id]),
    holds: (calls) => peer.tell(PRIMARY, 'holds', [calls]),
  };
}

export function servePrimary(peer: Peer, primary: PrimaryControl): void {
  peer.serve(PRIMARY, { ...primary });
}
