import { installChromium } from './support/chromium.js';

/** Before `npm run test:dashboard` and `npm run screenshots`. */
installChromium((line) => void process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
