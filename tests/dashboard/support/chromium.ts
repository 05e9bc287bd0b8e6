import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { must, run } from '../../interop/command.js';

/** Debian's own: nothing is downloaded that the system does not know. */
const CHROMIUM = '/usr/bin/chromium';
const INSTALL_MS_MAX = 15 * 60_000;

/** Rejects with one line that says what to do where it cannot be installed. */
export async function installChromium(print: (line: string) => void): Promise<void> {
  if (existsSync(CHROMIUM)) return;
  if (process.getuid?.() !== 0 || (await run('apt-get', ['--version'])).code !== 0) {
    throw new Error(`the dashboard cannot be tested without ${CHROMIUM}; on Debian: apt-get install chromium`);
  }
  print('installing chromium ...');
  const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  if ((await run('apt-get', install, INSTALL_MS_MAX)).code === 0) return;
  await must('apt-get', ['update'], INSTALL_MS_MAX);
  await must('apt-get', install, INSTALL_MS_MAX);
}

/** `microphone`: a WAV file that it hears once; without, one that hums. Nobody is asked whether the page may hear it. */
export function launchChromium(microphone?: string): Promise<Browser> {
  const heard = microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}%noloop`];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...heard],
  });
}
