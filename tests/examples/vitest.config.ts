import { defineConfig } from 'vitest/config';
import { FROM_SOURCES } from '../support/from-sources.js';

/** For `npm run test:examples`: they need other languages, so `npm test` does not run them. */
export default defineConfig({
  ...FROM_SOURCES,
  test: {
    include: ['tests/examples/**/*.run.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
  },
});
