import { dbfs, rms } from '@rapida/audio';

/** Nothing softer is speech, however quiet the line. */
const LEVEL_DBFS_MIN = -55;
/** How far speech must rise above the noise. */
const ABOVE_FLOOR_DB = 6;
/** The floor follows a softer frame at once and a louder one by 2.5 dB per second. */
const FLOOR_RISE_DB_PER_FRAME = 0.05;
const FLOOR_DBFS_MIN = -70;

/**
 * Opens for frames that stand out from the noise of the line. WebRTC's detection alone calls the first 80 ms of any
 * noise voiced, and 80 ms from each click on.
 */
export class LevelGate {
  #floorDbfs: number | undefined;

  push(samples: Int16Array): boolean {
    const levelDbfs = Math.max(dbfs(rms(samples)), FLOOR_DBFS_MIN);
    const floorDbfs = Math.min(levelDbfs, (this.#floorDbfs ?? levelDbfs) + FLOOR_RISE_DB_PER_FRAME);
    this.#floorDbfs = floorDbfs;
    return levelDbfs >= Math.max(LEVEL_DBFS_MIN, floorDbfs + ABOVE_FLOOR_DB);
  }
}
