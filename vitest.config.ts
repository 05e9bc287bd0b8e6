import { defineConfig } from 'vitest/config';
import { FROM_SOURCES } from './tests/support/from-sources.js';

export default defineConfig({
  ...FROM_SOURCES,
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['tests/support/real-parts/setup.ts'],
    setupFiles: ['tools/fixed-seed.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    passWithNoTests: false,
  },
});
