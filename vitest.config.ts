import { defineConfig } from 'vitest/config';

// Tests run from the TypeScript sources: the `rapida-source` export condition of each package points there.
export default defineConfig({
  resolve: { conditions: ['rapida-source'] },
  // Neither `import` nor `default`: Node adds what fits, and would give ES modules to what was asked for with `require`.
  ssr: { resolve: { conditions: ['rapida-source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['tests/support/real-parts/setup.ts'],
    setupFiles: ['tools/fixed-seed.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    passWithNoTests: false,
  },
});
