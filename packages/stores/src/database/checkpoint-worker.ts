import { parentPort, workerData } from 'node:worker_threads';
import Libsql from 'libsql';
import type { CheckpointWorkerData, Folded } from './checkpointer.js';

/** Nobody waits for this thread, so it may wait for a lock. Past that it dies, which the other side counts. */
const LOCK_WAIT_MS = 5_000;
/** A log only begins anew when nothing was written while it was folded: tried this often, once it has so many pages. */
const PASSES_MAX = 10;
const LONG_LOG_PAGES = 1_000;

const { file } = workerData as CheckpointWorkerData;
const libsql = new Libsql(file, { timeout: LOCK_WAIT_MS });

parentPort?.on('message', () => parentPort?.postMessage(fold()));

function fold(): Folded {
  let folded = pass();
  for (let passes = 1; passes < PASSES_MAX && folded.log > LONG_LOG_PAGES; passes++) {
    const before = folded.log;
    folded = pass();
    if (folded.log === before) break;
  }
  return folded;
}

/** PASSIVE takes no lock that a writer or a reader would have to wait for. */
function pass(): Folded {
  const [folded] = libsql.pragma('wal_checkpoint(PASSIVE)') as [Folded];
  return folded;
}
