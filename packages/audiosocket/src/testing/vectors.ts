import { readdirSync, readFileSync } from 'node:fs';

export interface Vector {
  readonly file: string;
  readonly title: string;
  readonly run: string;
  readonly payloadBytesMax: number;
  readonly input: Uint8Array;
  readonly log: readonly string[];
}

const FOLDER = new URL('../../vectors/', import.meta.url);
const SECTION =
  /^## (?<title>.+)$[\s\S]*?^<!-- run: (?<run>\w+)(?: payloadBytesMax=(?<max>\d+))? -->$\n```hex\n(?<hex>[\s\S]*?)```\n```log\n(?<log>[\s\S]*?)```$/gm;

/** Every section of every Markdown file of vectors. Throws when a section is not written as the runner expects. */
export function readVectors(): Vector[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      const vectors = [...text.matchAll(SECTION)].map((match) => toVector(file, match.groups ?? {}));
      if (vectors.length !== text.split(/^## /m).length - 1) throw new Error(`${file} has a section without a vector`);
      return vectors;
    });
}

function toVector(file: string, groups: Record<string, string | undefined>): Vector {
  const digits = (groups.hex ?? '').replaceAll(/;.*$/gm, '').replaceAll(/\s/g, '');
  return {
    file,
    title: groups.title ?? '',
    run: groups.run ?? '',
    payloadBytesMax: Number(groups.max ?? 65_535),
    input: new Uint8Array(Buffer.from(digits, 'hex')),
    log: (groups.log ?? '').trim().split('\n'),
  };
}

/** The input as one piece, and in pieces of 1, 2, 3 ... bytes. */
export function chunkings(input: Uint8Array): Uint8Array[][] {
  return Array.from({ length: Math.max(1, input.byteLength) }, (_, index) => chunksOf(input, index + 1));
}

export function chunksOf(input: Uint8Array, bytes: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let offset = 0; offset < input.byteLength; offset += bytes) chunks.push(input.slice(offset, offset + bytes));
  return chunks;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
}
