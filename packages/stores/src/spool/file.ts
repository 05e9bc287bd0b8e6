import {
  callOf,
  type EntityId,
  type Logger,
  RapidaError,
  type SpooledWrite,
  type Telemetry,
  type WriteSpool,
} from '@rapida/core';
import { readLines, toLine } from './lines.js';
import { Segments } from './segments.js';

export interface FileSpoolOptions {
  /** Made where it is missing (0700, its files 0600): they have what was said in calls. */
  readonly folder: string;
  /** On the disk, at most. */
  readonly bytesMax: number;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** Turns leave the rest to states, ends and events. */
const SHARE_FOR_TURNS = 0.9;

/** Opens the spool with what a former life of this process has left in it. Fails with `setting_invalid` where the folder cannot be used. */
export async function openFileSpool(options: FileSpoolOptions): Promise<WriteSpool> {
  const { folder } = options;
  try {
    const segments = await Segments.in(folder);
    const spool = new FileSpool(segments, options);
    for await (const text of segments.all()) spool.found(text);
    return spool;
  } catch (error) {
    throw new RapidaError('setting_invalid', `The spool ${folder} cannot be used: ${String(error)}`, { cause: error });
  }
}

interface Unwritten {
  readonly callId: EntityId;
  readonly line: string;
  settled(isSafe: boolean): void;
}

class FileSpool implements WriteSpool {
  readonly #segments: Segments;
  readonly #options: FileSpoolOptions;
  readonly #perCall = new Map<EntityId, number>();
  readonly #unwritten: Unwritten[] = [];
  #unwrittenBytes = 0;
  /** Of the oldest file: what was not removed yet. */
  #reading: SpooledWrite[] = [];
  #entries = 0;
  /** It was said, since a file was last removed. */
  #isFull = false;
  #closed = false;
  /** The files are for one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(segments: Segments, options: FileSpoolOptions) {
    this.#segments = segments;
    this.#options = options;
  }

  get entries(): number {
    return this.#entries;
  }

  /** In a file of a former life. */
  found(text: string): void {
    const { writes, unreadable } = readLines(text);
    for (const { write } of writes) this.#count(callOf(write), 1);
    this.#lost(
      unreadable,
      'unreadable',
      'lines of the spool cannot be read: they were being written when the process ended',
    );
  }

  add(write: SpooledWrite): Promise<boolean> {
    const line = toLine(write);
    const bytes = Buffer.byteLength(line);
    if (this.#closed || !this.#hasRoom(write, bytes)) return Promise.resolve(false);
    const callId = callOf(write.write);
    this.#count(callId, 1);
    this.#unwrittenBytes += bytes;
    return new Promise((settled) => {
      this.#unwritten.push({ callId, line, settled });
      // All that has come until it is its turn goes to the disk at once.
      if (this.#unwritten.length === 1) void this.#inTurn(() => this.#flush());
    });
  }

  holds(callId: EntityId): boolean {
    return this.#perCall.has(callId);
  }

  first(): Promise<SpooledWrite | undefined> {
    const [first] = this.#reading;
    if (first !== undefined) return Promise.resolve(first);
    return this.#inTurn(async () => {
      while (this.#reading.length === 0 && !this.#closed) {
        const text = await this.#segments.oldest();
        if (text === undefined) break;
        this.#reading = readLines(text).writes;
        if (this.#reading.length === 0) await this.#segments.removeOldest();
      }
      return this.#reading[0];
    });
  }

  async removeFirst(): Promise<void> {
    const first = this.#reading.shift();
    if (first === undefined) throw new Error('The spool has not given what is to be removed.');
    if (this.#reading.length === 0) {
      await this.#inTurn(() => this.#segments.removeOldest());
      this.#isFull = false;
    }
    this.#count(callOf(first.write), -1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inTurn(() => this.#segments.close());
  }

  async #flush(): Promise<void> {
    const batch = this.#unwritten.splice(0);
    const text = batch.map(({ line }) => line).join('');
    let isSafe = true;
    try {
      await this.#segments.append(text);
    } catch (error) {
      isSafe = false;
      this.#options.logger.error({ err: error, entries: batch.length }, 'the spool could not be written');
      for (const { callId } of batch) this.#count(callId, -1);
    }
    this.#unwrittenBytes -= Buffer.byteLength(text);
    this.#gauge();
    for (const { settled } of batch) settled(isSafe);
  }

  #hasRoom({ write }: SpooledWrite, bytes: number): boolean {
    const { bytesMax, logger } = this.#options;
    const share = write.operation === 'addTurn' ? SHARE_FOR_TURNS : 1;
    const hasRoom = this.#segments.bytes + this.#unwrittenBytes + bytes <= bytesMax * share;
    if (!hasRoom && !this.#isFull) logger.error({ bytesMax }, 'the spool is full: turns are lost first');
    this.#isFull ||= !hasRoom;
    return hasRoom;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  #count(callId: EntityId, by: 1 | -1): void {
    const left = (this.#perCall.get(callId) ?? 0) + by;
    if (left > 0) this.#perCall.set(callId, left);
    else this.#perCall.delete(callId);
    this.#entries += by;
    this.#gauge();
  }

  #gauge(): void {
    this.#options.telemetry.gauge('rapida_spool_entries', this.#entries);
    this.#options.telemetry.gauge('rapida_spool_bytes', this.#segments.bytes);
  }

  #lost(entries: number, operation: string, message: string): void {
    if (entries === 0) return;
    this.#options.telemetry.count('rapida_spool_lost_total', { operation }, entries);
    this.#options.logger.error({ entries }, message);
  }
}
