import { defineConfig } from 'vitest/config';

/** For `npm run test:examples`: they need other languages, so `npm test` does not run them. */
export default defineConfig({
  resolve: { conditions: ['rapida-source'] },
  ssr: { resolve: { conditions: ['rapida-source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['tests/examples/**/*.run.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
  },
});
