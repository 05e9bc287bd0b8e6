import { writeFile } from 'node:fs/promises';
import { encodeWav } from '@rapida/audio';
import { Voice } from '../../interop/voice.js';

/** As the voice has it. */
const RATE_HZ = 8_000;

/** What is said into a microphone: words, and how long nothing is said (ms). */
export type Spoken = readonly (string | number)[];

/** Writes what a browser's microphone hears from the moment at which it is opened; silence follows. */
export async function writeMicrophone(file: string, spoken: Spoken): Promise<void> {
  const voice = new Voice();
  try {
    const parts: Int16Array[] = [];
    for (const part of spoken) {
      parts.push(typeof part === 'string' ? await voice.say(part) : new Int16Array((part * RATE_HZ) / 1_000));
    }
    const whole = Int16Array.from(parts.flatMap((part) => [...part]));
    await writeFile(file, encodeWav({ rateHz: RATE_HZ, channels: [whole] }));
  } finally {
    await voice.close();
  }
}
