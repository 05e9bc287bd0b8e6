import { postgresql } from './postgresql.js';
import type { RealPart, RunningPart } from './real-part.js';
import { redis } from './redis.js';

const PARTS: readonly RealPart[] = [postgresql, redis];

/** Once for a whole run: tests find the address of each part in its setting, wherever it comes from. */
export default async function start(): Promise<() => Promise<void>> {
  const running: RunningPart[] = [];
  const stop = async () => {
    await Promise.all(running.map((part) => part.stop()));
  };
  try {
    for (const part of PARTS) {
      if (process.env[part.setting]) continue;
      const started = await part.start();
      running.push(started);
      process.env[part.setting] = started.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
