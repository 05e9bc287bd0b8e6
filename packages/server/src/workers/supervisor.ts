import { type Clock, type Logger, RapidaError, type Telemetry, type Timer } from '@rapida/core';
import type { MetricSnapshot } from '../telemetry.js';
import { SILENT_MS_MAX, type Stop, type WorkerControl, type WorkerPlace, type WorkerStarted } from './protocol.js';
import { afterDeath } from './restarts.js';

/** A worker is asked this often whether it is still there. */
export const LOOK_EVERY_MS = 2_000;
/** Beyond what a worker itself takes to stop. */
const STOP_EXTRA_MS = 30_000;
/** How long a worker that is to stop now may take to write the ends of its calls. */
export const STOP_NOW_MS_MAX = 15_000;

/** One life of a worker. */
export interface WorkerProcess {
  readonly control: WorkerControl;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

export interface SupervisorOptions<W extends WorkerProcess> {
  /** One for each worker. */
  readonly nodeIds: readonly string[];
  /** Starts a process; it is told what it is by `start`. */
  readonly spawn: (nodeId: string) => W;
  readonly placeOf: (nodeId: string) => WorkerPlace;
  readonly drainMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly onUp: (worker: W) => void;
  readonly onTotals: (worker: W, totals: MetricSnapshot) => void;
}

interface Seat<W extends WorkerProcess> {
  readonly nodeId: string;
  life: W | undefined;
  /** Undefined while it is not up. */
  upSinceMs: number | undefined;
  deathsInRow: number;
  timer: Timer | undefined;
  isGivenUp: boolean;
}

/** Starts workers, starts again those that die, and stops all of them. */
export class Supervisor<W extends WorkerProcess> {
  /** Resolves when no worker is left and none will be started again, though nobody wanted that. */
  readonly deserted: Promise<void>;
  readonly #options: SupervisorOptions<W>;
  readonly #seats: readonly Seat<W>[];
  #onDeserted: () => void = () => {};
  #stopping = false;

  constructor(options: SupervisorOptions<W>) {
    this.#options = options;
    const fresh = { life: undefined, upSinceMs: undefined, deathsInRow: 0, timer: undefined, isGivenUp: false };
    this.#seats = options.nodeIds.map((nodeId) => ({ ...fresh, nodeId }));
    this.deserted = new Promise((resolve) => {
      this.#onDeserted = resolve;
    });
  }

  /**
   * The first one alone: it makes what an empty store lacks, and its failure is that of all. Then the others. Fails where one of
   * them cannot start; whoever calls stops the rest then.
   */
  async start(): Promise<WorkerStarted> {
    const [first, ...others] = this.#seats;
    if (first === undefined) throw new RapidaError('internal', 'there is no worker to be started');
    const started = await this.#begin(first);
    await Promise.all(others.map((seat) => this.#begin(seat)));
    this.#look();
    return started;
  }

  /** Resolves when all have ended. The second call may only be more urgent. */
  async stop(how: Stop): Promise<void> {
    this.#stopping = true;
    const { clock, drainMs } = this.#options;
    const limitMs = how === 'now' ? STOP_NOW_MS_MAX : drainMs + STOP_EXTRA_MS;
    const lives = this.#seats.flatMap(({ life }) => life ?? []);
    for (const seat of this.#seats) {
      seat.timer?.cancel();
      // One that is just starting has no calls yet.
      if (seat.upSinceMs === undefined) seat.life?.kill();
      else seat.life?.control.stop(how);
    }
    const late = clock.setTimer(limitMs, () => {
      for (const life of lives) life.kill();
    });
    await Promise.all(lives.map(({ ended }) => ended));
    late.cancel();
  }

  async #begin(seat: Seat<W>): Promise<WorkerStarted> {
    const { spawn, placeOf, clock, logger } = this.#options;
    const { nodeId } = seat;
    const life = spawn(nodeId);
    seat.life = life;
    this.#gauge();
    void life.ended.then((how) => this.#ended(seat, life, how));
    const started = await life.control.start(placeOf(nodeId));
    if (this.#stopping) return started;
    seat.upSinceMs = clock.nowMs();
    this.#options.onUp(life);
    logger.info({ worker: nodeId }, 'a worker is up');
    this.#gauge();
    return started;
  }

  #ended(seat: Seat<W>, life: W, how: string): void {
    const { clock, logger, telemetry } = this.#options;
    if (seat.life !== life) return;
    const upMs = seat.upSinceMs === undefined ? 0 : clock.nowMs() - seat.upSinceMs;
    seat.life = undefined;
    seat.upSinceMs = undefined;
    this.#gauge();
    if (this.#stopping) return;
    telemetry.count('rapida_workers_died_total');
    const { inRow, restartMs } = afterDeath(seat.deathsInRow, upMs);
    seat.deathsInRow = inRow;
    logger.error({ worker: seat.nodeId, how, deathsInRow: inRow, restartMs }, 'a worker has died');
    if (restartMs === undefined) return this.#giveUp(seat);
    seat.timer = clock.setTimer(restartMs, () => {
      this.#begin(seat).catch((error: unknown) => {
        logger.error({ err: error, worker: seat.nodeId }, 'a worker could not be started again');
        seat.life?.kill();
      });
    });
  }

  #giveUp(seat: Seat<W>): void {
    seat.isGivenUp = true;
    this.#options.logger.error({ worker: seat.nodeId }, 'a worker dies again and again, and is given up');
    if (this.#seats.every(({ isGivenUp }) => isGivenUp)) this.#onDeserted();
  }

  /** One that does not answer any more is ended: its callers hear nothing, and the others can close its calls. */
  #look(): void {
    const { clock, logger, onTotals } = this.#options;
    clock.setTimer(LOOK_EVERY_MS, () => {
      if (this.#stopping) return;
      for (const { life, upSinceMs, nodeId } of this.#seats) {
        if (life === undefined || upSinceMs === undefined) continue;
        life.control.totals().then(
          (totals) => onTotals(life, totals),
          () => {
            logger.error({ worker: nodeId, silentMs: SILENT_MS_MAX }, 'a worker does not answer, and is ended');
            life.kill();
          },
        );
      }
      this.#look();
    });
  }

  #gauge(): void {
    const up = this.#seats.filter(({ upSinceMs }) => upSinceMs !== undefined).length;
    this.#options.telemetry.gauge('rapida_workers', up, { state: 'up' });
    this.#options.telemetry.gauge('rapida_workers', this.#seats.length - up, { state: 'down' });
  }
}
