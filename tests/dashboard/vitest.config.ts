import { defineConfig } from 'vitest/config';

/** For `npm run test:dashboard`: they need a browser, so `npm test` does not run them. */
export default defineConfig({
  resolve: { conditions: ['rapida-source'] },
  ssr: { resolve: { conditions: ['rapida-source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['tests/dashboard/**/*.run.ts'],
    pool: 'forks',
    // Each file has a server with its voices and a browser: two at once are enough for two cores.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
