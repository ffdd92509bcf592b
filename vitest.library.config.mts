import { defineConfig } from 'vitest/config';

/** The packed package in projects of other people: minutes, not seconds, and package indexes are asked. */
export default defineConfig({
  test: {
    include: ['test/library/**/*.test.ts'],
    globalSetup: ['test/library/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
