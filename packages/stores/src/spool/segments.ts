import { chmod, type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file is removed when all of it was given away, and read into memory as a whole. */
export const SEGMENT_BYTES = 1 << 20;

interface Segment {
  readonly path: string;
  bytes: number;
}

interface OpenSegment extends Segment {
  readonly file: FileHandle;
}

/**
 * The spool as files `00000001.jsonl`, `00000002.jsonl`, ... that are only appended to. All of it is asynchronous: the disk is
 * waited for on other threads than the one that carries the sound. One thing at a time; who calls sees to that.
 */
export class Segments {
  readonly #folder: string;
  /** Nothing is appended to these any more. */
  readonly #sealed: Segment[];
  #open: OpenSegment | undefined;
  #lastNumber: number;

  private constructor(folder: string, sealed: Segment[], lastNumber: number) {
    this.#folder = folder;
    this.#sealed = sealed;
    this.#lastNumber = lastNumber;
  }

  /** With what is there; what is written from now on goes into new files: the last one may have been cut off. */
  static async in(folder: string): Promise<Segments> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const names = (await readdir(folder)).filter((name) => /^[0-9]{8}\.jsonl$/.test(name)).sort();
    const sealed: Segment[] = [];
    for (const name of names) {
      const path = join(folder, name);
      sealed.push({ path, bytes: (await stat(path)).size });
    }
    return new Segments(folder, sealed, Number(names.at(-1)?.slice(0, 8) ?? 0));
  }

  get bytes(): number {
    return [...this.#sealed, ...(this.#open === undefined ? [] : [this.#open])].reduce(
      (sum, one) => sum + one.bytes,
      0,
    );
  }

  /** Resolves when it is on the disk. Where it fails nothing of it is left. */
  async append(text: string): Promise<void> {
    const segment = await this.#writable();
    try {
      await segment.file.appendFile(text);
      await segment.file.datasync();
      segment.bytes += Buffer.byteLength(text);
    } catch (error) {
      // Half a line is no beginning for the next one.
      await segment.file.truncate(segment.bytes).catch(() => {});
      await this.#seal();
      throw error;
    }
  }

  /** The oldest file, which is not appended to any more; undefined where there is none. */
  async oldest(): Promise<string | undefined> {
    if (this.#sealed.length === 0) await this.#seal();
    const [oldest] = this.#sealed;
    return oldest && (await readFile(oldest.path, 'utf8'));
  }

  async removeOldest(): Promise<void> {
    const oldest = this.#sealed.shift();
    if (oldest !== undefined) await rm(oldest.path, { force: true });
  }

  /** Every file as it is now, the oldest first. */
  async *all(): AsyncIterable<string> {
    for (const { path } of this.#sealed) yield await readFile(path, 'utf8');
  }

  async close(): Promise<void> {
    await this.#seal();
  }

  async #writable(): Promise<OpenSegment> {
    if (this.#open !== undefined && this.#open.bytes >= SEGMENT_BYTES) await this.#seal();
    if (this.#open !== undefined) return this.#open;
    const path = join(this.#folder, `${String(this.#lastNumber + 1).padStart(8, '0')}.jsonl`);
    const file = await open(path, 'ax', 0o600);
    this.#lastNumber++;
    this.#open = { path, file, bytes: 0 };
    return this.#open;
  }

  async #seal(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    this.#open = undefined;
    this.#sealed.push({ path: segment.path, bytes: segment.bytes });
    await segment.file.close().catch(() => {});
  }
}
