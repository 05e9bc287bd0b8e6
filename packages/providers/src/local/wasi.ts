import { type WasmMemory, type WasmModule, wasm } from './wasm.js';

/** How a WASI command ended, and what it wrote. */
export interface WasiOutcome {
  readonly exitCode: number;
  /** The one file it wrote. A view of a buffer that belongs to the receiver. */
  readonly file: Uint8Array<ArrayBuffer>;
}

export class WasiLimitError extends Error {
  override readonly name = 'WasiLimitError';
}

class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

const BAD_DESCRIPTOR = 8;
const INVALID = 28;
const ROOT = 3;
const FILE = 4;

/**
 * Runs a WASI (snapshot preview 1) command once, in a fresh instance, with just as much of a system as a program needs
 * that turns arguments into one file: arguments, a clock that stands still, one root folder, and whatever it opens is
 * the file it writes. What it prints is dropped. WasiLimitError when the file would exceed `fileBytesMax`.
 */
export function runWasiCommand(
  module: WasmModule,
  args: readonly string[],
  { fileBytesMax }: { fileBytesMax: number },
): WasiOutcome {
  const file = new MemoryFile(fileBytesMax);
  const memory: { current: WasmMemory | undefined } = { current: undefined };
  const bytes = () => new Uint8Array((memory.current as WasmMemory).buffer);
  const imports = { ...argumentCalls(bytes, args), ...fileCalls(bytes, file) };
  const instance = new wasm.Instance(module, { wasi_snapshot_preview1: imports });
  memory.current = instance.exports.memory as WasmMemory;
  try {
    (instance.exports._start as () => void)();
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    return { exitCode: thrown.exitCode, file: file.bytes() };
  }
  return { exitCode: 0, file: file.bytes() };
}

/** Grows by doubling; writing goes on at a position that can be moved, as a WAV header is written last. */
class MemoryFile {
  readonly #bytesMax: number;
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;
  #position = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  write(part: Uint8Array): void {
    const end = this.#position + part.length;
    if (end > this.#bytesMax) throw new WasiLimitError(`the command writes more than ${this.#bytesMax} bytes`);
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(part, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
  }

  /** From the start, the position or the end, as `whence` of WASI counts them. Undefined when out of range. */
  seek(offset: number, whence: number): number | undefined {
    const base = [0, this.#position, this.#length][whence];
    const position = base === undefined ? -1 : base + offset;
    if (position < 0 || position > this.#bytesMax) return undefined;
    this.#position = position;
    return position;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

// Views are made anew for each call because growing the memory detaches the old ones.
function argumentCalls(bytes: () => Uint8Array, args: readonly string[]) {
  const view = () => new DataView(bytes().buffer);
  const encoded = args.map((arg) => new TextEncoder().encode(`${arg.replaceAll('\0', ' ')}\0`));
  return {
    args_sizes_get(countAt: number, bytesAt: number): number {
      view().setUint32(countAt, encoded.length, true);
      const total = encoded.reduce((sum, arg) => sum + arg.length, 0);
      view().setUint32(bytesAt, total, true);
      return 0;
    },
    args_get(pointersAt: number, stringsAt: number): number {
      let at = stringsAt;
      for (const [index, arg] of encoded.entries()) {
        view().setUint32(pointersAt + 4 * index, at, true);
        bytes().set(arg, at);
        at += arg.length;
      }
      return 0;
    },
    clock_time_get(_clock: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, 0n, true);
      return 0;
    },
    proc_exit(exitCode: number): never {
      throw new Exit(exitCode);
    },
  };
}

function fileCalls(bytes: () => Uint8Array, file: MemoryFile) {
  const view = () => new DataView(bytes().buffer);
  return {
    path_open(...call: (number | bigint)[]): number {
      view().setUint32(call[8] as number, FILE, true);
      return 0;
    },
    fd_write(descriptor: number, partsAt: number, count: number, writtenAt: number): number {
      let written = 0;
      for (let at = partsAt; at < partsAt + 8 * count; at += 8) {
        const start = view().getUint32(at, true);
        const length = view().getUint32(at + 4, true);
        if (descriptor === FILE) file.write(bytes().subarray(start, start + length));
        written += length;
      }
      view().setUint32(writtenAt, written, true);
      return 0;
    },
    fd_seek(descriptor: number, offset: bigint, whence: number, positionAt: number): number {
      const position = descriptor === FILE ? file.seek(Number(offset), whence) : undefined;
      if (position === undefined) return INVALID;
      view().setBigUint64(positionAt, BigInt(position), true);
      return 0;
    },
    fd_read(_descriptor: number, _partsAt: number, _count: number, readAt: number): number {
      view().setUint32(readAt, 0, true);
      return 0;
    },
    fd_fdstat_get(descriptor: number, at: number): number {
      if (descriptor > FILE) return BAD_DESCRIPTOR;
      // Character devices, one folder, one file; all rights.
      view().setUint8(at, descriptor === ROOT ? 3 : descriptor === FILE ? 4 : 2);
      view().setUint16(at + 2, 0, true);
      view().setBigUint64(at + 8, 0xffff_ffffn, true);
      view().setBigUint64(at + 16, 0xffff_ffffn, true);
      return 0;
    },
    fd_prestat_get(descriptor: number, at: number): number {
      if (descriptor !== ROOT) return BAD_DESCRIPTOR;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, 1, true);
      return 0;
    },
    fd_prestat_dir_name(_descriptor: number, at: number): number {
      bytes()[at] = 0x2f;
      return 0;
    },
    fd_fdstat_set_flags: () => 0,
    fd_close: () => 0,
  };
}
