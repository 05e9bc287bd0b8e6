import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repairWavHeader, WAV_HEADER_BYTES } from '@rapida/audio';

export interface RepairedRecordings {
  readonly repaired: readonly string[];
  /** Files that are no recordings, or could not be read or written. They are left as they are. */
  readonly failed: readonly { readonly path: string; readonly error: unknown }[];
}

/**
 * Gives recordings whose process was killed their true length, so that every player shows and plays all of them. For
 * start-up, before anything is recorded: looks at every `.wav` in `folder` and below, one at a time, and changes headers
 * only. A missing folder has nothing to repair. Never rejects.
 */
export async function repairRecordings(folder: string): Promise<RepairedRecordings> {
  const repaired: string[] = [];
  const failed: { path: string; error: unknown }[] = [];
  for (const path of await wavFiles(folder, failed)) {
    try {
      if (await repairFile(path)) repaired.push(path);
    } catch (error) {
      failed.push({ path, error });
    }
  }
  return { repaired, failed };
}

async function wavFiles(folder: string, failed: { path: string; error: unknown }[]): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.wav'));
    return files.map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) failed.push({ path: folder, error });
    return [];
  }
}

async function repairFile(path: string): Promise<boolean> {
  const handle = await open(path, 'r+');
  try {
    const header = Buffer.alloc(WAV_HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, WAV_HEADER_BYTES, 0);
    const repaired = repairWavHeader(header.subarray(0, bytesRead), (await handle.stat()).size);
    if (Buffer.compare(header, repaired) === 0) return false;
    await handle.write(repaired, 0, WAV_HEADER_BYTES, 0);
    return true;
  } finally {
    await handle.close();
  }
}
