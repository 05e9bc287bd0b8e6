import { installNeeds } from './needs.js';

/** Before `npm run test:examples`: nothing is skipped, so everything has to be there. */
installNeeds((line) => void process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
